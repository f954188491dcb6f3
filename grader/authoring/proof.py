"""Conclusions about an exercise from the judge's reports. All functions are pure; nothing runs here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from grader.authoring.material import ExerciseFiles
from grader.authoring.mutation_proof import MutantRun
from grader.authoring.places import PythonPlaces
from grader.content.exercise import Mistake
from grader.content.problem import Problem
from grader.judge import sentences
from grader.judge.report import Outcome, Report, TestResult
from grader.judge.verdict import results_of


class Column(Struct, frozen=True, kw_only=True):
    """A column of the matrix: one test."""

    id: str
    function: str
    title: str
    visible: bool


class Row(Struct, frozen=True, kw_only=True):
    """A row of the matrix: a mistake, the tests it fails and the mistakes it is recognized as."""

    id: str
    function: str
    failed: tuple[str, ...]
    named: tuple[str, ...]


class Matrix(Struct, frozen=True, kw_only=True):
    """The matrix of mistakes × tests."""

    tests: tuple[Column, ...] = ()
    mistakes: tuple[Row, ...] = ()


class Runs(Struct, frozen=True, kw_only=True):
    """All reports of an exercise. Reports with the same seed are repeated runs of the same code.

    `draws` are those with further seeds, of mistakes that a single test fails. They end with the first
    test that fails.
    """

    starter: Report | None = None
    solution: tuple[Report, ...] = ()
    mistakes: Mapping[str, tuple[Report, ...]] = {}
    draws: Mapping[str, tuple[Report, ...]] = {}
    mutants: tuple[MutantRun, ...] = ()


def matrix(files: ExerciseFiles, runs: Runs) -> Matrix:
    """Return the matrix of failed tests for the first seed."""
    if not runs.solution:
        return Matrix()
    tests = tuple(
        Column(id=t.id, function=t.function, title=t.title, visible=t.visible) for t in runs.solution[0].tests
    )
    rows = []
    for mistake in files.exercise.mistakes:
        if reports := runs.mistakes.get(mistake.id):
            failed, named = _failed(reports[0]), tuple(m.id for m in reports[0].mistakes)
            rows.append(Row(id=mistake.id, function=mistake.function, failed=tuple(failed), named=named))
    return Matrix(tests=tests, mistakes=tuple(rows))


def findings(files: ExerciseFiles, runs: Runs) -> list[Problem]:
    """Return a problem for everything that the runs show to be wrong."""
    if runs.solution and (reason := _not_ready(runs.solution[0])) is not None:
        return [files.solution.problem("", f"the solution cannot be judged: {reason}", "fix it")]
    trusted = trusted_tests(runs.solution)
    return [
        *_broken_tests(files, runs),
        *_stopped(files.solution, runs.solution[0] if runs.solution else None),
        *_stopped(files.starter, runs.starter),
        *_solution(files, runs.solution),
        *_coverage(files, runs, trusted),
        *_starter(files, runs.starter),
        *_mistakes(files, runs, trusted),
    ]


def trusted_tests(solution: Sequence[Report]) -> set[str]:
    """Return the ids of the tests that the solution always passes. Other tests prove nothing."""
    wrong = {test for report in solution for test in _failed(report)}
    return {test.id for report in solution[:1] for test in report.tests} - wrong


def _failed(report: Report) -> list[str]:
    """Return the ids of the tests that were not passed."""
    return [test.id for test in report.tests if test.outcome is not Outcome.PASSED]


def _not_ready(report: Report) -> str | None:
    """Return why no test could run, or None if tests ran."""
    endings = {(test.outcome, test.message) for test in report.tests}
    outcome, reason = endings.pop() if len(endings) == 1 else (Outcome.PASSED, "")
    ran = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.JUDGE_BROKEN)
    return None if outcome in ran else reason


def _at_test(files: ExerciseFiles, test: TestResult, what: str, todo: str) -> Problem:
    return files.test_file(test.visible).problem(test.id, f"{test.id}: {what}", todo)


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed {_numbers(seeds)}" if len(seeds) == 1 else f"seeds {_numbers(seeds)}"


def _numbers(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds[:8])) + (" …" if len(seeds) > 8 else "")


# --- the solution ---


def _broken_tests(files: ExerciseFiles, runs: Runs) -> Iterator[Problem]:
    """Yield a problem for each test that is itself broken in any report."""
    reports = [*runs.solution, *([runs.starter] if runs.starter else [])]
    reports += [report for several in runs.mistakes.values() for report in several]
    reported: set[str] = set()
    for report in reports:
        for test in report.tests:
            if test.outcome is Outcome.JUDGE_BROKEN and test.id not in reported:
                reported.add(test.id)
                yield _broken_test(files, test)


def _broken_test(files: ExerciseFiles, test: TestResult) -> Problem:
    if test.error is None:
        return _at_test(files, test, f"the test itself is broken ({test.message})", "fix it")
    found = _at_test(files, test, f"the test itself is broken: {test.error.says}", "fix the test")
    return replace(found, line=test.error.line or found.line)


def _stopped(file: PythonPlaces, report: Report | None) -> Iterator[Problem]:
    """Yield a problem for each statement outside a function that fails."""
    for stop in report.stopped if report else ():
        yield file.problem("", stop.message, "fix it: what a learner's file may do, the course's may not")


def _solution(files: ExerciseFiles, reports: Sequence[Report]) -> Iterator[Problem]:
    for column in _by_test(reports):
        outcomes = dict[int, set[Outcome]]()
        for report, test in column:
            outcomes.setdefault(report.seed, set()).add(test.outcome)
        all_outcomes = set().union(*outcomes.values())
        if all_outcomes == {Outcome.PASSED} or Outcome.JUDGE_BROKEN in all_outcomes:
            continue
        flaky_seeds = [seed for seed, several in outcomes.items() if len(several) > 1]
        failing = [seed for seed, several in outcomes.items() if several != {Outcome.PASSED}]
        wrong = next(test for _, test in column if test.outcome is not Outcome.PASSED)
        message = _in_one_line(wrong.message)
        if flaky_seeds:
            yield _at_test(
                files,
                wrong,
                f"flaky: the solution both passes and fails it for {_seeds(flaky_seeds)}",
                "draw all random numbers from `rng`, and do not measure time",
            )
        elif len(failing) < len(outcomes):
            yield _at_test(
                files,
                wrong,
                f"flaky: the solution fails it for {_seeds(failing)} ({message})",
                f"run course check {files.exercise.id} {files.solution.file} --seed {failing[0]} to see it",
            )
        else:
            yield _at_test(files, wrong, f"the solution fails it ({message})", "fix the test or the solution")


def _in_one_line(message: str) -> str:
    """Join the lines of a message, the author's words and the details, so that they stay apart."""
    lines = [" ".join(line.split()) for line in message.split("\n")]
    return "; ".join(line.removesuffix(".") for line in lines if line)


def _by_test(reports: Sequence[Report]) -> list[list[tuple[Report, TestResult]]]:
    """Return one list per test with the test's result in every report."""
    columns: dict[str, list[tuple[Report, TestResult]]] = {}
    for report in reports:
        for test in report.tests:
            columns.setdefault(test.id, []).append((report, test))
    return list(columns.values())


# --- the tests as a whole ---


def _coverage(files: ExerciseFiles, runs: Runs, trusted: set[str]) -> Iterator[Problem]:
    tests = runs.solution[0].tests if runs.solution else ()
    tested = {test.function for test in tests}
    for i, function in enumerate(files.exercise.functions):
        if runs.solution and function.name not in tested:
            yield files.yaml.problem(("functions", i), f"no test covers {function.name}", "add tests for it")
    fails: set[str] = set()
    for mistake in files.exercise.mistakes:
        for report in runs.mistakes.get(mistake.id, ()):
            fails |= {t.id for t in results_of(report, mistake.function)} & {*_failed(report)}
    for test in tests:
        if not test.visible and test.id in trusted - fails:
            what = f"no mistake of {test.function} fails it"
            todo = "add a mistake that it catches (course new mistake), or delete the test"
            yield _at_test(files, test, what, todo)


# --- the starter ---


def _starter(files: ExerciseFiles, report: Report | None) -> Iterator[Problem]:
    if report is None:
        return
    if (reason := _not_ready(report)) is not None and len({t.function for t in report.tests}) > 1:
        yield files.starter.problem("", f"the starter cannot be judged: {reason}", "fix it")
        return
    for function in files.exercise.functions:
        tests = results_of(report, function.name)
        earned = [test.id for test in tests if test.score > 0]
        not_blank = [
            t for t in tests if t.outcome is Outcome.NOT_RUN and t.message != sentences.blank(function.name)
        ]
        if earned:
            yield files.starter.problem(
                function.name,
                f"the starter's {function.name} earns points ({', '.join(earned)})",
                "leave its body blank (raise NotImplementedError), or make these tests stricter",
            )
        elif not_blank:
            yield files.starter.problem(function.name, not_blank[0].message, "fix the starter")


# --- the mistakes ---


def _mistakes(files: ExerciseFiles, all_runs: Runs, trusted: set[str]) -> Iterator[Problem]:
    runs = all_runs.mistakes
    twins: dict[str, set[str]] = {id_: set() for id_ in runs}
    for one, other in combinations([m for m in files.exercise.mistakes if runs.get(m.id)], 2):
        if one.function == other.function and (what := _alike(one.id, other.id, runs, trusted)):
            if not twins[other.id]:  # report each mistake of a group of twins once
                todo = "add a test that only one of them fails, or delete one"
                yield files.mistake_problem(other.id, f"{other.id} and {one.id} {what}", todo)
            twins[one.id].add(other.id)
            twins[other.id].add(one.id)
    for mistake in files.exercise.mistakes:
        if (reports := runs.get(mistake.id)) and not _has_broken_test(mistake, reports):
            # what the judge cannot judge apart, such as a user of a wrong builder, fails its tests, too
            users = files.solution.users(mistake.function)
            expected = {t.id for t in reports[0].tests if t.function in users}
            draws = all_runs.draws.get(mistake.id, ())
            for what, todo in _mistake(mistake, reports, draws, trusted - expected, twins[mistake.id]):
                yield files.mistake_problem(mistake.id, f"{mistake.id} {what}", todo)


def _has_broken_test(mistake: Mistake, reports: Sequence[Report]) -> bool:
    """Return True if a test of the mistake's function is itself broken, so that it proves nothing."""
    tests = [test for report in reports for test in results_of(report, mistake.function)]
    return any(test.outcome is Outcome.JUDGE_BROKEN for test in tests)


def _alike(one: str, other: str, runs: Mapping[str, Sequence[Report]], trusted: set[str]) -> str | None:
    """Return how two mistakes look the same to the judge, or None if they do not."""
    names = [{recognized.id for report in runs[m] for recognized in report.mistakes} for m in (one, other)]
    if (other in names[0] and one in names[1]) or names[0] == names[1] in ({one}, {other}):
        return "cannot be told apart"
    failed = [[trusted & {*_failed(report)} for report in runs[m][:2]] for m in (one, other)]
    if not names[0] and not names[1] and failed[0] == failed[1] and any(failed[0]):
        return "fail the same tests, and neither is recognized"
    return None


def _mistake(
    mistake: Mistake,
    reports: Sequence[Report],
    draws: Sequence[Report],
    trusted: set[str],
    twins: set[str],
) -> Iterator[tuple[str, str]]:
    """Yield (problem, advice) for one mistake."""
    own = {t.id for t in results_of(reports[0], mistake.function)}
    if reports[0].stopped:
        yield f"cannot be judged: {reports[0].stopped[0].message}", f"fix {mistake.file}"
        return
    for test in reports[0].tests:
        if test.id in own and test.outcome is Outcome.NOT_RUN:
            yield f"cannot be judged: {test.message}", f"fix {mistake.file}"
            return
    flaky_tests = _flaky_tests(reports, trusted)
    if flaky_tests:
        yield (
            f"is flaky: it both passes and fails {', '.join(flaky_tests)} for the same seed",
            "draw random numbers only with a fixed seed",
        )
    others = sorted({test for r in reports for test in _failed(r)} & trusted - own)
    if others:
        yield (
            f"also changes another function: it fails {', '.join(others)}",
            f"change only {mistake.function}",
        )
    harmless = sorted({report.seed for report in (*reports, *draws) if not own & {*_failed(report)}})
    if harmless:
        tried = len({report.seed for report in (*reports, *draws)})
        when = (
            "" if len(harmless) == tried else f" for {len(harmless)} of {tried} seeds ({_numbers(harmless)})"
        )
        todo = "let a test draw on purpose what shows it" if when else "add a test that it fails"
        yield f"passes every test of {mistake.function}{when}", todo
        return
    if flaky_tests:
        return  # its recognition proves nothing
    for report in reports:
        names = {recognized.id for recognized in report.mistakes}
        wrong = sorted(names - {mistake.id} - twins)
        if mistake.id not in names and not (twins or names):
            yield f"is not recognized for seed {report.seed}", "make it behave the same in every run"
            return
        if wrong:
            also = " also" if mistake.id in names else ""
            yield (
                f"is{also} recognized as {', '.join(wrong)} for seed {report.seed}",
                "add a test that only one of them fails",
            )
            return


def _flaky_tests(reports: Sequence[Report], trusted: set[str]) -> list[str]:
    """Return the ids of the trusted tests whose outcome differs between runs with the same seed."""
    flaky = []
    for column in _by_test(reports):
        pairs = {(report.seed, test.outcome) for report, test in column}
        if column[0][1].id in trusted and len(pairs) > len({seed for seed, _ in pairs}):
            flaky.append(column[0][1].id)
    return flaky
