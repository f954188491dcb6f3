"""Checks before any test: the file loads, and each function exists with the promised parameters."""

from __future__ import annotations

from grader.content.exercise import Exercise, Function
from grader.judge import sentences
from grader.judge.jobs import OnCells
from grader.judge.report import Outcome
from grader.judge.sandbox.pipe import WorkerCrashed, WorkerTimedOut
from grader.judge.server.cell_outputs import shown_cells
from grader.judge.server.session import Session
from grader.judge.wire import messages as m

Gate = tuple[Outcome, str]  # the outcome of tests that cannot run, and the message for the learner


def closed_gates(session: Session, exercise: Exercise, show: OnCells = lambda cells: None) -> dict[str, Gate]:
    """Load the submission. Return a Gate for each function that cannot be tested, by name.

    `show` receives the outputs of the cells, unless the worker crashed or timed out.
    """
    names = [function.name for function in exercise.functions]
    try:
        reply = session.load()
    except WorkerTimedOut:
        return dict.fromkeys(names, (Outcome.TIMED_OUT, sentences.load_timed_out(session.limits.load)))
    except WorkerCrashed:
        return dict.fromkeys(names, (Outcome.CRASHED, sentences.load_crashed()))
    show(shown_cells(session.cells, reply))
    if isinstance(reply, m.Raised):
        if "MemoryError" in reply.bases:
            gate = (Outcome.OUT_OF_MEMORY, sentences.out_of_memory("Your code"))
        elif reply.syntax:
            gate = (Outcome.NOT_RUN, sentences.does_not_parse(reply))
        else:
            gate = (Outcome.NOT_RUN, sentences.does_not_import(reply))
        return dict.fromkeys(names, gate)
    reasons = ((f.name, _reason(f, reply.functions.get(f.name))) for f in exercise.functions)
    return {name: (Outcome.NOT_RUN, reason) for name, reason in reasons if reason is not None}


def _reason(promised: Function, actual: m.FunctionInfo | None) -> str | None:
    name = promised.name
    if actual is None or not actual.exists:
        return sentences.missing(name)
    if not actual.callable:
        return sentences.not_callable(name)
    if actual.parameters is not None:
        taken = {p.name for p in actual.parameters}
        kinds = {p.kind for p in actual.parameters}
        lacking = [p for p in promised.parameters if p not in taken]
        if "VAR_KEYWORD" in kinds:
            lacking = []
        extra = [p.name for p in actual.parameters if p.name not in promised.parameters and not p.optional]
        if lacking or extra:
            return sentences.parameters(name, promised.parameters, lacking, extra)
    return sentences.blank(name) if actual.blank else None
