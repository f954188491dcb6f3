"""Find the learners that a class file names: a name must identify exactly one of the class."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from msgspec.structs import replace

from grader.classroom.class_file import ClassFile, problems_in
from grader.classroom.owner import Owner, name_forms
from grader.content.base import Finding
from grader.content.problem import ContentError

REMARKS = ("extensions", "excused", "marks", "overrides", "comments")
_NEAR = 0.75  # similarity from which a name is taken for a slip; "ann" and "anna" have 0.86
_ABSENT = "if this is somebody else, who has no submission here, add the name to `absent`"
_Path = tuple[str | int, ...]

Known = Mapping[str, Owner | None]  # learner -> what the system says of them


def with_known_names(file: ClassFile, text: str, path: Path, known: Known) -> ClassFile:
    """Return the file with each learner under the name that the results use.

    `known` are all learners of the class. A name that is like none of theirs stays as it is: it may
    be somebody who has no submission. Raises ContentError with all names that are ambiguous, or
    nearly those of a learner.
    """
    names = _Names(known, file)
    findings: list[Finding] = []

    def find(name: str, where: _Path) -> str:
        found = names.find(name)
        if isinstance(found, str):
            return found
        findings.append(found._replace(path=where))
        return name

    for index, name in enumerate(file.absent):
        findings += names.wrongly_absent(name, ("absent", index))
    groups = []
    for index, group in enumerate(file.groups):
        members = (find(each, ("groups", index, "learners", n)) for n, each in enumerate(group.learners))
        groups.append(replace(group, learners=tuple(dict.fromkeys(members))))
    names.add(name for group in groups for name in group.learners)
    changed = {
        field: tuple(
            replace(each, learner=find(each.learner, (field, index, "learner")))
            for index, each in enumerate(getattr(file, field))
        )
        for field in REMARKS
    }
    done = replace(file, groups=tuple(groups), **changed)
    # two names in different groups may be one learner's
    if findings := findings or [*done.findings()]:
        raise ContentError(problems_in(findings, text, path))
    return done


class _Names:
    """All names of the learners of a class."""

    def __init__(self, known: Known, file: ClassFile) -> None:
        self._learners = {*known}
        self._groups = {group.name for group in file.groups}
        self._absent = {*file.absent}
        self._by_key: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        for learner, owner in known.items():
            keys = {learner, *_keys(owner)}
            for key in keys:
                self._by_key.setdefault(_folded(key), set()).add(learner)
            for form in name_forms((owner and owner.name) or ""):
                self._by_name.setdefault(form, set()).add(learner)
        self._texts: dict[str, set[str]] = {}  # what a slip may have meant -> learners
        self._with_names = {_folded(learner) for learner, owner in known.items() if owner and owner.name}
        for learner, owner in known.items():
            for text in (learner, *_keys(owner), *([owner.name] if owner and owner.name else [])):
                self._texts.setdefault(_folded(text), set()).add(learner)
        for name in sorted(self._groups):
            self._texts.setdefault(_folded(name), set()).add(name)

    def add(self, strangers: Iterator[str]) -> None:
        """Add members of groups who have no submission of their own."""
        for name in strangers:
            if name not in self._learners:
                self._learners.add(name)
                self._by_key.setdefault(_folded(name), set()).add(name)
                self._texts.setdefault(_folded(name), set()).add(name)

    def find(self, name: str) -> str | Finding:
        """Return the learner, or a finding without a path."""
        if name in self._learners or name in self._groups or name in self._absent:
            return name
        found = self._of(name)
        if len(found) == 1:
            return min(found)
        if found:
            return Finding((), f"{name!r} may be {_choice(found)}", "write the whole name of one of them")
        if near := self._near(name):
            return Finding((), f"{name!r} is not a learner here", f"did you mean {_choice(near)}? {_ABSENT}")
        return name

    def wrongly_absent(self, name: str, where: _Path) -> Iterator[Finding]:
        """Yield a finding if somebody who is absent may be a learner who is not."""
        found = self._of(name) - {name}
        if found and name not in self._learners:
            what = f"{name!r} is absent, but may be {_choice(found)}"
            yield Finding(where, what, "remove the name, or write one that is not a learner's, such as an id")

    def _of(self, name: str) -> set[str]:
        found = self._by_key.get(_folded(name), set())
        forms = (self._by_name.get(form, set()) for form in name_forms(name))
        return found or set().union(*forms)

    def _near(self, name: str) -> set[str]:
        """Return the learners or groups that a name may be a slip for.

        Ids that differ only in their digits are numbers, if several learners have such ones:
        u1003 is not a slip for u1002.
        """
        folded = _folded(name)
        letters = _letters(folded)
        series = [t for t in self._texts if _letters(t) == letters and t not in self._with_names]
        texts = self._texts.keys() - ({*series} if len(series) > 1 else set())
        near = get_close_matches(folded, sorted(texts), n=1, cutoff=_NEAR)
        # part of a name: "Ada" for "Ada Lovelace_12345"
        words = {*re.findall(r"[^\W_]+", folded)}
        parts = [text for text in sorted(texts) if words and words < {*re.findall(r"[^\W_]+", text)}]
        return set().union(*(self._texts[text] for text in near or parts))


def _keys(owner: Owner | None) -> tuple[str, ...]:
    if owner is None:
        return ()
    return tuple(each for each in (owner.number, owner.login, owner.sid, owner.email) if each)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def _letters(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _choice(names: set[str]) -> str:
    return " or ".join(f"“{name}”" for name in sorted(names)[:5])
