"""Stable pseudonyms for learners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec.structs import replace

from grader.classroom.owner import Owner
from grader.classroom.results import Result


def pseudonyms(learners: Iterable[str]) -> dict[str, str]:
    """Return learner -> pseudonym; the same name always gives the same pseudonym.

    Pseudonyms keep names off a screen. Anyone with the list of names can
    compute them, so they are not anonymous.
    """
    names: dict[str, str] = {}
    for learner in sorted(set(learners)):
        digest = _digest(learner)
        # longer where two learners would get the same
        size = next(n for n in range(6, 33) if f"learner-{digest[:n]}" not in names.values())
        names[learner] = f"learner-{digest[:size]}"
    return names


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def anonymous(result: Result, names: Mapping[str, str]) -> Result:
    """Return the result under the pseudonym, without file name and owner, which contain the name.

    Members of a group can still be told from learners who copied.
    """
    owner = result.owner
    of_owner = () if owner is None else (owner.email, owner.name, owner.login, owner.sid, owner.number)
    own = sorted({text for text in of_owner if text and len(text) > 2}, key=lambda text: -len(text))

    def hidden(text: str) -> str:
        for learner, name in names.items():
            text = text.replace(learner, name)
        for each in own:
            text = text.replace(each, names[result.learner])
        return text

    return replace(
        result,
        learner=names[result.learner],
        file="",
        owner=None if owner is None or owner.group is None else Owner(group=_digest(owner.group)[:12]),
        handed_in_by=result.handed_in_by and names.get(result.handed_in_by, _digest(result.handed_in_by)),
        same_as=result.same_as and names.get(result.same_as, "another learner"),
        problem=result.problem and hidden(result.problem),
        notes=tuple(map(hidden, result.notes)),
        told=tuple(map(hidden, result.told)),
    )
