"""Advice on an error of a submission, which follows the error's message."""

from __future__ import annotations

from grader.judge.server import old_keras
from grader.judge.server.surroundings import surroundings_advice
from grader.judge.wire import messages as m


def advice_on(raised: m.Raised, cells: tuple[m.Cell, ...], hidden: bool = False) -> str:
    """Return the first advice that fits: on old names, on eager execution, on network and files, or "".

    In a hidden test, the advice does not depend on the error's text.
    """
    advice = old_keras.advice_at(cells, raised.label, raised.line, raised.bases)
    if not advice and not raised.eager:
        advice = old_keras.eager_advice(cells, raised.bases)
    return advice or surroundings_advice(raised, hidden)
