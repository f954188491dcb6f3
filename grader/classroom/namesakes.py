"""Learners with the same name, and what tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from grader.classroom.names import look_alikes
from grader.classroom.owner import Owner
from grader.classroom.results import Result

_MOST = 5  # learners that a sentence names
_KINDS = ("number", "login", "sid", "email")
_WAY_FORWARD = (
    "Each has a row in grades.csv. In class.yaml and in tables, name each of them as here. If they are "
    "one person, keep the files of one and grade again"
)


class Namesake(Struct, frozen=True):
    """A learner whose name others have, too."""

    learner: str  # as in the results
    known: dict[str, str]  # what the system says: number, login, sid, email
    files: tuple[str, ...]


class Namesakes(Struct, frozen=True):
    """Learners with the same name. Case, spaces and letters that look alike do not count."""

    name: str
    learners: tuple[Namesake, ...]

    @property
    def says(self) -> str:
        """Return a sentence for the instructor."""
        told = [_described(each) for each in self.learners[:_MOST]]
        told += [f"{len(self.learners) - _MOST} more"] * (len(self.learners) > _MOST)
        return f"{len(self.learners)} learners are called {self.name}: {'; '.join(told)}. {_WAY_FORWARD}."


def namesakes(
    owners: Mapping[str, Owner | None], files: Mapping[str, Sequence[str]]
) -> tuple[Namesakes, ...]:
    """Return the learners who have a name in common that a system knows."""
    labels = {learner: (owner and owner.name) or learner for learner, owner in owners.items()}
    return tuple(
        Namesakes(labels[group[0]], tuple(_namesake(each, owners[each], files) for each in group))
        for group in look_alikes(labels)
        if any((owner := owners[each]) is not None and owner.name for each in group)
    )


def namesakes_in(
    results: Iterable[Result], without_work: Mapping[str, Owner | None]
) -> tuple[Namesakes, ...]:
    """Return those among the learners of a class with these results."""
    owners: dict[str, Owner | None] = {**without_work}
    files: dict[str, list[str]] = {}
    for each in results:
        owners[each.learner] = each.owner or owners.get(each.learner)
        if each.file and each.handed_in_by is None:
            files.setdefault(each.learner, []).append(each.file)
    return namesakes(owners, files)


def _namesake(learner: str, owner: Owner | None, files: Mapping[str, Sequence[str]]) -> Namesake:
    said = {kind: getattr(owner, kind) for kind in _KINDS if owner is not None}
    known = {kind: text for kind, text in said.items() if text}
    return Namesake(learner, known, tuple(sorted(files.get(learner, ()))))


def _described(each: Namesake) -> str:
    return f"{each.learner} ({', '.join(_about(each))})"


def _about(each: Namesake) -> Iterator[str]:
    yield from (f"{kind} {text}" for kind, text in each.known.items())
    yield each.files[0] if each.files else "no gradable files"
