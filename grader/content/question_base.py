"""The fields that all kinds of questions share."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from grader.content.base import Content, Finding, Id
from grader.content.figures import Figure

# unset, not 1: a question without it keeps the hash that attempts at it were recorded with
Points = Annotated[int, Meta(ge=1, le=100)] | UnsetType


# unset, not None, for the same reason
MaybeFigure = Figure | UnsetType


def worth(points: Points) -> int:
    """Return the points of a question."""
    return 1 if isinstance(points, UnsetType) else points


def set_or_none(figure: MaybeFigure) -> Figure | None:
    """Return the figure of a question, or None if it has none."""
    return None if isinstance(figure, UnsetType) else figure


def scrambled(seed: str, count: int) -> list[int]:
    """Return the numbers from 0 in a fixed order.

    The seed should include the explanation, because a learner's kit leaves it out.
    Otherwise a learner could compute the order from the kit.
    """
    return sorted(range(count), key=lambda n: blake2b(f"{seed}\0{n}".encode(), digest_size=8).digest())


class QuestionBase(Content, frozen=True, kw_only=True, tag_field="kind"):
    """Fields that all kinds of questions share."""

    id: Id
    prompt: str
    explain: str  # shown after the question is answered or given up
    concepts: tuple[Id, ...]
    section: str  # the section of the lesson that teaches it
    hints: tuple[str, ...] = ()
    points: Points = UNSET  # 1 if left out
    figure: MaybeFigure = UNSET  # a picture that the question is about

    @property
    def worth(self) -> int:
        """The points that a right first try earns."""
        return worth(self.points)

    @property
    def picture(self) -> Figure | None:
        """The picture that the question is about."""
        return set_or_none(self.figure)

    @property
    def full_prompt(self) -> str:
        """The prompt, with a sentence on how finely to round if the question says that."""
        return self.prompt.strip()

    @property
    def guess(self) -> float:
        """The probability of a right answer by guessing."""
        return 0.02

    def findings(self) -> Iterator[Finding]:
        if not self.concepts:
            yield Finding(("concepts",), "there is no concept", "name at least one concept of the lesson")
