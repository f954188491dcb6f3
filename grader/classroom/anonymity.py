"""Other names for learners, the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec.structs import replace

from grader.classroom.results import Result


def pseudonyms(learners: Iterable[str]) -> dict[str, str]:
    """Return another name for each learner, made from the name.

    They keep names off a screen. Who has the list of names can find out which
    is whose.
    """
    names: dict[str, str] = {}
    for learner in sorted(set(learners)):
        digest = blake2b(learner.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        # longer where two would be the same
        size = next(n for n in range(6, 33) if f"learner-{digest[:n]}" not in names.values())
        names[learner] = f"learner-{digest[:size]}"
    return names


def anonymous(result: Result, names: Mapping[str, str]) -> Result:
    """Return the result under the learner's other name; the path of the file would give it away."""
    same = result.same_as and names.get(result.same_as, "another learner")
    problem = result.problem
    for learner, name in names.items() if problem else ():
        problem = (problem or "").replace(learner, name)
    return replace(result, learner=names[result.learner], file="", same_as=same, problem=problem)
