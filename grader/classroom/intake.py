"""Collect the work of each learner from the files of a class. Every file is accounted for."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from sys import getsizeof

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.archives import files_of_learner_zip
from grader.classroom.budget import Budget
from grader.classroom.found_files import File, Found, SkippedFile, Unread, shortened
from grader.classroom.helpers import Modules
from grader.classroom.layout import owners_of_class
from grader.classroom.names import Parts, storable
from grader.classroom.owner import Owner
from grader.classroom.ownership import UNKNOWN, Owned
from grader.classroom.quiz_answers import Paper, read_answers_file, read_lesson_notebook
from grader.classroom.results import Status
from grader.classroom.submission_time import STAMP, SubmissionTime, time_in_stamp, time_of_system
from grader.classroom.system_names import NameRule, named_by_a_system
from grader.content.course import Course
from grader.content.file_names import (
    FileKind,
    FileName,
    answers_stem,
    file_stem,
    read_file_name,
    remedy_for,
    what_it_is,
)
from grader.content.quiz import Quiz
from grader.errors import CourseError, EnvironmentProblem, SubmissionError
from grader.judge.candidates import MAX_READ, Candidate, Entry, choose, main_file, notes_on, starters
from grader.judge.helper_files import with_helpers
from grader.judge.submission import Submission, parse_submission, read_notebook
from grader.quiz.result import QuizResult

ReadPaper = Callable[[bytes, PurePosixPath, Quiz], Paper]
OF_CLASS = (
    "the names of learners inside, because a zip file in a directory is one learner's; to grade the "
    "download of a class, name the file itself"
)
MAX_STAMP = 1000  # bytes of nbgrader's timestamp.txt
MAX_PAPERS = 20  # files that are read for one quiz
MAX_CLASS_CODE = 2_000_000_000  # bytes of code that a whole class may hold in memory


class OtherFile(Struct, frozen=True):
    """A file for the same exercise that does not count, because another one comes first."""

    file: str  # its path below the learner's directory
    source: str
    submission: Submission


class LearnerWork(Struct, frozen=True, kw_only=True):
    """One exercise or quiz of one learner.

    It has a `submission` or `answers`; or a `problem`, and a status that says whose fault it is.
    `notes` tell how the files were chosen and read; the submissions themselves have none.
    """

    learner: str
    item: str
    file: str
    source: str  # a hash of the code or the answers
    submission: Submission | None = None
    answers: QuizResult | None = None
    status: Status = Status.GRADED
    problem: str | None = None
    notes: tuple[str, ...] = ()
    shown: str = ""  # the path of the file below the learner's directory
    others: tuple[OtherFile, ...] = ()
    owner: Owner | None = None
    time: SubmissionTime | None = None


class Intake(Struct, frozen=True):
    """All collected work; each part is sorted."""

    learners: tuple[str, ...]  # including those without any graded work
    handed: tuple[LearnerWork, ...]
    left_out: tuple[SkippedFile, ...]
    untouched: frozenset[str]  # the hashes of starters
    alike: tuple[tuple[str, ...], ...] = ()  # groups of learners whose names are easily confused
    known: Mapping[str, Owner] = {}  # learner -> what the system says of them

    @property
    def without_work(self) -> dict[str, Owner | None]:
        """The learners without any graded work, and what the system says of them."""
        had = {each.learner for each in self.handed}
        return {learner: self.known.get(learner) for learner in self.learners if learner not in had}

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
        self.single = file_stem(exercises[0]) if len(exercises) == 1 and not quizzes else None
        self._papers = {answers_stem(quiz): quiz for quiz in self.quizzes}
        self._lessons: dict[str, list[Quiz]] = {}
        for quiz in self.quizzes.values():
            self._lessons.setdefault(quiz.lesson, []).append(quiz)
        self._starters: dict[str, tuple[Submission, ...]] = {}

    def exercise_of(self, name: FileName) -> str | None:
        """Return the exercise that a file is named after, whatever kind of file it is."""
        return name.among(self.exercises)

    def quiz_of(self, name: FileName) -> Quiz | None:
        """Return the quiz that a file of answers is for."""
        paper = name.among(self._papers) if name.kind in (FileKind.YAML, FileKind.JSON) else None
        return None if paper is None else self.quizzes[self._papers[paper]]

    def lesson_of(self, name: FileName) -> list[Quiz]:
        """Return the quizzes whose questions a lesson's notebook has. A .json file may be a notebook."""
        is_possible = name.kind in (FileKind.NOTEBOOK, FileKind.JSON)
        lesson = name.among(self._lessons) if is_possible else None
        return [] if lesson is None else self._lessons[lesson]

    def starters(self, exercise_id: str) -> tuple[Submission, ...]:
        """Return the starter as a file and as a notebook."""
        if exercise_id not in self._starters:
            self._starters[exercise_id] = ()
            with contextlib.suppress(CourseError):  # raised again where the starter is judged
                self._starters[exercise_id] = tuple(starters(self.course, exercise_id))
        return self._starters[exercise_id]

    def untouched(self) -> Iterator[str]:
        """Yield the hashes of the starters, as files and as notebooks."""
        for exercise_id in self.exercises:
            yield from (code_hash(_named(each, exercise_id)) for each in self.starters(exercise_id))


def take_in(path: Path, wanted: Wanted, out: Path, rule: NameRule | None = None) -> Intake:
    """Read all submissions at `path`, except the results in `out`, one learner at a time.

    `rule` reads the names of directories and files before all else. Raises
    CourseError, also if the class is too large: nobody is left out silently.
    """
    with ExitStack() as stack:
        owners = owners_of_class(path, out, wanted.single, stack, rule)
        left_out = shortened(owners.left_out, ".")
        handed: list[LearnerWork] = []
        unread: list[LearnerWork] = []
        size = 0
        for learner in sorted(owners.owned):
            note = owners.notes.get(learner)
            known = owners.known.get(learner)
            stamped = known is not None and known.lms == "nbgrader"
            desk = _desk(learner, wanted, owners.owned[learner], stamped)
            told = None if known is None else time_of_system(known.time)
            handed += [
                replace(
                    each,
                    owner=known,
                    time=told or each.time,
                    notes=(storable(note), *each.notes) if note else each.notes,
                )
                for each in desk.done
            ]
            left_out += shortened(desk.left_out, learner)
            unread += [replace(each, owner=known) for each in desk.unread[:1]]
            size += _memory(*desk.done)
            if size > MAX_CLASS_CODE:
                raise CourseError(
                    f"the code in {path} takes more than {MAX_CLASS_CODE // 1_000_000} MB of memory, "
                    f"{_memory(*desk.done) // 1_000_000} MB of it for {learner} — grade the class in parts"
                )
    had = {(each.learner, each.item) for each in handed}
    items = sorted({each.item for each in handed})
    for each in unread:
        # an unreadable archive or directory may hold any item, so it counts for all of them
        handed += [replace(each, item=item) for item in items if (each.learner, item) not in had]
    if not items:
        left_out += [SkippedFile(each.file, each.problem or "") for each in unread]
    handed.sort(key=lambda each: (each.learner, each.item))
    return Intake(
        tuple(sorted(owners.owned)),
        tuple(handed),
        tuple(sorted(set(left_out))),
        frozenset(wanted.untouched()),
        tuple(owners.alike),
        owners.known,
    )


def _desk(learner: str, wanted: Wanted, owned: Iterable[Owned], stamped: bool) -> _Desk:
    """Return the desk with all work of one learner. `stamped`: nbgrader has written the times of work."""
    desk = _Desk(learner, wanted, stamped)
    try:
        for each in owned:
            desk.take(each)
        desk.finish()
    except MemoryError:
        desk = _Desk(learner, wanted, stamped)  # frees the memory
        problem = f"the files of {learner} need more memory than there is — grade on a larger machine"
        desk.cannot_read(learner, EnvironmentProblem(problem))
    return desk


def _memory(*several: LearnerWork) -> int:
    """Return about how many bytes the code of these takes."""
    submissions = [
        submission
        for work in several
        for submission in (work.submission, *(other.submission for other in work.others))
        if submission is not None
    ]
    return sum(map(getsizeof, (text for each in submissions for text in _texts(each))))


def _texts(submission: Submission) -> Iterator[str]:
    yield from (cell.source for cell in submission.cells)
    yield from (file.source for file in submission.files)


class _Desk:
    """Sorts the files of one learner into items."""

    def __init__(self, learner: str, wanted: Wanted, stamped: bool) -> None:
        self.done: list[LearnerWork] = []  # complete after `finish`
        self.left_out: list[SkippedFile] = []
        self.unread: list[LearnerWork] = []  # not assigned to an item
        self._learner = learner
        self._wanted = wanted
        self._stamped = stamped
        self._budget = Budget()
        self._code: dict[str, list[File]] = {}  # exercise -> files that may hold its code
        self._papers: dict[str, list[LearnerWork]] = {}  # quiz -> answers
        self._others: list[File] = []
        self._modules = Modules()
        self._times: dict[str, tuple[Parts, SubmissionTime | None]] = {}  # path to show -> its time
        self._stamps: dict[str, SubmissionTime | None] = {}  # assignment -> nbgrader's timestamp.txt

    def cannot_read(self, where: str, error: CourseError) -> None:
        """Record that some files could not be read, and any item may be among them."""
        self.unread.append(self._refused("", where, error))

    def take(self, owned: Owned) -> None:
        """Add the files of a directory, or a single file."""
        try:
            for found in owned.files(self._budget):
                self._put(found)
        except SubmissionError as error:
            self.cannot_read(owned.outermost.where, error)

    def _put(self, found: Found) -> None:
        if isinstance(found, SkippedFile):
            self.left_out.append(found)
        elif isinstance(found, Unread):
            self.cannot_read(found.where, found.error)
        elif found.is_zip:
            self._unpack(found)
        elif self._stamped and found.parts[1:] == (STAMP,):  # others are the learner's own
            self._stamp(found)
        else:
            self._put_single(found)

    def _put_single(self, file: File, directory: Parts | None = None) -> None:
        """Add a file. Of one in a zip file, `directory` is where the zip file is."""
        name = read_file_name(file.name)
        self._times[file.where] = file.parts[:-1] if directory is None else directory, file.time
        if name.kind is FileKind.PYTHON:
            self._modules.add(file)
        exercise = self._wanted.exercise_of(name)
        if exercise is not None and name.kind.may_be_code:
            self._code.setdefault(exercise, []).append(file)
        elif (quiz := self._wanted.quiz_of(name)) is not None:
            self._put_answers(file, quiz, read_answers_file)
        elif (quizzes := self._wanted.lesson_of(name)) and (
            name.kind is FileKind.NOTEBOOK or _holds_notebook(file)
        ):
            for quiz in quizzes:
                self._put_answers(file, quiz, read_lesson_notebook)
        elif file.is_zip:
            self.left_out.append(SkippedFile(file.where, "an archive inside an archive"))
        elif file.name != STAMP:
            self._others.append(file)

    def _stamp(self, file: File) -> None:
        with contextlib.suppress(CourseError):  # then the file's date counts
            text = file.read(MAX_STAMP).decode("utf-8", "replace")
            self._stamps[file.parts[0]] = time_in_stamp(text)

    def _unpack(self, file: File) -> None:
        of_class = False
        try:
            for each in files_of_learner_zip(file):
                if isinstance(each, SkippedFile):
                    self.left_out.append(each)
                else:
                    of_class = of_class or named_by_a_system(each.parts[0], len(each.parts) > 1)
                    # inside are the dates of its files
                    self._put_single(each._replace(time=file.time), file.parts[:-1])
        except EnvironmentProblem as error:
            self.cannot_read(file.where, error)
        except CourseError as error:
            self.left_out.append(SkippedFile(file.where, str(error)))
        if of_class:
            self.left_out.append(SkippedFile(file.where, OF_CLASS))

    def finish(self) -> None:
        """Decide which files count, after all have been taken."""
        self.done = [replace(each, time=self._time_of(each.file)) for each in self._items()]

    def _time_of(self, where: str) -> SubmissionTime | None:
        directory, time = self._times.get(where, ((), None))
        return self._stamps.get("".join(directory[:1])) or time

    def _items(self) -> Iterator[LearnerWork]:
        """Yield each item once."""
        if not self._code and not self._papers:
            self._take_only_file()
        for exercise, files in {**dict.fromkeys(self._mentioned(), ()), **self._code}.items():
            yield self._with_mentions(exercise, files)
        for several in self._papers.values():
            yield self._one(several)
        yield from self._unfit()
        for file in self._others:
            if file not in self._modules.used:
                what = what_it_is(file.name)
                self.left_out.append(
                    SkippedFile(file.where, f"{what}, not .ipynb or .py" if what else UNKNOWN)
                )

    def _mentioned(self) -> list[str]:
        """Return the exercises that names of other files mention, in order."""
        names = [read_file_name(file.name) for file in self._others]
        code = [name for name in names if name.kind.is_code]
        return [e for e in self._wanted.exercises if any(name.mentions(e) for name in code)]

    def _with_mentions(self, exercise: str, files: Sequence[File]) -> LearnerWork:
        """Return the work in the exercise's own files; without any, in files whose names mention it."""
        work = self._exercise(exercise, files) if files else None
        starters = [code_hash(starter) for starter in self._wanted.starters(exercise)]
        if work is not None and work.submission is not None and work.source not in starters:
            return work
        names = {file: read_file_name(file.name) for file in self._others}
        more = [file for file, name in names.items() if name.kind.is_code and name.mentions(exercise)]
        if not more:
            assert work is not None  # each exercise here has files of one kind or the other
            return work
        for file in more:
            self._others.remove(file)
        return self._exercise(exercise, [*files, *more])

    def _take_only_file(self) -> None:
        """Take a file of another name for the named exercise if it is the only candidate."""
        code = [file for file in self._others if read_file_name(file.name).kind.is_code]
        if self._wanted.single is None or not 0 < len(code) <= MAX_READ:
            return
        exercise = self._wanted.exercises[0]
        entries: list[Entry] = []
        if len(code) > 1:
            with contextlib.suppress(CourseError):
                entries = [Entry(file.where, self._submission(file, exercise)) for file in code]
        main = main_file(entries)
        only = [file for file in code if len(code) == 1 or (main is not None and file.where == main.path)]
        for file in only:
            self._others.remove(file)
            self._code[exercise] = [file]

    def _unfit(self) -> Iterator[LearnerWork]:
        """Yield the exercises for which there is nothing but files that cannot hold code."""
        for file in [*self._others]:
            exercise = self._wanted.exercise_of(read_file_name(file.name))
            if exercise is not None and exercise not in self._code and what_it_is(file.name):
                self._others.remove(file)
                self._code[exercise] = [file]
                error = SubmissionError(f"{file.where} {remedy_for(file.name)}")
                yield self._refused(exercise, file.where, error)

    def _exercise(self, exercise: str, files: Sequence[File]) -> LearnerWork:
        """Return the code that counts by the rule of `grader.judge.candidates`."""
        candidates, shown = [], _shown(files)
        for path, file in shown.items():
            name = read_file_name(file.name)
            copy = name.copy_of(file_stem(exercise)) or 0
            candidates.append(Candidate(path, name, copy, partial(self._submission, file, exercise)))
        choice = choose(candidates, self._wanted.starters(exercise))
        if self._budget.no_more_code and choice.refused:
            return self._refused(exercise, files[0].where, choice.refused[-1].error)
        if choice.counts is None:
            first, *rest = choice.refused
            refused = self._refused(exercise, shown[first.path].where, first.error)
            return replace(refused, notes=tuple(storable(f"{each.error}.") for each in rest))
        counts = choice.counts
        for each in choice.refused:
            if not each.is_code:
                self.left_out.append(SkippedFile(shown[each.path].where, UNKNOWN))
        return LearnerWork(
            learner=self._learner,
            item=exercise,
            file=shown[counts.path].where,
            source=code_hash(counts.submission),
            submission=replace(counts.submission, notes=()),
            notes=tuple(map(storable, (*counts.submission.notes, *notes_on(choice)))),
            shown=counts.path,
            others=tuple(
                OtherFile(each.path, code_hash(each.submission), replace(each.submission, notes=()))
                for each in choice.others
            ),
        )

    def _submission(self, file: File, exercise: str) -> Submission:
        read = parse_submission(file.read(), PurePosixPath(file.where), f"{file_stem(exercise)}.py")
        self._budget.decode(file.where, *_texts(read))
        whole = with_helpers(_named(read, exercise), self._modules.beside(file))
        self._budget.decode(file.where, *(each.source for each in whole.files))
        return whole

    def _refused(self, item: str, where: str, error: CourseError) -> LearnerWork:
        return LearnerWork(
            learner=self._learner,
            item=item,
            file=where,
            source=_hash(str(error)),
            status=Status.FAILED if isinstance(error, EnvironmentProblem) else Status.UNREADABLE,
            problem=storable(str(error)),
        )

    def _one(self, several: list[LearnerWork]) -> LearnerWork:
        """Return the answers that count. If several files differ, return a problem instead of guessing."""
        several = sorted(several, key=lambda each: each.file)
        written = [each for each in several if not _is_blank(each)]
        kept = written or several[:1]
        if len({each.source for each in kept}) == 1:
            return kept[0]
        names = [each.file for each in kept]
        files = f"{', '.join(names[:-1])} and {names[-1]}"
        both = "both" if len(names) == 2 else "all"
        item = kept[0].item
        return LearnerWork(
            learner=self._learner,
            item=item,
            file=kept[0].file,
            source=_hash(*(each.source for each in kept)),
            status=Status.UNREADABLE,
            problem=f"{files} are {both} for {item}, but differ — keep the one that counts and grade again",
        )

    def _put_answers(self, file: File, quiz: Quiz, read: ReadPaper) -> None:
        if len(self._papers.get(quiz.id, ())) >= MAX_PAPERS:
            self.left_out.append(SkippedFile(file.where, f"more than {MAX_PAPERS} files for {quiz.id}"))
            return
        try:
            work = self._quiz(file, quiz, read(file.read(), PurePosixPath(file.where), quiz))
        except CourseError as error:
            work = self._refused(quiz.id, file.where, error)
        self._papers.setdefault(quiz.id, []).append(work)

    def _quiz(self, file: File, quiz: Quiz, paper: Paper) -> LearnerWork:
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


def _holds_notebook(file: File) -> bool:
    """Return True if the content is a notebook's, or cannot be read on this machine."""
    try:
        read_notebook(file.read(), PurePosixPath(file.where))
    except SubmissionError:
        return False
    except EnvironmentProblem:
        return True
    return True


def _shown(files: Iterable[File]) -> dict[str, File]:
    """Return a path to show -> file: the path below the learner's directory if that is unique."""
    paths = Counter("/".join(file.parts) for file in files)
    return {
        path if paths[path := "/".join(file.parts)] == 1 else file.where: file  # in several zip files
        for file in files
    }


def _named(submission: Submission, exercise_id: str) -> Submission:
    """Return the submission under the name that `course start` gives it, so that copies have one hash."""
    is_notebook = any(cell.notebook for cell in submission.cells)
    name = f"{file_stem(exercise_id)}.{'ipynb' if is_notebook else 'py'}"
    cells = tuple(each if each.notebook else replace(each, label=name) for each in submission.cells)
    return replace(submission, name=name, cells=cells)


def code_hash(submission: Submission) -> str:
    """Return a hash of the exact text: verdicts quote lines, so comments and layout count as well."""
    cells = (text for cell in submission.cells for text in (cell.label, cell.source))
    return _hash(*cells, *(text for file in submission.files for text in (file.path, file.source)))


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
