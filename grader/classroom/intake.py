"""Collect the work of each learner from the files of a class. Every file is accounted for."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.archives import File, Folder, SkippedFile, files_of_learner_zip
from grader.classroom.layout import UNKNOWN, by_learner, files_of_class
from grader.classroom.names import is_junk, storable
from grader.classroom.quiz_answers import Paper, read_answers_file, read_lesson_notebook
from grader.classroom.results import Status
from grader.content.course import Course
from grader.content.file_names import answers_stem, file_stem
from grader.content.notebook import starter_notebook
from grader.content.quiz import Quiz
from grader.content.yaml_core import read_text
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.submission import Submission, parse_submission
from grader.quiz.result import QuizResult

_AGAIN = re.compile(r"(?:[\s_-]*\(\d+\)|-\d+)$")  # how systems mark a second file with the same name
_CODE = ("py", "ipynb")
_ANSWERS = ("yaml", "yml", "json")
_KNOWN = {"timestamp.txt"}  # written by nbgrader


class LearnerWork(Struct, frozen=True, kw_only=True):
    """One exercise or quiz of one learner.

    It has a `submission` or `answers`; or a `problem`, and a status that says whose fault it is.
    """

    learner: str
    item: str
    file: str
    source: str  # a hash of the code or the answers
    submission: Submission | None = None
    answers: QuizResult | None = None
    status: Status = Status.GRADED
    problem: str | None = None


class Intake(Struct, frozen=True):
    """All collected work; each part is sorted."""

    learners: tuple[str, ...]  # including those without any graded work
    handed: tuple[LearnerWork, ...]
    left_out: tuple[SkippedFile, ...]
    untouched: frozenset[str]  # the hashes of starters

    @property
    def items(self) -> tuple[str, ...]:
        """The ids of all exercises and quizzes that were handed in."""
        return tuple(sorted({each.item for each in self.handed}))


class Wanted:
    """The exercises and quizzes to grade, and the names of their files."""

    def __init__(self, course: Course, exercises: Sequence[str] = (), quizzes: Sequence[str] = ()) -> None:
        """Select all if none is named. Raises CourseError for ids that the course does not have."""
        everything = not exercises and not quizzes
        self.course = course
        self.exercises = tuple(course.exercise_ids) if everything else tuple(exercises)
        for exercise in exercises:
            course.exercise(exercise)
        self.quizzes: dict[str, Quiz] = {
            quiz: course.quiz(quiz) for quiz in (course.quiz_ids if everything else quizzes)
        }
        self.single = _stem(exercises[0]) if len(exercises) == 1 and not quizzes else None
        self._stems = {_stem(exercise): exercise for exercise in self.exercises}
        self._papers = {_stem(answers_stem(quiz)): quiz for quiz in self.quizzes}
        self._lessons: dict[str, list[str]] = {}
        for quiz in self.quizzes.values():
            self._lessons.setdefault(_stem(quiz.lesson), []).append(quiz.id)

    def items(self, name: str) -> list[str]:
        """Return the ids of the exercise, quiz, or lesson's quizzes that a file of this name is for."""
        stem, _, suffix = name.rpartition(".")
        suffix = suffix.casefold()
        for known in (_stem(stem), _stem(_AGAIN.sub("", stem))):
            if suffix in _CODE and known in self._stems:
                return [self._stems[known]]
            if suffix in _ANSWERS and known in self._papers:
                return [self._papers[known]]
            if suffix == "ipynb" and known in self._lessons:
                return self._lessons[known]
        return []

    def untouched(self) -> Iterator[str]:
        """Yield the hashes of the starters, as files and as notebooks."""
        for exercise_id in self.exercises:
            with contextlib.suppress(CourseError):  # raised again where the starter is judged
                starter = read_text(self.course.exercise_dir(exercise_id) / "starter.py")
                notebook = starter_notebook(self.course.exercise(exercise_id), starter)
                for suffix, text in (("py", starter), ("ipynb", notebook)):
                    yield code_hash(_submission(text.encode(), f"x.{suffix}", exercise_id))


def take_in(path: Path, wanted: Wanted, out: Path) -> Intake:
    """Read all submissions at `path`, except the results in `out`. Raises CourseError."""
    with ExitStack() as stack:
        entries = files_of_class(path, out, stack)
        left_out = [each for each in entries if isinstance(each, SkippedFile)]
        files = [each for each in entries if not isinstance(each, SkippedFile) and not is_junk(each.parts)]
        whose, unassigned = by_learner(files, wanted.single)
        left_out += unassigned
        untouched = frozenset(wanted.untouched())
        handed: list[LearnerWork] = []
        unread: list[LearnerWork] = []
        for learner in sorted(whose):
            desk = _Desk(learner, wanted, untouched)
            for file in whose[learner]:
                if isinstance(file, Folder):
                    desk.cannot_read("/".join(file.parts), file.problem or "")
                else:
                    desk.put(file)
            handed += desk.handed()
            left_out += desk.left_out
            unread += desk.unread
    had = {(each.learner, each.item) for each in handed}
    items = sorted({each.item for each in handed})
    for first in {each.learner: each for each in reversed(unread)}.values():
        # an unreadable archive or directory may hold any item, so it counts for all of them
        handed += [replace(first, item=item) for item in items if (first.learner, item) not in had]
    if not items:
        left_out += [SkippedFile(each.file, each.problem or "") for each in unread]
    handed.sort(key=lambda each: (each.learner, each.item))
    return Intake(tuple(sorted(whose)), tuple(handed), tuple(sorted(set(left_out))), untouched)


class _Desk:
    """Sorts the files of one learner into items."""

    def __init__(self, learner: str, wanted: Wanted, untouched: frozenset[str]) -> None:
        self.left_out: list[SkippedFile] = []
        self.unread: list[LearnerWork] = []  # not assigned to an item
        self._learner = learner
        self._wanted = wanted
        self._untouched = untouched
        self._work: dict[str, list[LearnerWork]] = {}
        self._others: list[File] = []

    def cannot_read(self, where: str, problem: str) -> None:
        """Record that some files could not be read."""
        self.unread.append(
            LearnerWork(
                learner=self._learner,
                item="",
                file=where,
                source=_hash(problem),
                status=Status.FAILED,
                problem=storable(problem),
            )
        )

    def put(self, file: File) -> None:
        """Add a file, or the files in a zip file."""
        if file.is_zip:
            self._unpack(file)
        else:
            self._put_single(file)

    def _put_single(self, file: File) -> None:
        items = self._wanted.items(file.name)
        if items:
            for work in self._read(file, items):
                self._work.setdefault(work.item, []).append(work)
        elif file.is_zip:
            self.left_out.append(SkippedFile(file.where, "an archive inside an archive"))
        elif file.name not in _KNOWN:
            self._others.append(file)

    def _unpack(self, file: File) -> None:
        try:
            for each in files_of_learner_zip(file):
                if isinstance(each, SkippedFile):
                    self.left_out.append(each)
                else:
                    self._put_single(each)
        except EnvironmentProblem as error:
            self.cannot_read(file.where, str(error))
        except CourseError as error:
            self.left_out.append(SkippedFile(file.where, str(error)))

    def handed(self) -> Iterator[LearnerWork]:
        """Yield each item once, after all files have been put."""
        code = [file for file in self._others if file.name.rpartition(".")[2].casefold() in _CODE]
        single = self._wanted.single
        if single is not None and not self._work and len(code) == 1:
            # the name is different, but this is the only candidate
            self._others.remove(code[0])
            for each in self._read(code[0], [self._wanted.exercises[0]]):
                self._work.setdefault(each.item, []).append(each)
        self.left_out += [SkippedFile(file.where, UNKNOWN) for file in self._others]
        for item, several in self._work.items():
            yield self._one(item, several)

    def _one(self, item: str, several: list[LearnerWork]) -> LearnerWork:
        """Return the work that counts. If several files differ, return a problem instead of guessing."""
        several = sorted(several, key=lambda each: each.file)
        written = [each for each in several if each.source not in self._untouched and not _is_blank(each)]
        kept = written or several[:1]
        if len({each.source for each in kept}) == 1:
            return kept[0]
        names = [each.file for each in kept]
        files = f"{', '.join(names[:-1])} and {names[-1]}"
        both = "both" if len(names) == 2 else "all"
        return LearnerWork(
            learner=self._learner,
            item=item,
            file=kept[0].file,
            source=_hash(*(each.source for each in kept)),
            status=Status.UNREADABLE,
            problem=f"{files} are {both} for {item}, but differ — keep the one that counts and grade again",
        )

    def _read(self, file: File, items: Iterable[str]) -> Iterator[LearnerWork]:
        for item in items:
            try:
                raw = file.read()
                if item in self._wanted.exercises:
                    yield self._exercise(file, raw, item)
                else:
                    yield self._quiz(file, raw, self._wanted.quizzes[item])
            except CourseError as error:
                status = Status.FAILED if isinstance(error, EnvironmentProblem) else Status.UNREADABLE
                yield LearnerWork(
                    learner=self._learner,
                    item=item,
                    file=file.where,
                    source=_hash(str(error)),
                    status=status,
                    problem=storable(str(error)),
                )

    def _exercise(self, file: File, raw: bytes, item: str) -> LearnerWork:
        submission = _submission(raw, file.where, item)
        return LearnerWork(
            learner=self._learner,
            item=item,
            file=file.where,
            source=code_hash(submission),
            submission=submission,
        )

    def _quiz(self, file: File, raw: bytes, quiz: Quiz) -> LearnerWork:
        is_notebook = file.name.casefold().endswith(".ipynb")
        read = read_lesson_notebook if is_notebook else read_answers_file
        paper: Paper = read(raw, PurePosixPath(file.where), quiz)
        answers = paper.marked(quiz)
        refused = (why if q in why else f"{q}: {why}" for q, why in paper.refused.items())
        return LearnerWork(
            learner=self._learner,
            item=quiz.id,
            file=file.where,
            source=_hash(*(f"{q.id}={q.answer}" for q in answers.questions)),
            answers=answers,
            problem="; ".join(filter(None, (*refused, paper.problem))) or None,
        )


def _submission(raw: bytes, where: str, exercise_id: str) -> Submission:
    """Parse code under the name that `course start` gives it, so that renamed copies have the same hash."""
    path = PurePosixPath(where)
    path = path.with_suffix(path.suffix.casefold())
    return parse_submission(raw, path, f"{file_stem(exercise_id)}{path.suffix}")


def code_hash(submission: Submission) -> str:
    """Return a hash of the exact text: verdicts quote lines, so comments and layout count as well."""
    return _hash(*(text for cell in submission.cells for text in (cell.label, cell.source)))


def _hash(*texts: str) -> str:
    digest = blake2b(digest_size=16)
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def _is_blank(handed: LearnerWork) -> bool:
    """Return True if the file has no answers at all, for example an unused lesson notebook."""
    return handed.answers is not None and all(
        q.answer is None and q.feedback is None for q in handed.answers.questions
    )


def _stem(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name).casefold()
