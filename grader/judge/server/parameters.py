"""Compare the parameters of a learner's function with the promised ones."""

from __future__ import annotations

from collections.abc import Mapping

from grader.content.exercise import Function
from grader.judge.wire.messages import Parameter


def renamed_parameters(promised: Function, actual: tuple[Parameter, ...]) -> Mapping[str, str]:
    """Return promised name -> actual name, for parameters with another name at the promised position."""
    positional = [p for p in actual if p.kind in ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")]
    taken = {p.name for p in actual}
    pairs = zip(promised.positional, positional, strict=False)
    return {name: p.name for name, p in pairs if name not in taken and p.name not in promised.parameters}
