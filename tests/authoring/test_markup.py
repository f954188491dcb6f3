"""Flaws, links and section numbers in Markdown texts."""

from __future__ import annotations

import pytest

from grader.authoring.markup import flaws, links, sections_mentioned


@pytest.mark.parametrize(
    "text",
    [
        "plain, `code $x` and ``a`$`b``",
        r"$\frac{a}{b}$ and $h_{t-1} = \tanh(W x_t)$",
        r"\$5 and \*\*not bold\*\*",
        "**bold with $x_1$** and *soft*",
        "```\n$x ** 2\n```\n\nafter",
        "- item\n\n  ~~~python\n  a ** b\n  ~~~",
        "$$x^2$$",
        "a formula over $a +\nb$ two lines",
    ],
)
def test_what_can_be_shown_has_no_flaw(text: str) -> None:
    assert list(flaws(text)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("it costs $5", "a `$` has no match"),
        ("$x_1", "a `$` has no match"),
        ("$x\n\ny$", "a `$` has no match"),
        ("**never closed", "a `**` has no match"),
        (r"$\frac{a}{b$", "cannot be read"),
        (r"$\frac{a}$", "cannot be read"),
        (r"$a}b$", "cannot be read"),
        (r"$\fraq{a}{b}$", r"\fraq is not a command"),
        ("$x_{}$", "subscript or superscript is empty"),
        ("$x^$", "subscript or superscript is empty"),
    ],
)
def test_a_flaw_is_named(text: str, what: str) -> None:
    assert what in flaws(text)[0].what


def test_links_and_pictures() -> None:
    parsed = list(links("see [a](#2), ![](figures/b.svg) and `[c](d)`"))
    assert [(link.target, link.label, link.is_picture) for link in parsed] == [
        ("#2", "a", False),
        ("figures/b.svg", "", True),
    ]


def test_sections_are_found_in_prose() -> None:
    text = "Section 1.1, sections 2.3 and 4; section 8.\nNot `section 9`... but that is code"
    assert [number for number, _ in sections_mentioned(text)] == ["1.1", "2.3", "4", "8"]


@pytest.mark.parametrize(
    ("formula", "todo"),
    [
        (r"\bm{x}", r"write \boldsymbol; docs/reference/files.md#latex lists those that work"),
        (r"30\degree", r"write ^\circ;"),
        (r"\color{red} x", "leave the color out"),
        (r"x \tag{1}", "write the number into the text"),
        (r"\fraq{a}{b}", r"write \frac or another;"),
        (r"\weekday(x)", r"write another, or \operatorname{weekday};"),
        (r"\begin{align} x \end{align}", r"write \begin{aligned};"),
        (r"\begin{tabular}{l} x \end{tabular}", "write one of aligned, cases"),
    ],
)
def test_another_command_is_named(formula: str, todo: str) -> None:
    [flaw] = flaws(f"$${formula}$$")
    assert flaw.todo.startswith(todo)


@pytest.mark.parametrize(
    "formula", [r"\left(x\right)", r"a \\n", r"\begin{cases} x & y \\ z & 0 \end{cases}"]
)
def test_brackets_and_rows_have_no_flaw(formula: str) -> None:
    assert not flaws(f"$${formula}$$")
