"""Spellings of short answers: what makes no difference, and what does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content.spelling import plain, tidy

ARTICLES = ("a", "The", "l'")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Type  Token", "type token"),
        ("straße", "STRASSE"),
        ("cafe\u0301", "café"),
        ("ﬁeld", "field"),
        ("Ｆull", "full"),
        ("type-token", "type token"),
        ("type\u2011token", "type–token"),
        ("don’t", "don't"),
        ("“share”", "share"),
        ("`share`", "'share'"),
        ("share.", "share"),
        ("share\u200b", "share"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_differences_that_do_not_matter(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("café", "cafe"),
        ("the share", "share"),
        ("typetoken", "type token"),
        ("-1", "1"),
        ("x'", "x"),
        ("n!", "n"),
        (".", ","),
        ("c++", "c"),
    ],
)
def test_differences_that_matter(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("typed", "left"),
    [("the share", "share"), ("A share", "share"), ("L’eau", "eau"), ("The", "the"), ("an A", "an a")],
)
def test_articles_before_an_answer(typed: str, left: str) -> None:
    assert plain(typed, articles=ARTICLES) == left


def test_accents_matter_unless_the_author_says_otherwise() -> None:
    assert plain("Zoë", accents=False) == plain("zoe", accents=False) == "zoe"
    assert plain("¨", accents=False) != ""


odd = st.text(st.characters() | st.sampled_from("'\"`.,;-‐ \t\n’“aTheéßﬁ\u0301\u0345\u200d"), max_size=30)


@given(odd, st.booleans(), st.sampled_from([(), ARTICLES]))
def test_what_is_left_of_an_answer_stays_as_it_is(
    text: str, accents: bool, articles: tuple[str, ...]
) -> None:
    left = plain(text, accents=accents, articles=articles)
    assert plain(left, accents=accents, articles=articles) == left
    assert tidy(tidy(text)) == tidy(text)
    assert bool(left) == bool(tidy(text))


@given(odd, st.booleans(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_spaces_case_and_form_make_no_difference(text: str, accents: bool, form: str) -> None:
    left = plain(text, accents=accents)
    for again in (f" \t{text}\u3000", text.casefold(), unicodedata.normalize(form, text)):  # type: ignore[arg-type]
        assert plain(again, accents=accents) == left
