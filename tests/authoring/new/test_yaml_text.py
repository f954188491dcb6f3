"""Items are added to YAML that an author wrote, and everything else stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.authoring.new.yaml_text import plain, text, with_item
from grader.content.yaml_core import HARMFUL, compose
from grader.errors import CourseError

ENTRY = "id: b\nsays: |\n  One.\n\n  Two.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("list:\n  - id: a\n", "list:\n  - id: a\n  - id: b\n"),
        ("list:\n- id: a\n\n# the end\nnext: 1\n", "list:\n- id: a\n- id: b\n\n# the end\nnext: 1\n"),
        ("list: []\nnext: 1\n", "list:\n  - id: b\nnext: 1\n"),
        ("next: 1\n", "next: 1\nlist:\n  - id: b\n"),
        (
            "list:\n  - id: a\n\n  - id: c\n    text: |\n      # a title\nnext: 1",
            "list:\n  - id: a\n\n  - id: c\n    text: |\n      # a title\n\n  - id: b\nnext: 1\n",
        ),
    ],
)
def test_an_item_goes_to_the_end_of_its_list(before: str, after: str) -> None:
    assert with_item(before, ("list",), "id: b\n", "x.yaml") == after


def test_a_mapping_of_several_lines_is_indented_like_its_neighbors() -> None:
    after = with_item("outer:\n  list: [] # none yet\n", ("outer", "list"), ENTRY, "x.yaml")
    lines = [
        "outer:",
        "  list: # none yet",
        "    - id: b",
        "      says: |",
        "        One.",
        "",
        "        Two.",
        "",
    ]
    assert after.split("\n") == lines


def test_a_name_is_added_to_a_list_on_one_line_and_to_a_mapping_on_one_line() -> None:
    source = 'sections:\n  - {id: "1", asks: [a]}\n  - {id: "2"}\n'
    once = with_item(source, ("sections", 0, "asks"), "b", "x.yaml")
    assert once == 'sections:\n  - {id: "1", asks: [a, b]}\n  - {id: "2"}\n'
    twice = with_item(once, ("sections", 1, "asks"), "c", "x.yaml")
    assert twice == 'sections:\n  - {id: "1", asks: [a, b]}\n  - {id: "2", asks: [c]}\n'


@pytest.mark.parametrize("source", ["list: [{id: a}]\n", "list: text\n", "- a\n"])
def test_what_cannot_be_extended_is_left_to_the_author(source: str) -> None:
    with pytest.raises(CourseError, match=r"(?s)x.yaml: `list` .*add this to it yourself:\n  - id: b\n"):
        with_item(source, ("list",), ENTRY, "x.yaml")


texts = st.text().filter(lambda value: not HARMFUL.search(value))


@settings(max_examples=50)
@given(texts)
def test_every_text_is_read_as_it_was_written(value: str) -> None:
    assert plain(compose(f"- {text(value)}\n", "")) == [value]


def test_the_quotes_that_need_no_escapes_are_used() -> None:
    assert [
        text(value) for value in ("a b", 'f(x="y")', 'it\'s: "x"', "yes", "3", "", "a\u2028b\n", "😀:")
    ] == [
        *("a b", "'f(x=\"y\")'", '"it\'s: \\"x\\""', "yes", '"3"', '""'),
        *('"a\\U00002028b\\n"', '"😀:"'),
    ]


names = st.from_regex(r"[a-z]{1,4}", fullmatch=True)


@settings(max_examples=50)
@given(st.lists(texts, max_size=3), names, st.booleans(), texts)
def test_nothing_else_changes(items: list[str], last: str, indented: bool, value: str) -> None:
    indent = "  " if indented else ""
    listed = "".join(f"{indent}- {text(item)}\n" for item in items)
    source = f"a: {text(value)}\nlist:{' []' if not items else ''}\n{listed}z: {text(value)}\n"
    added = with_item(source, ("list",), text(last), "x.yaml")
    assert plain(compose(added, "")) == {"a": value, "list": [*items, last], "z": value}
    assert {*source.split("\n")} - {"list: []"} <= {*added.split("\n")}
