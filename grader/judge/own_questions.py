"""Questions about a learner's own code, as plain data between client and judge."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

import msgspec
from msgspec import Struct

from grader.content.questions import NumericQuestion, ShapeQuestion, SingleQuestion

Family = Literal["behavior", "inside", "change"]


class Place(Struct, frozen=True):
    """A line of the learner's file or cell; lines count from 1."""

    label: str
    line: int


class OwnQuestion(Struct, frozen=True, kw_only=True):
    """A question whose key comes from one submission.

    `source` is the hash of that submission, and `guess` the probability of a right answer
    without knowing.
    """

    exercise: str
    function: str
    template: str
    family: Family
    level: int  # 1 reading, 2 tracing, 3 predicting
    guess: float
    source: str
    question: SingleQuestion | NumericQuestion | ShapeQuestion
    places: tuple[Place, ...] = ()


def source_hash(cells: Sequence[Struct], files: Sequence[Struct]) -> str:
    """Return the hash of a submission's source, from which its calls are drawn."""
    return blake2b(msgspec.msgpack.encode((cells, files)), digest_size=16).hexdigest()
