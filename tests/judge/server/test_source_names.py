"""The names that a function's definition uses, read from text that may be anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.server import source_names

CODE = '''
import numpy as np
SIZE = other(3)

def encode(
    x,
    mode="scaled",
):
    """Like decode."""
    return np.eye(SIZE)[x]  # not as in window

async def decode(x): ...

class Coder:
    def code(self, x):
        return encode(x)

coder = Coder()
window = lambda x: coder.code(x)

def generate(x):
    data = window(x)
    return data

def main():
    data = encode(decode(generate(window(3))))
'''


def used_by(name: str, code: str = CODE) -> set[str]:
    return source_names.used_by(name, source_names.code(code))


def test_a_use_counts_through_others() -> None:
    assert {"window", "coder", "Coder", "encode", "SIZE", "other"} <= used_by("generate")


def test_comments_strings_and_other_functions_do_not_count() -> None:
    assert not {"window", "decode", "main", "generate"} & used_by("encode")
    assert not {"decode", "main"} & used_by("generate")


def test_every_definition_of_a_name_counts() -> None:
    assert {"a", "b"} <= used_by("f", "def f(): a()\n\ndef f(): b()\n")


def test_a_definition_that_cannot_be_found_may_use_everything() -> None:
    assert "main" in used_by("unknown") and "decode" in used_by("f", CODE + "try:\n    def f(): pass\n")


@given(
    st.lists(st.sampled_from(["def f", "f = ", "\n", " ", "(", '"""', "@", "class f", "é", "0"])), st.text()
)
def test_any_text_can_be_read(pieces: list[str], text: str) -> None:
    assert isinstance(used_by("f", "".join(pieces) + text), set)


@pytest.mark.parametrize(
    "piece", ["def f(): f\n", "f=f\n", "f ", "\n", "a\n", "def ", "f0 = f1\n", "async\t"]
)
def test_nasty_text_is_read_quickly(piece: str) -> None:
    code = piece * (300_000 // len(piece))
    start = time.process_time()
    source_names.used_by("f", code)
    assert time.process_time() - start < 5
