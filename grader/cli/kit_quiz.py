"""`course quiz` in a learner's kit: answers are recorded and written to a file, and marked elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from grader.cli.answers import read_answers
from grader.cli.asking import COMMANDS, Asking, Stopped, asks_for
from grader.cli.common import new_attempt
from grader.content.course import content_hash
from grader.content.file_names import answers_stem
from grader.content.kit import SealedQuestion, SealedQuiz
from grader.errors import CourseError, EnvironmentProblem
from grader.files import write_whole
from grader.progress.attempt import Attempt, in_time
from grader.progress.log import AttemptLog
from grader.quiz.answer import MAX_SCORE, AnswerRefused, answer_in_words, letters_of, read_answer

MARKED_LATER = "Nothing is marked here: your instructor does that."
HEAD = "# Answers to the quiz {}, written by `course quiz`."

Answers = dict[str, str]  # question -> answer


def take(quiz: SealedQuiz, log: AttemptLog | None, asking: Asking, again: bool) -> Answers:
    """Ask the questions that are open, or all `again`; write and return the answers.

    Raises CourseError if the file to write is there and not ours.
    """
    path = Path(f"{answers_stem(quiz.id)}.yaml")
    _check_ours(path, quiz)
    if log is not None:
        log.prepare()
    answers = {} if log is None else given_answers(quiz, log.attempts())
    asking.say(f"**{quiz.title}**")
    try:
        for number, question in enumerate(quiz.questions, 1):
            if again or question.id not in answers:
                heading = f"Question {number} of {len(quiz.questions)}"
                _Asked(question, answers.get(question.id), heading, log, asking).ask(answers)
    except (Stopped, KeyboardInterrupt):
        asking.write("\n\n")
        asking.say(f"Stopped. To go on: `course quiz {quiz.id}`")
    asking.say(f"{state(quiz, answers)} {MARKED_LATER}")
    if answers:
        _write(path, quiz, answers)
        asking.say(f"Wrote {path}: hand it in. To change an answer: `course quiz {quiz.id} --new`")
    return answers


def take_file(quiz: SealedQuiz, log: AttemptLog | None, file: str, asking: Asking) -> Answers:
    """Record the answers of a file, and return them. Raises CourseError, with every wrong line of it."""
    answers = read_answers(file, quiz)
    record(quiz, answers, log)
    asking.say(f"{state(quiz, answers)} {MARKED_LATER}")
    return answers


def record(quiz: SealedQuiz, answers: Answers, log: AttemptLog | None) -> None:
    """Add answers to the log, all or none."""
    if log is not None:
        answered = [question for question in quiz.questions if question.id in answers]
        log.append(*(_attempt(question, answers[question.id]) for question in answered))


def given_answers(quiz: SealedQuiz, attempts: Iterable[Attempt]) -> Answers:
    """Return the latest answer to each question that has not changed since."""
    hashes = {question.id: content_hash(question) for question in quiz.questions}
    return {
        attempt.item: attempt.answer
        for attempt in in_time(attempts)
        if attempt.kind == "given" and attempt.answer and hashes.get(attempt.item) == attempt.content_hash
    }


def state(quiz: SealedQuiz, answers: Answers) -> str:
    """Say how much of a quiz is answered."""
    return f"{len(answers)} of {len(quiz.questions)} questions of {quiz.id} are answered."


def open_hint(question: SealedQuestion, log: AttemptLog | None, seen: int = 0) -> tuple[int, bool]:
    """Return the number of the next hint, from 1, and whether it is the last one again; record it.

    The question must have one. `seen` counts those that the log does not know of.
    """
    hash_ = content_hash(question)
    attempts = [] if log is None else log.attempts()
    seen = max([seen, *(a.hints for a in attempts if a.kind == "hint" and a.content_hash == hash_)])
    if seen >= len(question.hints):
        return len(question.hints), True
    if log is not None:
        log.append(new_attempt("hint", question.id, hash_, hints=seen + 1))
    return seen + 1, False


def result_json(quiz: SealedQuiz, answers: Answers) -> str:
    """Return what `course quiz --json` prints; what is not known here is null."""
    unknown = dict.fromkeys(("correct", "score", "feedback", "misconception"))
    questions = [{"id": q.id, "answer": answers.get(q.id), **unknown} for q in quiz.questions]
    maximum = MAX_SCORE * len(quiz.questions)
    found = {"quiz": quiz.id, "version": quiz.version, "score": None, "max_score": maximum}
    return json.dumps(found | {"questions": questions}, indent=2)


class _Asked:
    """One question, until it is answered or left open."""

    def __init__(
        self,
        question: SealedQuestion,
        before: str | None,
        heading: str,
        log: AttemptLog | None,
        asking: Asking,
    ) -> None:
        self._question, self._before, self._heading = question, before, heading
        self._log, self._asking = log, asking
        self._hints = 0

    def ask(self, answers: Answers) -> None:
        """Put the answer into `answers` as soon as there is one. Raises Stopped."""
        keep = ", Enter keeps it" if self._before else ""
        self._show()
        while True:
            typed = self._asking.read(f"Your answer ({asks_for(self._question)}{keep}, ? for keys): ")
            if self._is_command(typed):
                continue
            if typed.lower() in ("s", "skip") or (self._before and not typed):
                self._asking.write("\n")
                return
            try:
                answer = read_answer(self._question, typed)
            except AnswerRefused as refused:
                self._asking.say(f"{refused} Type ? to see the keys.")
                continue
            if self._log is not None:
                self._log.append(_attempt(self._question, answer, self._hints))
            answers[self._question.id] = answer
            self._asking.say(f"Recorded: {answer_in_words(self._question, answer)}")
            return

    def _is_command(self, typed: str) -> bool:
        """Whether it was a key that leaves the question open; then it is done. Raises Stopped."""
        word = typed.lower()
        match "" if len(word) == 1 and word in letters_of(self._question) else COMMANDS.get(word, word):
            case "quit":
                raise Stopped
            case "keys":
                self._asking.write("\n")
                self._asking.show_keys(self._keys())
                self._show()
            case "hint":
                self._hint()
            case _:
                return False
        return True

    def _show(self) -> None:
        options = [(letter, self._question.text_of(letter)) for letter in self._question.option_ids]
        self._asking.show(self._heading, self._question.prompt, options)
        if self._before:
            self._asking.say(f"Your answer so far: {answer_in_words(self._question, self._before)}")

    def _hint(self) -> None:
        hints = self._question.hints
        if not hints:
            self._asking.say(f"This question has no hints. Section {self._question.section} is about it.")
            return
        self._hints, again = open_hint(self._question, self._log, self._hints)
        note = " There are no more; here is the last one again." if again else ""
        self._asking.say(f"**Hint {self._hints} of {len(hints)}.**{note} {hints[self._hints - 1]}")

    def _keys(self) -> list[tuple[str, str]]:
        letters = letters_of(self._question)
        keys = [
            ("h", "show the next hint; it costs no points"),
            ("s", "leave the question open"),
            ("q", "quit; what you answered is kept"),
        ]
        span = f"{letters[0]}-{letters[-1]}" if letters else "value"
        return [(span, "answer"), *((COMMANDS[k] if k in letters else k, what) for k, what in keys)]


def _attempt(question: SealedQuestion, answer: str, hints: int = 0) -> Attempt:
    return new_attempt("given", question.id, content_hash(question), answer=answer, hints=hints)


def _check_ours(path: Path, quiz: SealedQuiz) -> None:
    """Refuse to overwrite a file that `course quiz` has not written."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            ours = file.readline().strip() == HEAD.format(quiz.id)
    except FileNotFoundError:
        return
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — move it away") from None
    if not ours:
        raise CourseError(
            f"{path} is there already, and not of `course quiz` — rename it, or record it as it is: "
            f"course quiz {quiz.id} --answers {path}"
        )


def _write(path: Path, quiz: SealedQuiz, answers: Answers) -> None:
    given = [q.id for q in quiz.questions if q.id in answers]
    lines = [HEAD.format(quiz.id), *(f"{id_}: {json.dumps(answers[id_])}" for id_ in given), ""]
    advice = f"your answers are kept; run `course quiz {quiz.id}` in a directory of your own"
    write_whole(path, "\n".join(lines).encode(), advice)
