"""Checks before any test: what of the file ran, and whether each function exists and can be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from grader.content.exercise import Exercise, Function
from grader.judge import sentences
from grader.judge.jobs import OnCells
from grader.judge.report import Outcome, StoppedCode
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.server.advice import advice_on
from grader.judge.server.cell_outputs import shown_cells, without_control
from grader.judge.server.parameters import renamed_parameters
from grader.judge.server.session import Session, built_in_errors
from grader.judge.verdict import MAX_STOPPED
from grader.judge.wire import messages as m

Gate = tuple[Outcome, str]  # the outcome of tests that cannot run, and the message for the learner


class LoadVerdict(Struct, frozen=True):
    """What loading a submission has shown: the functions that cannot be tested, and what to tell."""

    gates: dict[str, Gate]
    stopped: tuple[StoppedCode, ...] = ()
    notes: tuple[str, ...] = ()


def load_verdict(session: Session, exercise: Exercise, show: OnCells = lambda cells: None) -> LoadVerdict:
    """Load the submission.

    `show` receives the outputs of the cells, unless the worker crashed, timed out or
    ran out of memory.
    """
    names = [function.name for function in exercise.functions]
    try:
        reply = session.load()
    except WorkerTimedOut:
        return _closed(names, Outcome.TIMED_OUT, sentences.load_timed_out(session.limits.load))
    except WorkerCrashed:
        return _closed(names, Outcome.CRASHED, sentences.load_crashed())
    if isinstance(reply, m.Raised) and "MemoryError" not in reply.bases:
        return _closed(names, Outcome.CRASHED, sentences.load_crashed())
    if isinstance(reply, m.Raised):
        return _closed(names, Outcome.OUT_OF_MEMORY, sentences.out_of_memory("Your code"))
    show(shown_cells(session.cells, reply))
    stops = _plausible_stops(session, reply)
    advised = [*_advice(stops, session, exercise)]
    gates = {
        f.name: gate for f in exercise.functions if (gate := _gate(f, reply.functions.get(f.name), advised))
    }
    tested = [f for f in exercise.functions if f.name not in gates]
    notes = [note for f in tested if (note := _renamed_note(f, reply.functions[f.name]))]
    notes += [sentences.overwritten(f.name) for f in tested if f.name in reply.overwritten]
    if reply.without_ipython:
        notes.append(sentences.without_ipython())
    return LoadVerdict(gates, tuple(_told(stop, advice, session) for stop, advice in advised), tuple(notes))


def unreadable(exercise: Exercise) -> LoadVerdict:
    """Return the verdict on a submission whose loading sent something that the judge cannot read."""
    names = [function.name for function in exercise.functions]
    return _closed(names, Outcome.CRASHED, sentences.load_crashed())


def _closed(names: Iterable[str], outcome: Outcome, message: str) -> LoadVerdict:
    return LoadVerdict(dict.fromkeys(names, (outcome, message)))


# --- code outside the functions ---


def _plausible_stops(session: Session, reply: m.Loaded) -> list[m.Stop]:
    """Return the stops that name a line of the submission, cleaned of what no error has."""
    return [
        structs.replace(stop, bases=built_in_errors(stop.bases), text=without_control(stop.text))
        for stop in reply.stops
        if 0 < stop.line <= session.lines.get(stop.label, 0)
    ]


def _advice(stops: Sequence[m.Stop], session: Session, exercise: Exercise) -> Iterator[tuple[m.Stop, str]]:
    """Yield each stop with advice on it, if learners will see it."""
    names = {function.name for function in exercise.functions}
    for position, stop in enumerate(stops):
        is_seen = position < MAX_STOPPED or not names.isdisjoint(stop.defines)
        yield stop, advice_on(stop, session, exercise) if is_seen else ""


def _told(stop: m.Stop, advice: str, session: Session) -> StoppedCode:
    source = session.line_of(stop.label, stop.line)
    message = sentences.stopped(stop, source, session.limits.statement, advice)
    return StoppedCode(place=sentences.line_of(stop.label, stop.line), message=without_control(message))


# --- functions ---


def _gate(
    promised: Function, actual: m.FunctionInfo | None, advised: Iterable[tuple[m.Stop, str]]
) -> Gate | None:
    """Return why a function cannot be tested, or None. `advised` are all stops, with advice on each."""
    name = promised.name
    stop, advice = next(((stop, advice) for stop, advice in advised if name in stop.defines), (None, ""))
    if actual is None or not actual.exists:
        near = "" if actual is None or not actual.near.isidentifier() else actual.near
        if stop is not None and "MemoryError" in stop.bases:
            return Outcome.OUT_OF_MEMORY, sentences.out_of_memory("Your code")
        return Outcome.NOT_RUN, without_control(sentences.missing(name, stop, near, advice))
    if not actual.callable:
        return Outcome.NOT_RUN, sentences.not_callable(name)
    if actual.parameters is not None and (reason := _parameters(promised, actual.parameters)):
        return Outcome.NOT_RUN, reason
    if actual.blank:
        reason = sentences.missing(name, stop, advice=advice) if stop else sentences.blank(name)
        return Outcome.NOT_RUN, without_control(reason)
    return None


def _parameters(promised: Function, actual: tuple[m.Parameter, ...]) -> str | None:
    """Return the reason why a function with these parameters cannot be tested, or None."""
    renamed = renamed_parameters(promised, actual)
    taken = {p.name for p in actual}
    lacking = [p for p in promised.parameters if p not in taken and p not in renamed]
    if any(p.kind == "VAR_KEYWORD" for p in actual):
        lacking = []
    known = {*promised.parameters, *renamed.values()}
    extra = [p.name for p in actual if p.name not in known and not p.optional]
    return (
        sentences.parameters(promised.name, promised.parameters, lacking, extra) if lacking or extra else None
    )


def _renamed_note(promised: Function, actual: m.FunctionInfo) -> str:
    renamed = renamed_parameters(promised, actual.parameters or ())
    return without_control(sentences.renamed_parameters(promised.name, renamed)) if renamed else ""
