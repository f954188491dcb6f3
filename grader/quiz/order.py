"""The order of a question's options on the screen."""

from __future__ import annotations

from hashlib import blake2b

from grader.content.questions import OrderingQuestion, Question
from grader.quiz.answer import letters_of


def screen_order(question: Question, seed: str | None) -> tuple[str, ...]:
    """Return the option ids as the screen lists them; the file's order if `seed` is None.

    Sorting by a hash gives the same order in every version of Python, which
    `random.shuffle` does not promise.
    """
    letters = tuple(letters_of(question))
    if seed is None or not (isinstance(question, OrderingQuestion) or getattr(question, "shuffle", False)):
        return letters

    def place(option_id: str) -> bytes:
        return blake2b(f"{seed}\0{question.id}\0{option_id}".encode(), digest_size=16).digest()

    return tuple(sorted(letters, key=place))
