"""Notes on learners without a row of the roster: why there is none, and what settles it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.classroom.exports.matching import Doubt, Matches
from grader.classroom.exports.roster import Key, Roster, System
from grader.classroom.owner import Owner
from grader.wording import first_of

_SHOWN = 4  # lines that a note names
_IDS = (Key.SID, Key.LOGIN, Key.EMAIL, Key.NUMBER)


def notes_on_unmatched(
    matches: Matches, roster: Roster, system: System, known: Mapping[str, Owner | None], file: str
) -> Iterator[str]:
    """Yield notes on the learners who are left out. `file` is the name of the roster."""
    if matches.unknown:
        yield f"{', '.join(matches.unknown)}: not in {file}; left out"
    for learner, doubt in sorted(matches.doubts.items()):
        yield f"{learner}: {_why(doubt, roster, file)}; left out"
    left_out = (*matches.unknown, *matches.doubts)
    if left_out:
        yield _way_forward(roster, system, [known.get(each) for each in left_out], file)


def _why(doubt: Doubt, roster: Roster, file: str) -> str:
    people = first_of([_person(roster, row) for row in doubt.rows], _SHOWN, "; ")
    if len(doubt.rows) > 1:
        return f"{len(doubt.rows)} lines of {file} match ({people})"
    if doubt.others:
        return f"the line of {file} that matches ({people}) also matches {', '.join(doubt.others)}"
    return f"the line of {file} with this name ({people}) has another number"


def _person(roster: Roster, row: int) -> str:
    """Return the name and the ids in a row, by which it can be told from another."""
    person = roster.people[row]
    texts = [roster.name(person), *(roster.of(person, key) for key in _IDS)]
    return ", ".join(dict.fromkeys(filter(None, texts)))


def _way_forward(roster: Roster, system: System, owners: Sequence[Owner | None], file: str) -> str:
    ids = [key for key in _IDS if key in roster.columns and (key is not Key.NUMBER or system != "moodle")]
    by_hand = "or write their grades into the output yourself"
    has_number = any(owner is not None and owner.lms == "moodle" for owner in owners)
    if system == "moodle" and has_number and not roster.is_worksheet:
        return (
            "to add those who are left out, give Moodle's grading worksheet with --roster, because it has "
            f"the numbers of the download, {by_hand}"
        )
    if not ids:
        return (
            f"to add those who are left out, give a roster that has ids, because {file} has none, {by_hand}"
        )
    headers = " or ".join(roster.header[roster.columns[key]] for key in ids)
    return (
        f"to add those who are left out, name their directory after their {headers} in {file} and run "
        f"`course grade` with --resume, {by_hand}"
    )
