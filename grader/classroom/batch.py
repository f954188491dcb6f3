"""Grade a class. Nothing is graded twice, and nothing is lost if the run is stopped."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from grader import __version__
from grader.classroom.class_file import ClassFile, class_file_of
from grader.classroom.class_names import with_known_names
from grader.classroom.derivation import check_marks, check_scores, derive, raw_results
from grader.classroom.essay_marks import WANTED, Marks, read_marks, unmarked_note
from grader.classroom.found_files import SkippedFile
from grader.classroom.history import last_changes
from grader.classroom.intake import Intake, take_in
from grader.classroom.layout import mode_of
from grader.classroom.learner_work import LearnerWork
from grader.classroom.notes_on_times import notes_on_times
from grader.classroom.pending import Pending
from grader.classroom.read_results import OnDamage, read_results, read_run
from grader.classroom.results import Result, RunRecord, Status
from grader.classroom.spreadsheet import read_table
from grader.classroom.store import Store
from grader.classroom.summary import Summary, Went, summary
from grader.classroom.system_names import NameRule
from grader.classroom.verdicts import (
    Judges,
    LocalJudges,
    Terms,
    UniqueSubmission,
    Verdict,
    VerdictCache,
)
from grader.classroom.wanted import Wanted
from grader.content.course import Course, content_hash
from grader.content.file_names import answers_stem, file_stem
from grader.content.libraries import installed
from grader.content.yaml_core import read_text
from grader.errors import CourseError
from grader.judge.client.capacity import sensible_jobs
from grader.judge.client.missing_libraries import require_libraries
from grader.judge.report import Environment, Outcome, Report
from grader.judge.submission import read_submission
from grader.quiz.result import QuizResult

STARTER = ""  # the "hash" of the starter, which is judged first to learn the maximum score
SOLUTION = "solution"  # that of the reference solution, which must pass all tests
Tell = Callable[[int, int], None]  # called with the numbers of graded and of all items


class Earlier(Enum):
    """The treatment of results that are already in the output directory."""

    REFUSE = "refuse"  # raise an error, so that nothing is overwritten
    RESUME = "resume"
    AGAIN = "again"  # keep the finished run, and grade again what may have changed


class Options(Struct, frozen=True, kw_only=True):
    """The options of `course grade`."""

    exercises: tuple[str, ...] = ()
    quizzes: tuple[str, ...] = ()
    jobs: int | None = None
    seed: int | None = None
    earlier: Earlier = Earlier.REFUSE
    sandbox: bool = True
    scheduler: str | None = None  # address of a Dask scheduler; None to grade on this machine
    names: str | None = None  # a pattern that reads the names of directories and files
    class_file: Path | None = None  # None: that of the earlier run, if there is one
    marks_file: Path | None = None  # the same


def grade(
    course: Course, path: Path, out: Path, options: Options, tell: Tell = lambda done, total: None
) -> Summary:
    """Grade all submissions at `path` and write the results to `out`. Raises CourseError.

    If the run is stopped, `out` holds all results so far, and RESUME continues from there.
    """
    course.check_whole("grade a class")
    mode_of(path)  # raises an error about `path` before any error about earlier results
    started = time.monotonic()
    with Store(out) as store, ExitStack() as stack:
        old, earlier, torn = _earlier(store, path, options)
        only = options if old is None else _same_selection(old, options)
        file = _class_file(course, options, old)
        wanted = Wanted(course, only.exercises, only.quizzes)
        rule = None if only.names is None else NameRule(only.names)
        intake = take_in(path, wanted, out, rule)
        if not intake.handed:
            raise CourseError(_nothing(path, wanted, intake.left_out))
        file = _with_known_names(file, intake)
        marks = _marks_file(options, old, intake, file.content)
        if options.scheduler is None:  # each worker of a cluster checks its own machine
            require_libraries(course, (item for item in intake.items if item in wanted.exercises))
        judges = stack.enter_context(_judges(options))
        surroundings = judges.environment
        run = _run(course, path, only, surroundings, intake, wanted, old, file, marks)
        libraries = {each: installed(course.exercise(each).libraries) for each in run.exercises}
        terms = Terms(run.seed, run.exercises, surroundings, libraries)
        batch = _Batch(course, wanted, intake, terms, raw_results(earlier))
        batch.prepare(judges)
        if file.content is not None:
            check_scores(file.content, batch.best)
        # nothing of an earlier run is touched before this line
        if options.earlier is Earlier.AGAIN or (store.is_finished and (batch.anew or batch.gone)):
            store.keep_run()
        store.write_run(run)
        store.begin(batch.kept)
        with closing(batch.results(judges)) as results:
            for done, result in enumerate(results, start=1):
                if result not in batch.kept:
                    store.append(result)
                tell(done, len(intake.handed))
        derived = derive(
            batch.done, intake.learners, file.content, marks.content, intake.known, intake.of_a_copy
        )
        with_raw = (file.path or marks.path) is not None
        store.finish(derived.results, derived.learners, with_raw, without_work=intake.without_work)
        changed = last_changes(out) if options.earlier is Earlier.AGAIN else ()
    went = Went(
        seed=run.seed,
        confinement=surroundings.confinement,
        judged=batch.judged,
        kept=len(batch.kept),
        anew=batch.anew,
        anew_why=batch.anew_why,
        gone=batch.gone,
        torn=torn,
        seconds=round(time.monotonic() - started, 2),
        changes=changed,
        class_notes=(*derived.notes, *notes_on_times(derived.results)),
        marks_notes=() if marks.path is None else (*marks.content.notes, *unmarked_note(derived.results)),
    )
    return summary(batch.done, derived, intake, out, went)


def _judges(options: Options) -> AbstractContextManager[Judges]:
    """Return the judges as a context manager. Raises EnvironmentProblem."""
    if options.scheduler is not None:
        from grader.classroom.cluster import cluster_judges  # slow to import, and needs an extra

        return cluster_judges(options.scheduler, options.sandbox)
    return nullcontext(LocalJudges(options.jobs or sensible_jobs(), options.sandbox))


# --- earlier results ---


def _earlier(store: Store, path: Path, options: Options) -> tuple[RunRecord | None, list[Result], int]:
    """Return the run to resume, its results, and the number of unreadable lines."""
    if options.earlier is Earlier.REFUSE:
        if not store.is_new:
            raise CourseError(
                f"{store.out} already holds results, which are left as they are — continue with --resume, "
                "apply changes with --again, or "
                "name another directory with --output"
            )
        return None, [], 0
    run = read_run(store.out)
    if run is None:
        if options.earlier is Earlier.AGAIN:
            raise CourseError(f"{store.out} holds no run to grade again — omit --again")
        if not store.is_new:
            raise CourseError(
                f"{store.out} has no run.json to resume from — name another directory with --output"
            )
        return None, [], 0
    if options.earlier is Earlier.AGAIN and not store.is_finished:
        raise CourseError(f"the last run in {store.out} was stopped — finish it first, with --resume")
    if run.directory != str(path.resolve()):
        raise CourseError(
            f"{store.out} holds the results of {run.directory} — grade that directory, or name another one "
            "with --output"
        )
    if options.seed not in (None, run.seed):
        raise CourseError(
            f"{store.out} was started with seed {run.seed} — omit --seed, or name another directory with "
            "--output"
        )
    reading = read_results(store.out, OnDamage.SKIP)
    return run, [*reading.results], reading.torn


class _File(Struct, frozen=True):
    """The class file of a run: where it is, its text, and what it says."""

    path: str | None = None
    text: str = ""
    content: ClassFile | None = None


def _class_file(course: Course, options: Options, old: RunRecord | None) -> _File:
    """Return the class file that is named, or that of the earlier run as it is now. Raises CourseError."""
    named = options.class_file
    if named is None and old is not None and old.class_file is not None:
        named = Path(old.class_file)
    if named is None:
        return _File()
    text = read_text(named)
    content = class_file_of(text, named, (*course.exercise_ids, *course.quiz_ids))
    check_marks(content, course)
    return _File(str(named.resolve()), text, content)


def _with_known_names(file: _File, intake: Intake) -> _File:
    """Return the class file with the names that the results use. Raises ContentError."""
    if file.content is None or file.path is None:
        return file
    known = {learner: intake.known.get(learner) for learner in intake.learners}
    return replace(file, content=with_known_names(file.content, file.text, Path(file.path), known))


class _MarksFile(Struct, frozen=True):
    """The table of marks of a run: where it is, its text, and what it says."""

    path: str | None = None
    text: str = ""
    content: Marks = Marks()


def _marks_file(
    options: Options, old: RunRecord | None, intake: Intake, class_file: ClassFile | None
) -> _MarksFile:
    """Return the table of marks that is named, or that of the earlier run as it is now.

    Marks that do not fit are refused here, before anything is judged or written. Raises CourseError.
    """
    named = options.marks_file
    if named is None and old is not None and old.marks_file is not None:
        named = Path(old.marks_file)
    if named is None:
        return _MarksFile()
    quizzes = [_quiz(each, each.answers) for each in intake.handed if each.answers is not None]
    results = derive(quizzes, intake.learners, class_file, known=intake.known).results
    text = read_table(named, WANTED)
    marks = read_marks(text, named, results, class_file, intake.learners)
    return _MarksFile(str(named.resolve()), text, marks)


def _same_selection(run: RunRecord, options: Options) -> Options:
    """Return what the run selected. Raises CourseError if the options now select something else."""
    asked = (options.exercises, options.quizzes)
    before = (run.only_exercises, run.only_quizzes)
    if asked not in (((), ()), before):
        named = ", ".join((*run.only_exercises, *run.only_quizzes)) or "everything"
        raise CourseError(f"the run to resume grades {named} — omit --exercise and --quiz")
    if options.names not in (None, run.names):
        raise CourseError("the run to resume read names with another pattern — omit --names")
    return Options(exercises=before[0], quizzes=before[1], names=run.names)


def _run(
    course: Course,
    path: Path,
    only: Options,
    surroundings: Environment,
    intake: Intake,
    wanted: Wanted,
    old: RunRecord | None,
    file: _File,
    marks: _MarksFile,
) -> RunRecord:
    seed = old.seed if old is not None else only.seed
    return RunRecord(
        package=__version__,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        started=datetime.now(UTC).isoformat(timespec="seconds") if old is None else old.started,
        directory=str(path.resolve()),
        course=str(course.root.resolve()),
        exercises={i: course.exercise_version(i) for i in intake.items if i in wanted.exercises},
        quizzes={i: content_hash(wanted.quizzes[i]) for i in intake.items if i in wanted.quizzes},
        environment=surroundings,
        only_exercises=only.exercises,
        only_quizzes=only.quizzes,
        names=only.names,
        handed_in=len(intake.handed),
        without_work=intake.without_work,
        files={i: course.file_hashes(i) for i in intake.items if i in wanted.exercises},
        class_file=file.path,
        class_text=file.text,
        marks_file=marks.path,
        marks_text=marks.text,
        absent=() if file.content is None else file.content.absent,
    )


def _nothing(path: Path, wanted: Wanted, left_out: Sequence[SkippedFile]) -> str:
    names = [f"{file_stem(exercise)}.py" for exercise in wanted.exercises[:1]]
    names += [f"{answers_stem(quiz)}.yaml" for quiz in list(wanted.quizzes)[:1]]
    first = f"the first of {len(left_out)} files is" if len(left_out) > 1 else "the only file is"
    seen = f"; {first} {left_out[0].file}: {left_out[0].why}" if left_out else ""
    return (
        f"{path} holds nothing to grade{seen} — it should hold a directory for each learner that contains "
        f"{' or '.join(names) or 'what the course asks for'}; work for another course needs "
        "course --course DIR grade"
    )


# --- this run ---


_OF_COURSE = {STARTER: "starter.py", SOLUTION: "solution.py"}
_NO_FAULT = (Outcome.PASSED, Outcome.NOT_JUDGED)


class _Batch:
    """Turns submissions into results; identical code is judged once."""

    def __init__(
        self, course: Course, wanted: Wanted, intake: Intake, terms: Terms, earlier: Sequence[Result]
    ) -> None:
        self.done: list[Result] = []
        self.judged = 0  # different submissions that were judged
        self._course = course
        self._intake = intake
        self._wanted = wanted
        self._terms = terms
        self._cache = VerdictCache(terms)
        self._first = {
            (each.item, each.source): each
            for each in reversed(intake.handed)
            if each.submission is not None and each.source not in intake.untouched
        }
        places = {(each.learner, each.item): each for each in intake.handed}
        graded = [result for result in earlier if result.report is not None]
        self.kept = {r for r in graded if self._holds(r, places.get((r.learner, r.item)))}
        self._known = {(r.item, r.source): r.report for r in graded if r.report and terms.hold_for(r.report)}
        self.best = {item: report.max_score for (item, _), report in self._known.items()}
        self.best |= {item: quiz.points for item, quiz in wanted.quizzes.items() if item in intake.items}
        anew = [
            (r, r.report, places[r.learner, r.item])
            for r in graded
            if r.report is not None and r not in self.kept and (r.learner, r.item) in places
        ]
        self.anew = len(anew)
        self.anew_why = tuple(sorted({self._why_anew(*each) for each in anew}))
        self.gone = tuple(f"{r.learner} ({r.item})" for r in earlier if (r.learner, r.item) not in places)

    def _holds(self, result: Result, work: LearnerWork | None) -> bool:
        report = result.report
        return (
            work is not None
            and report is not None
            and work.source == result.source
            and self._terms.hold_for(report)
        )

    def _why_anew(self, result: Result, report: Report, work: LearnerWork) -> str:
        """Return why a result does not hold any more."""
        if work.source != result.source:
            return "the code"
        if report.version != self._terms.versions.get(result.item):
            return "the exercise"
        return "this machine"

    def prepare(self, judges: Judges) -> None:
        """Learn the maximum scores. Raises CourseError if an exercise cannot judge anybody.

        Its tests cannot be collected then, or its own solution does not pass them.
        """
        new = [item for item in self._terms.versions if item not in self.best]
        asks = [self._of_course(item, *each) for item in new for each in _OF_COURSE.items()]
        refused = []
        for ask, verdict in self._verdicts(asks, judges) if asks else ():
            if isinstance(verdict, CourseError):
                raise verdict
            if ask.source == STARTER:
                self.best[ask.exercise] = verdict.max_score
            elif failed := [test for test in verdict.tests if test.outcome not in _NO_FAULT]:
                names = ", ".join(f"{test.id} ({test.outcome.replace('_', ' ')})" for test in failed)
                refused.append(f"{ask.exercise}: its own solution does not pass {names}")
        if refused:
            raise CourseError(
                f"{'; '.join(sorted(refused))} — correct the test or the solution: "
                "`course validate` shows the details"
            )

    def results(self, judges: Judges) -> Generator[Result, None, None]:
        """Yield a result for each exercise and quiz of a learner, as they are graded; `done` holds them."""
        for result in self._results(judges):
            self.done.append(result)
            yield result

    def _results(self, judges: Judges) -> Iterator[Result]:
        pending = Pending()
        for each in self._intake.handed:
            if each.answers is not None:
                yield _quiz(each, each.answers)
            elif each.submission is not None:
                pending.add(each)
            else:
                yield _result(each, each.status, max_score=self.best[each.item], problem=each.problem)
        for ask, verdict in self._verdicts(pending.submissions, judges):
            for work, own, notes in pending.finished(ask.key, verdict):
                noted = replace(work, notes=(*work.notes, *notes), told=(*work.told, *notes))
                if isinstance(own, Report):
                    yield self._code(noted, own)
                else:
                    best = self.best[ask.exercise]
                    yield _result(noted, Status.FAILED, max_score=best, problem=str(own))

    def _verdicts(
        self, asks: Sequence[UniqueSubmission], judges: Judges
    ) -> Iterator[tuple[UniqueSubmission, Verdict]]:
        """Yield the known verdicts, then the new ones."""
        unknown: list[UniqueSubmission] = []
        for ask in asks:
            report = self._known.get(ask.key) or self._cache.recall(ask)
            if report is not None:
                yield ask, report
            else:
                unknown.append(ask)
        with closing(judges.verdicts(self._course, unknown, self._terms)) as judged:
            for ask, verdict in judged:
                if isinstance(verdict, Report):
                    self._cache.keep(ask, verdict)
                self.judged += ask.source not in _OF_COURSE
                yield ask, verdict

    def _of_course(self, exercise_id: str, source: str, file: str) -> UniqueSubmission:
        path = self._course.exercise_dir(exercise_id) / file
        return UniqueSubmission(exercise_id, source, read_submission(path))

    def _code(self, work: LearnerWork, report: Report) -> Result:
        first = self._first.get((work.item, work.source))
        same_as = None if first is None or _belong_together(first, work) else first.learner
        return _result(work, Status.GRADED, report.score, report.max_score, same_as=same_as, report=report)


def _quiz(work: LearnerWork, answers: QuizResult) -> Result:
    more = {"problem": work.problem, "answers": answers}
    return _result(work, Status.GRADED, answers.score, answers.max_score, **more)


def _result(
    work: LearnerWork, status: Status, score: float = 0.0, max_score: float = 0.0, **rest: Any
) -> Result:
    """Return the result of a learner's work."""
    return Result(
        learner=work.learner,
        item=work.item,
        file=work.file,
        source=work.source,
        status=status,
        score=score,
        max_score=max_score,
        notes=work.notes,
        told=work.told,
        owner=work.owner,
        raw_score=score,
        submitted=work.time,
        **rest,
    )


def _belong_together(one: LearnerWork, other: LearnerWork) -> bool:
    """Return True for work of the same learner or the same group, which is no duplicate."""
    group = one.owner.group if one.owner is not None else None
    others = other.owner.group if other.owner is not None else None
    return one.learner == other.learner or (group is not None and group == others)
