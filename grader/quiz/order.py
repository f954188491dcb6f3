"""The order of a question's options on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from grader.content.questions import ChoiceQuestion, Question
from grader.quiz.answer import AnyQuestion, form_of, letters_of


def screen_order(question: Question, seed: str | None) -> tuple[str, ...]:
    """Return the option ids as the screen lists them: in the file's order if `seed` is None.

    The ids are sorted by a hash, because `random.shuffle` does not guarantee the
    same order in every version of Python.
    """
    letters = tuple(letters_of(question))
    is_fixed = isinstance(question, ChoiceQuestion) and not question.shuffle
    if seed is None or is_fixed:
        return letters

    def place(option_id: str) -> bytes:
        return blake2b(f"{seed}\0{question.id}\0{option_id}".encode(), digest_size=16).digest()

    return tuple(sorted(letters, key=place))


def chosen_on_screen(question: AnyQuestion, typed: str, order: Sequence[str]) -> str:
    """Replace the letters or numbers on the screen by option ids.

    `order` holds the option ids as the screen lists them: a and 1 both mean the
    first. In a matching, numbers mean items. Text for a question without options is
    returned unchanged.
    """
    letters, numbers = letters_of(question), "" if form_of(question).kind == "matching" else "123456789"

    def option_id(character: str) -> str:
        if character in letters:
            return order[letters.index(character)]
        if character in numbers[: len(letters)]:
            return order[int(character) - 1]
        return character

    return "".join(map(option_id, typed)) if letters else typed
