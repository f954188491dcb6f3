"""Notes on what the other system needs, but the file does not have: ids, or the columns of a worksheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.classroom.exports.roster import SYSTEMS, Key, Roster, System
from grader.classroom.owner import Owner
from grader.wording import first_of

_IDS: dict[System, tuple[str, ...]] = {
    "canvas": ("ID", "SIS User ID", "SIS Login ID"),
    "moodle": ("Username", "Email address", "ID number"),  # by which its import of grades finds users
    "gradescope-csv": ("SID", "Email"),
}
_ROSTERS: dict[System, str] = {
    "canvas": "the gradebook that Canvas exported",
    "moodle": "the grading worksheet that Moodle exported",
    "gradescope-csv": "the roster that Gradescope exported",
}
_NUMBERED = re.compile(r"(?P<word>[^\d]*[^\W\d][^\d]*)\d+")  # "Participant 12", in any language


def notes_without_roster(
    people: Mapping[str, Mapping[str, str | None]], known: Mapping[str, Owner | None], system: System
) -> Iterator[str]:
    """Yield notes on learners whose ids are missing or guessed. `people` has the columns of each learner."""
    ids = _IDS[system]
    give = f"give {_ROSTERS[system]} with --roster FILE"
    without = [learner for learner, person in people.items() if not any(person.get(each) for each in ids)]
    if without:
        names = f"{', '.join(ids[:-1])} or {ids[-1]}"
        yield f"the file has no {names} for {first_of(without)}; {give}, so that everybody is found"
    guessed = [learner for learner in people if (o := known.get(learner)) is None or o.lms == "nbgrader"]
    used = [each for each in ids if any(people[learner].get(each) for learner in guessed)]
    if used:
        hold = "holds" if len(used) == 1 else "hold"
        yield (
            f"{' and '.join(used)} {hold} the names of learners' directories; if {SYSTEMS[system]} has other "
            f"ids, {give}"
        )


def notes_on_worksheet(roster: Roster) -> Iterator[str]:
    """Yield a note if this may be a grading worksheet of Moodle that is not known as one."""
    numbers = [roster.columns[Key.NUMBER]] if Key.NUMBER in roster.columns else [*_numbered(roster)]
    if roster.is_worksheet or len(numbers) != 1:
        return
    left_out = [name for place, name in enumerate(roster.header) if place not in roster.columns.values()]
    number = roster.header[numbers[0]]
    yield (
        f"this may be a grading worksheet in another language; {', '.join(filter(None, left_out))} are left "
        f"out, so Moodle would refuse it; to keep all columns, add --column number={number} and --column "
        "grade=HEADER"
    )


def _numbered(roster: Roster) -> Iterator[int]:
    """Yield the places of the columns that number all people with the same word before."""
    for place in range(len(roster.header)):
        found = [_NUMBERED.fullmatch(person[place]) for person in roster.people]
        words = {each["word"] if each else None for each in found}
        is_new = place not in roster.columns.values()
        are_apart = len({person[place] for person in roster.people}) == len(roster.people)
        if is_new and are_apart and len(words) == 1 and None not in words:
            yield place
