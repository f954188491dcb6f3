"""Types of `equivalent_mutants.yaml`: changes of a solution that no test can, or should, notice."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.base import Content, Finding

FILE = "equivalent_mutants.yaml"  # in the directory of an exercise


class EquivalentMutant(Content, frozen=True, kw_only=True):
    """One change that keeps every promise of the contract.

    `function`, `line` and `change` are as `course validate --mutants` shows them.
    """

    function: str
    line: str
    change: str
    reason: str  # why a learner may write this, too

    @property
    def id(self) -> tuple[str, str, str]:
        return self.function, self.line, self.change


class EquivalentMutants(Content, frozen=True, kw_only=True):
    """The equivalent mutants of one exercise. They do not affect its version."""

    mutants: tuple[EquivalentMutant, ...]

    def findings(self) -> Iterator[Finding]:
        seen: set[tuple[str, str, str]] = set()
        for index, mutant in enumerate(self.mutants):
            if mutant.id in seen:
                yield Finding(("mutants", index), f"{mutant.change!r} is listed twice", "delete one entry")
            seen.add(mutant.id)
