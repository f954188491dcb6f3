"""Markdown, formulas, code and terms as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reading_pages import dangers

from grader.content.course import Course
from grader.content.lesson import Term
from grader.web.formula import mathml
from grader.web.prose import inline, message, prose
from grader.web.terms import linked, names_of

GLOSSARY = (
    Term(term="Long Short-Term Memory (LSTM)", definition="A cell."),
    Term(term="Gate", definition="A factor."),
)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "![a](http://evil.example/x.png)",
        '<img src=x onerror="alert(1)">',
        "$\\href{javascript:alert(1)}{x}$",
        "$<script>alert(1)</script>$",
        '$\\text{<img src=x onerror="alert(1)">}$',
        "```python\n<script>alert(1)</script>\n```",
        "```<script>\nx\n```",
        "`<script>`",
        "a | b\n---|---\n<script>x</script> | y",
        "[x]: javascript:alert(1)\n\n[x]",
        "[]()",
        "# [a](<>)",
    ],
)
def test_nothing_that_runs_or_loads_gets_through(text: str) -> None:
    for html in (prose(text), inline(text), linked(text, GLOSSARY).html):
        assert not dangers(html)


@given(st.text(alphabet=st.sampled_from("<>&\"'`$\\{}[]()!|#*-_ \nascript=:/onf"), max_size=60))
def test_no_text_makes_it_through(text: str) -> None:
    assert not dangers(linked(text, GLOSSARY).html)


def test_a_link_that_leads_nowhere_is_text() -> None:
    assert inline("See [*it*]() and [that](https://example.org).") == (
        'See <em>it</em> and <a href="https://example.org">that</a>.'
    )


def test_a_message_has_code_and_nothing_else() -> None:
    assert message("`times` is <b>*3*</b>") == "<code>times</code> is &lt;b&gt;*3*&lt;/b&gt;"
    assert message("`<script>`") == "<code>&lt;script&gt;</code>"
    assert message("a ` b") == "a ` b"


def test_a_paragraph_that_is_a_formula_stands_alone() -> None:
    html = prose("So:\n\n$h_t = \\tanh(x)$\n\nand $b$.")
    assert html.count('class="formula"') == 1
    assert html.count('display="block"') == 1
    assert '<mi class="fn">tanh</mi>' in html


def test_punctuation_stays_with_its_formula() -> None:
    assert '<span class="nb"><span class="math inline">' in prose("If $b = 0$, stop.")


def test_a_number_stays_on_its_line() -> None:
    assert '<span class="nb">4.5e-3</span>' in prose("It shrank to 4.5e-3.")
    assert "span" not in prose("A model2e-3x and 10.")


@pytest.mark.parametrize("latex", ["-0.4", "g = -0.4", "a \\cdot -1", "(-1)"])
def test_a_sign_belongs_to_its_number(latex: str) -> None:
    assert '<mo form="prefix">' in mathml(latex)


@pytest.mark.parametrize("latex", ["a - b", "W_x x_t + b", "(a) - 1", "f(x) - 1"])
def test_an_operator_between_two_terms_keeps_its_space(latex: str) -> None:
    assert 'form="prefix"' not in mathml(latex)


def test_a_formula_that_cannot_be_read_stays_as_it_is() -> None:
    assert "\\frac{" in mathml("\\frac{")


def test_every_formula_of_the_course_can_be_read() -> None:
    course = Course.bundled()
    for lesson in map(course.lesson, course.lesson_ids):
        for section in lesson.sections:
            html = prose(section.text)
            assert "<code>\\" not in html, section.id
            assert "<mi>\\" not in html, section.id


def test_each_term_opens_its_definition_where_it_stands_first() -> None:
    text = linked("An LSTM has gates. A `gate` and a gate.\n\n## Gate\n\nThe LSTM.", GLOSSARY)
    assert text.html.count("popovertarget") == 2
    assert ">LSTM</button>" in text.html
    assert ">gates</button>" in text.html
    assert [term.term for term in text.terms] == ["Long Short-Term Memory (LSTM)", "Gate"]


def test_part_of_a_word_is_no_term() -> None:
    assert not linked("A gateway, a floodgate, gate-keeping and BiLSTM.", GLOSSARY).terms


def test_a_term_in_a_link_is_left_alone() -> None:
    assert "button" not in linked("[the gate](https://example.org)", GLOSSARY).html


def test_a_term_has_a_long_and_a_short_name() -> None:
    assert names_of("Long Short-Term Memory (LSTM)") == ["long short-term memory", "lstm"]
    assert names_of("Cell State") == ["cell state"]


def test_code_is_highlighted_by_classes() -> None:
    html = prose("```python\ndef f():\n    return 1\n```")
    assert '<span class="c-k">def</span>' in html
    assert not dangers(html)


def test_punctuation_stays_with_a_term_before_it() -> None:
    html = linked("A gate, then.", GLOSSARY).html
    assert '<span class="nb"><button' in html and "gate</button>,</span> then." in html
