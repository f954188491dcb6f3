"""Owners of submissions, and names that are the same whatever way they are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.owner import Owner, merged, name_forms

words = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzéüñçåøłšðйжعم", min_size=1, max_size=6), min_size=1, max_size=5
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lovelace, Ada", "Ada Lovelace"),
        ("adaloveláce", "Lovelace, Ada"),
        ("oneilséan", "O'Neil, Seán"),
        ("O’Neil, Sean", "Seán O'Neil"),
        ("vandermeerjan", "Jan van der Meer"),
        ("ŁUKASZ Øst", "Ost, Lukasz"),
        ("Anne-Marie Groß", "gross annemarie"),
        ("عمر خالد", "خالد, عمر"),
        ("Nguyễn Văn An", "nguyenvanan"),
    ],
)
def test_one_name_in_two_ways(one: str, other: str) -> None:
    assert name_forms(one) & name_forms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada Lovelace", "Ada Love"), ("Ann Lee", "Anne Lee"), ("Ada", "Ada Lovelace"), ("", ""), ("-", ".")],
)
def test_two_names(one: str, other: str) -> None:
    assert not name_forms(one) & name_forms(other)


@given(words, st.data())
def test_order_case_accents_and_joining_do_not_count(parts: list[str], data: st.DataObject) -> None:
    turn = data.draw(st.integers(0, len(parts) - 1))
    last_first = f"{' '.join(parts[turn:])}, {' '.join(parts[:turn])}"
    bare = "".join(c for c in unicodedata.normalize("NFD", last_first) if not unicodedata.combining(c))
    joined = "".join(parts[turn:] + parts[:turn])
    for other in (last_first, last_first.upper().lower(), bare, joined, unicodedata.normalize("NFD", joined)):
        assert name_forms(" ".join(parts)) & name_forms(other), other


def test_two_files_say_together_what_each_says_alone() -> None:
    one, other = Owner(lms="canvas", number="1"), Owner(lms="canvas", number="2", late=True, name="Ada")
    assert merged(one, other) == Owner(lms="canvas", number="1", late=True, name="Ada")
