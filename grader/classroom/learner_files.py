"""The files of one learner, assigned to exercises and quizzes. Every file is accounted for."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from msgspec.structs import replace

from grader.classroom.archives import files_of_learner_zip
from grader.classroom.budget import Budget
from grader.classroom.found_files import File, Found, SkippedFile, Unread
from grader.classroom.helpers import Modules
from grader.classroom.learner_work import (
    LearnerWork,
    OtherFile,
    code_hash,
    named_after,
    refused_work,
    texts_of,
)
from grader.classroom.names import Parts, storable
from grader.classroom.ownership import UNKNOWN, Owned
from grader.classroom.quiz_answers import read_answers_file, read_lesson_notebook
from grader.classroom.quiz_work import ReadPaper, counting_answers, quiz_work
from grader.classroom.submission_time import STAMP, SubmissionTime, time_in_stamp
from grader.classroom.system_names import named_by_a_system
from grader.classroom.told import without_advice
from grader.classroom.wanted import Wanted
from grader.content.file_names import FileKind, file_stem, read_file_name, remedy_for, what_it_is
from grader.content.quiz import Quiz
from grader.errors import CourseError, EnvironmentProblem, SubmissionError
from grader.judge.candidates import MAX_READ, Candidate, Entry, choose, main_file, notes_on
from grader.judge.helper_files import with_helpers
from grader.judge.submission import Submission, parse_submission, read_notebook

OF_CLASS = (
    "the names of learners inside, because a zip file in a directory is one learner's; to grade the "
    "download of a class, name the file itself"
)
MAX_STAMP = 1000  # bytes of nbgrader's timestamp.txt
MAX_PAPERS = 20  # files that are read for one quiz


class LearnerFiles:
    """Sorts the files of one learner into items."""

    def __init__(self, learner: str, wanted: Wanted, stamped: bool) -> None:
        """`stamped`: nbgrader has written the times of the work."""
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
        self.unread.append(refused_work(self._learner, "", where, error))

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
            self.left_out.append(SkippedFile(file.where, _reason(file, error)))
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
            yield counting_answers(several)
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
        names = {file: read_file_name(file.name) for file in self._others}
        code = [
            file for file, name in names.items() if name.kind.is_code and not self._wanted.is_of_another(name)
        ]
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
                yield refused_work(self._learner, exercise, file.where, error)

    def _exercise(self, exercise: str, files: Sequence[File]) -> LearnerWork:
        """Return the code that counts by the rule of `grader.judge.candidates`."""
        candidates, shown = [], _shown(files)
        for path, file in shown.items():
            name = read_file_name(file.name)
            copy = name.copy_of(file_stem(exercise)) or 0
            candidates.append(Candidate(path, name, copy, partial(self._submission, file, exercise)))
        choice = choose(candidates, self._wanted.starters(exercise))
        if self._budget.no_more_code and choice.refused:
            return refused_work(self._learner, exercise, files[0].where, choice.refused[-1].error)
        if choice.counts is None:
            first, *rest = choice.refused
            refused = refused_work(self._learner, exercise, shown[first.path].where, first.error)
            return replace(refused, notes=tuple(storable(f"{_fact(each.error)}.") for each in rest))
        counts = choice.counts
        for each in choice.refused:
            if not each.is_code:
                self.left_out.append(SkippedFile(shown[each.path].where, UNKNOWN))
        facts = replace(choice, refused=tuple(replace(e, error=_fact(e.error)) for e in choice.refused))
        return LearnerWork(
            learner=self._learner,
            item=exercise,
            file=shown[counts.path].where,
            source=code_hash(counts.submission),
            submission=replace(counts.submission, notes=()),
            notes=tuple(map(storable, (*_facts(counts.submission.notes), *notes_on(facts)))),
            told=tuple(map(storable, notes_on(choice))),
            shown=counts.path,
            others=tuple(
                OtherFile(each.path, code_hash(each.submission), replace(each.submission, notes=()))
                for each in choice.others
            ),
        )

    def _submission(self, file: File, exercise: str) -> Submission:
        read = parse_submission(file.read(), PurePosixPath(file.where), f"{file_stem(exercise)}.py")
        self._budget.decode(file.where, *texts_of(read))
        whole = with_helpers(named_after(read, exercise), self._modules.beside(file))
        self._budget.decode(file.where, *(each.source for each in whole.files))
        return whole

    def _put_answers(self, file: File, quiz: Quiz, read: ReadPaper) -> None:
        if len(self._papers.get(quiz.id, ())) >= MAX_PAPERS:
            self.left_out.append(SkippedFile(file.where, f"more than {MAX_PAPERS} files for {quiz.id}"))
            return
        self._papers.setdefault(quiz.id, []).append(quiz_work(self._learner, file, quiz, read))


def _reason(file: File, error: CourseError) -> str:
    """Return why a file was left out; the file and advice to the learner are not part of it."""
    what = without_advice(str(error))
    return f"it {what.removeprefix(f'{file.where} ')}" if what.startswith(f"{file.where} ") else what


def _fact(error: CourseError) -> CourseError:
    """Return the error without advice to the learner, because notes are for the instructor."""
    return error if isinstance(error, EnvironmentProblem) else SubmissionError(without_advice(str(error)))


def _facts(notes: Iterable[str]) -> Iterator[str]:
    yield from (f"{without_advice(note).rstrip('.')}." for note in notes)


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
