"""The files for talks about own code: sheets for learners, their keys apart, and a table for the answers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from grader.classroom.exports.feedback import safe_name
from grader.content.questions import SingleQuestion
from grader.errors import CourseError
from grader.files import Cell, csv_text, is_empty, write_whole
from grader.judge.own_questions import OwnQuestion
from grader.quiz.answer import answer_in_words, right_answer

SHEETS, KEYS, BANKS, ANSWERS = "sheets", "keys", "banks", "answers.csv"
QUESTIONS = "questions.json"  # among the keys
HEADER = ("sheet", "learner", "exercise", "function", "question", "answer")


class Talk(Struct, frozen=True):
    """The questions for one learner and exercise. `code` is the hash of the code, as in its result."""

    learner: str
    exercise: str
    code: str
    questions: tuple[OwnQuestion, ...]


def require_new(directory: Path) -> None:
    """Raise CourseError if the directory for the sheets cannot be used, before hours of grading."""
    if directory.exists() and (not directory.is_dir() or not is_empty(directory)):
        raise CourseError(f"{directory} is not an empty directory — name a new one with --own-code")
    place = next(each for each in (directory.absolute(), *directory.absolute().parents) if each.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise CourseError(f"{directory} cannot be made in {place} — name another one with --own-code")


def write_talks(directory: Path, talks: Iterable[Talk]) -> dict[str, Talk]:
    """Write sheets, keys and the table for the answers. Return the talks by the names of their sheets.

    Raises CourseError, EnvironmentProblem.
    """
    for part in (SHEETS, KEYS):
        make_part(directory / part)
    named = _named(talks)
    for name, talk in named.items():
        write_whole(directory / SHEETS / f"{name}.md", sheet(talk, with_keys=False).encode())
        write_whole(directory / KEYS / f"{name}.md", sheet(talk, with_keys=True).encode())
    write_whole(directory / KEYS / QUESTIONS, msgspec.json.encode(named))
    write_whole(directory / ANSWERS, csv_text((HEADER, *_rows(named))).encode())
    return named


def make_part(directory: Path) -> None:
    """Make a directory for some of the files. Raises CourseError."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{directory} cannot be made: {error.strerror} — name another one") from None


def read_talks(directory: Path) -> dict[str, Talk]:
    """Return the talks by the names of their sheets. Raises CourseError."""
    file = directory / KEYS / QUESTIONS
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Talk])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        raise CourseError(
            f"{file} cannot be read — name the directory that `course grade --own-code` wrote"
        ) from None


def sheet(talk: Talk, with_keys: bool) -> str:
    """Return the questions for a learner in Markdown."""
    lines = [f"# {talk.exercise}: questions about the code of {talk.learner}", ""]
    if with_keys:
        lines += ["Keys. A wrong answer is a reason to talk, not a proof of cheating.", ""]
    for number, own in enumerate(talk.questions, 1):
        question = own.question
        lines += [f"## {number}. `{own.function}`", "", question.full_prompt, ""]
        if isinstance(question, SingleQuestion):
            pairs = zip(question.option_ids, question.options, strict=True)
            lines += [f"- {letter}) {option.text}" for letter, option in pairs]
            lines.append("")
        if with_keys:
            key = right_answer(question)
            words = answer_in_words(question, key)
            lines += [f"**Key:** {f'{key}) ' if isinstance(question, SingleQuestion) else ''}{words}", ""]
            lines += [question.explain, ""]
        else:
            lines += ["Answer:", ""]
    return "\n".join(lines)


def _named(talks: Iterable[Talk]) -> dict[str, Talk]:
    """Return the talks by the names of their sheets, which differ in more than the case of letters."""
    named: dict[str, Talk] = {}
    taken: set[str] = set()
    for talk in talks:
        name = free = f"{safe_name(talk.learner)}-{talk.exercise}"
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{name} ({number})"
        taken.add(free.casefold())
        named[free] = talk
    return named


def _rows(named: Mapping[str, Talk]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row per question, whose last cell is for the answer."""
    for name, talk in named.items():
        for number, own in enumerate(talk.questions, 1):
            yield name, talk.learner, talk.exercise, own.function, number, None
