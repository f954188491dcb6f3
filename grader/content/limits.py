"""Limits of an exercise: what it allows a submission instead of the usual amounts."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.base import Content, Finding

CALL_SECONDS = (0.5, 120.0)  # from, to
TOTAL_SECONDS = (10.0, 1800.0)
MEMORY_MB = (500, 16_000)


class ExerciseLimits(Content, frozen=True, kw_only=True):
    """Limits for one submission. The defaults are the usual ones.

    A call may take `call_seconds`, and all calls and tests together `total_seconds`. With
    more for a call, a test with many calls gets more in proportion.
    """

    call_seconds: float = 10.0
    total_seconds: float = 600.0
    memory_mb: int = 4000

    def findings(self) -> Iterator[Finding]:
        bounds = {"call_seconds": CALL_SECONDS, "total_seconds": TOTAL_SECONDS, "memory_mb": MEMORY_MB}
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                todo = f"choose a number from {least:g} to {most:g}"
                yield Finding((name,), f"{name} is {getattr(self, name):g}", todo)
        if self.call_seconds > self.total_seconds:
            yield Finding(("call_seconds",), "one call may take longer than all together", "swap the numbers")


USUAL_LIMITS = ExerciseLimits()
