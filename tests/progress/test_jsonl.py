"""Export and import as JSON Lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import attempt, attempts

from grader.content.problem import ContentError
from grader.progress.attempt import Attempt
from grader.progress.jsonl import MAX_PROBLEMS, from_lines, to_lines

GOOD = next(to_lines([attempt(1)])).encode()


@given(st.lists(attempts, max_size=5))
def test_what_is_exported_can_be_imported(many: list[Attempt]) -> None:
    data = "".join(line + "\n" for line in to_lines(many)).encode()
    assert [imported for _, imported in from_lines(data.split(b"\n"), "f")] == many
    assert data.count(b"\n") == len(many)


def test_blank_lines_are_skipped_but_counted() -> None:
    assert [number for number, _ in from_lines([b"", GOOD + b"\r", b"  ", GOOD], "f")] == [2, 4]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"answer"', b'"guess"'),  # unknown kind
        (b'"score":1.0', b'"score":2.0'),  # above max_score
        (b'"score":1.0', b'"score":-1.0'),
        (b'"score":1.0', b'"score":null'),
        (b'"score":1.0', b'"score":NaN'),
        (b'"hints":0', b'"hints":-1'),
        (b'"item":"tiny-q1",', b""),
        (b'"item"', b'"thing"'),
        (b"2026-01-02T03:04:05.678Z", b"yesterday"),
        (b'"id":"0', b'"id":"x'),
        (b'"tiny-q1"', b'"\xff"'),
        (b'"report":null', b'"report":{"tests":[{"id":1}]}'),
        (b'"report":null', b'"report":{"question":1}'),
        (GOOD, b"[1]"),
        (GOOD, b"{"),
        (GOOD, b"[" * 100_000),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(old: bytes, new: bytes) -> None:
    bad = (
        GOOD.replace(old, new, 1)
        if old != b'"answer"'
        else GOOD.replace(b'"kind":"answer"', b'"kind":"guess"')
    )
    assert bad != GOOD
    with pytest.raises(ContentError) as caught:
        from_lines([GOOD, bad], "old.jsonl")
    assert str(caught.value).startswith("old.jsonl:2: not an attempt:")


def test_all_wrong_lines_are_reported_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        from_lines([b"a", GOOD, b"b"], "f")
    assert [problem.line for problem in caught.value.problems] == [1, 3]


def test_a_file_that_is_not_an_export_does_not_flood_the_screen() -> None:
    with pytest.raises(ContentError) as caught:
        from_lines([b"x"] * 5000, "f")
    assert len(caught.value.problems) == MAX_PROBLEMS + 1
    assert "4980 more lines" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"hints":0', b'"hints":1000000000000000000000000000000'),
        (b'"hints":0', b'"hints":10001'),
        (b'"seconds":2.5', b'"seconds":1e300'),
        (b'"score":1.0,"max_score":1.0', b'"score":1e308,"max_score":1e308'),
        (b"2026-01-02", b"9999-12-31"),
        (b"2026-01-02", b"0001-01-01"),
        (b'"tiny-q1"', b'"tiny-q1\\u001b]0;x"'),
        (b'"tiny-q1"', b'"tiny\\u202eq1"'),
    ],
)
def test_numbers_years_and_texts_are_bounded(old: bytes, new: bytes) -> None:
    """Attack 15: hints: 10**30, which SQLite cannot store."""
    assert old in GOOD
    with pytest.raises(ContentError, match=r"^old.jsonl:1: not an attempt:"):
        from_lines([GOOD.replace(old, new, 1)], "old.jsonl")
