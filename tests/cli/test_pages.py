"""Text in screenfuls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.pages import Pages, bar, fitted, rows

texts = st.lists(st.sampled_from(["", "", "one", "a longer line of text", "x" * 100, "\x1b[36mcode\x1b[0m"]))


@given(texts, st.integers(10, 120), st.integers(3, 40))
def test_no_page_needs_more_rows_than_the_screen_has(lines: list[str], width: int, height: int) -> None:
    pages = Pages.of(lines, width, height).pages
    assert [line for page in pages for line in page if line] == [line for line in lines if line]
    for page in pages:
        assert sum(rows(line, width) for line in page) <= height or len(page) == 1


def test_a_page_ends_at_an_empty_line() -> None:
    lines = [*"abcd", "", *"efgh"]
    assert Pages.of(lines, 80, 6).pages == (tuple("abcd"), tuple("efgh"))


def test_turning_stops_at_both_ends() -> None:
    pages = Pages.of(list("abcdefgh"), 80, 3)
    assert pages.turned(-1).at == 0
    assert (pages.turned(1).lines, pages.turned(1).is_last) == (("d", "e", "f"), False)
    assert pages.turned(9).is_last


@pytest.mark.parametrize(
    ("width", "shown"),
    [(60, "section 12 of 26  [#####-----]  q: stop"), (30, "section 12 of 26  q: stop"), (10, "q: stop")],
)
def test_what_does_not_fit_is_left_out(width: int, shown: str) -> None:
    assert fitted(width, "section 12 of 26", bar(12, 26, 10), "q: stop") == shown


def test_a_drawing_stays_in_one_piece_if_there_is_room() -> None:
    assert Pages.of([*"abcd", "x\n\ny"], 80, 6).pages == (tuple("abcd"), ("x\n\ny",))
    assert Pages.of(["1\n2\n3\n4\n5"], 80, 3).pages == (("1", "2", "3"), ("4", "5"))
