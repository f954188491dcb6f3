"""What YAML reads differently from what its author meant, and the advice about syntax errors."""

from __future__ import annotations

import pytest

from grader.content.problem import ContentError, Problem
from grader.content.yaml_core import compose


def problems(text: str) -> list[Problem]:
    try:
        compose(text, "f.yaml")
    except ContentError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    "text",
    [
        "explain: Look at filter #2 in the table.",
        "why: See part # 3 of the page",
        "why: Filter #2",
        "a: é\nexplain: Größe of filter #2",
        "explain: Some long text\n  that ends at filter #2 here",
    ],
)
def test_a_text_cut_by_a_number_sign_is_reported(text: str) -> None:
    (found,) = problems(f"{text}\nid: a\n")
    assert "` #` begins a comment" in found.what
    assert found.line == text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "points: 4 # shown to learners",
        "title: A long title  # shown to learners",
        "id: day-1 #internal",
        "explain: 'Look at filter' # two",
        "id: a              # the id\ntitle: A tiny quiz # the title",
        "explain: Look at C#2",
        "explain: |\n  Look at filter #2",
        "answers: # all of them\n  - one",
    ],
)
def test_a_comment_is_no_slip(text: str) -> None:
    assert problems(f"{text}\n") == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (r'"$a \neq b$"', r"the `\n` of `\neq` is a line break"),
        (r'"$\frac{1}{2}$"', r"the `\f` of `\frac` is a page break"),
        (r'"$\beta$"', r"the `\b` of `\beta` is a backspace"),
        (r'"$\theta + \tau$"', r"the `\t` of `\theta` is a tab"),
        (r'"\frac{1}{2}"', r"the `\f` of `\frac` is a page break"),
        (r'"$\lvert x$"', "double quotes do not keep a backslash"),
    ],
)
def test_latex_in_double_quotes(text: str, what: str) -> None:
    (found,) = problems(f"id: a\nprompt: {text}\n")
    assert what in found.what
    assert (found.line, "single quotes" in found.todo) == (2, True)


@pytest.mark.parametrize(
    "text", [r'"$a \\neq b$"', r'"one\ntwo $x$"', r"'$\frac{1}{2}$'", r'"$5.\nThen $6."']
)
def test_other_double_quotes_are_kept(text: str) -> None:
    assert problems(f"prompt: {text}\n") == []


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("explain: Note: it is two", "contains `: `"),
        ("explain: `x` is two", "backquote"),
        ("explain: *very* good", "begins with `*`"),
        ("explain: {{n}} rows", "begins with `{`"),
        ("explain: %d rows", "begins with `%`"),
        ("explain: @home", "begins with `@`"),
        ("explain: !important", "in quotes"),
        ("explain: [a] is first", "begins with `[`"),
        ("a:\n\tb: 1", "replace the tab"),
        ("id: a\n title: b", "indent it like the line above"),
        ('explain: "x" is two', "the whole text in quotes"),
        ("explain: 'It's two'", "the whole text in quotes"),
        ("explain: “Note: two”", "straight quotes"),
    ],
)
def test_advice_about_syntax_errors(text: str, todo: str) -> None:
    (found,) = problems(f"{text}\nlast: 1\n")
    assert todo in found.todo
