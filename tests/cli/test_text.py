"""Inline Markdown and blocks on screens of any width."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.markdown import render, table
from grader.cli.text import Look, Screen, Span, columns, screen, spans

NARROW, WIDE, COLORED = Screen(40), Screen(80), Screen(80, True)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** and *soft*", "bold and soft"),
        ("`code **stays**`", "`code **stays**`"),
        ("`$x_1$` but $x_1$", "`$x_1$` but x₁"),
        ("it costs $5 or $6", "it costs $5 or $6"),
        (r"\$5\$ and 2 * 3 * 4", "$5$ and 2 * 3 * 4"),
        ("**bold with $x_1$ and `y`**", "bold with x₁ and `y`"),
        ("[a page](page.html)", "a page (page.html)"),
        ("**never closed", "**never closed"),
        ("a_b_c and __init__", "a_b_c and __init__"),
        ("``a`b``", "``a`b``"),
    ],
)
def test_inline_markup(text: str, shown: str) -> None:
    assert WIDE.wrap(text) == shown
    assert ANSI.sub("", COLORED.wrap(text)) == shown


words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), min_size=1)


@given(words, st.integers(20, 90))
def test_wrapping_keeps_every_word_within_the_width(some: list[str], width: int) -> None:
    lines = Screen(width).wrap(" ".join(some), "- ", "  ").split("\n")
    assert " ".join(line[2:] for line in lines).split(" ") == some
    assert all(columns(line) <= width or " " not in line[2:] for line in lines)


@given(st.text(max_size=300), st.integers(20, 90))
def test_any_text_can_be_shown(text: str, width: int) -> None:
    plain = render(text, Screen(width))
    styled = render(text, Screen(width, True))
    if "\x1b" not in text:
        assert [ANSI.sub("", line) for line in styled] == plain


def test_wide_characters_count_twice_and_accents_not_at_all() -> None:
    assert (columns("abc"), columns("深層"), columns("C̃ₜ"), columns("💡")) == (3, 4, 2, 2)


def test_a_phrase_with_one_look_is_one_span() -> None:
    assert COLORED.wrap("**two words** here").count("\x1b[1m") == 1


def test_without_colors_there_are_no_escape_codes() -> None:
    assert WIDE.show(Span("x", Look.BOLD | Look.BAD)) == "x"
    assert [run.look for run in spans("a `b`")] == [Look.PLAIN, Look.CODE]


BLOCKS = """\
# A heading

A paragraph
over two lines.
- one
- two, which is
  longer

  with a second paragraph
  ```python
  x = "$a$"   # untouched

  y = 1
  ```
1. first
10. tenth

> quoted
> words
"""


def test_blocks_are_laid_out() -> None:
    assert render(BLOCKS, WIDE) == [
        "A heading",
        "",
        "A paragraph over two lines.",
        "- one",
        "- two, which is longer",
        "",
        "  with a second paragraph",
        "",
        '      x = "$a$"   # untouched',
        "",
        "      y = 1",
        "1. first",
        "10. tenth",
        "",
        "| quoted words",
    ]


def test_tables_become_lists_where_there_is_no_room() -> None:
    text = "| cell | weights |\n|---|---:|\n| `LSTM` | $4U$ |\n| a \\| b | 2 |"
    assert render(text, WIDE) == [
        "cell    weights",
        "------  -------",
        "`LSTM`  4U",
        "a | b   2",
    ]
    rows = [["a rather long name of a row", "a rather long value"]]
    assert table(["name", "value"], rows, NARROW) == [
        "name: a rather long name of a row",
        "  value: a rather long value",
    ]


def test_code_is_never_wrapped_or_changed() -> None:
    code = "x = 1  # " + "long " * 30
    assert render(f"```\n{code}\n```", NARROW) == [f"    {code}"]
    assert render("```\nnever closed", NARROW) == ["    never closed"]


@pytest.mark.parametrize(
    ("given", "width"), [("40", 40), ("5", 20), ("500", 90), ("x", 80), ("0", 80), ("", 80)]
)
def test_the_width_comes_from_the_environment(
    given: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", given)
    assert screen() == Screen(width, False)


@pytest.mark.parametrize("text", ["$h_t = x_t$", "$$h_t = x_t$$"])
def test_a_formula_of_its_own_is_set_apart(text: str) -> None:
    assert render(f"Before:\n\n{text}\n\nAfter $x_t$.", WIDE) == [
        "Before:",
        "",
        "    hₜ = xₜ",
        "",
        "After xₜ.",
    ]
    assert render(f"{text} and $x_t$", WIDE) == ["hₜ = xₜ and xₜ"]


def test_python_is_colored_only_on_a_terminal_and_its_text_stays() -> None:
    code = "```python\nfor i in range(3):\n    \n    print('x')  # three\n```"
    assert render(code, WIDE) == ["    for i in range(3):", "", "        print('x')  # three"]
    colored = render(code, COLORED)
    assert [ANSI.sub("", line) for line in colored] == render(code, WIDE)
    assert "\x1b[35mfor" in colored[0] and "\x1b[32m" in colored[2]


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30), max_size=8))
def test_coloring_never_changes_code(lines: list[str]) -> None:
    from grader.cli.highlight import highlighted

    assert highlighted(["a\r", "\rb"]) == ["a\r", "\rb"]
    if lines:
        assert [ANSI.sub("", line) for line in highlighted(lines)] == lines
