"""Collect the work of each learner from the files of a class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from sys import getsizeof

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.found_files import SkippedFile, shortened
from grader.classroom.layout import owners_of_class
from grader.classroom.learner_files import LearnerFiles
from grader.classroom.learner_work import LearnerWork, texts_of
from grader.classroom.names import storable
from grader.classroom.owner import Owner
from grader.classroom.ownership import Owned
from grader.classroom.submission_time import SubmissionTime, time_of_system, times_of_a_copy
from grader.classroom.system_names import NameRule
from grader.classroom.wanted import Wanted
from grader.errors import CourseError, EnvironmentProblem

MAX_CLASS_CODE = 2_000_000_000  # bytes of code that a whole class may hold in memory


class Intake(Struct, frozen=True):
    """All collected work; each part is sorted."""

    learners: tuple[str, ...]  # including those without any graded work
    handed: tuple[LearnerWork, ...]
    left_out: tuple[SkippedFile, ...]
    untouched: frozenset[str]  # the hashes of starters
    alike: tuple[tuple[str, ...], ...] = ()  # groups of learners whose names are easily confused
    known: Mapping[str, Owner] = {}  # learner -> what the system says of them
    of_a_copy: frozenset[SubmissionTime] = frozenset()  # times that say nothing about the work

    @property
    def without_work(self) -> dict[str, Owner | None]:
        """The learners without any graded work, and what the system says of them."""
        had = {each.learner for each in self.handed}
        return {learner: self.known.get(learner) for learner in self.learners if learner not in had}

    @property
    def items(self) -> tuple[str, ...]:
        """The ids of all exercises and quizzes that were handed in."""
        return tuple(sorted({each.item for each in self.handed}))


def take_in(path: Path, wanted: Wanted, out: Path, rule: NameRule | None = None) -> Intake:
    """Read all submissions at `path`, except the results in `out`, one learner at a time.

    `rule` reads the names of directories and files before all else. Raises
    CourseError, also if the class is too large: nobody is left out silently.
    """
    with ExitStack() as stack:
        owners = owners_of_class(path, out, wanted.single, stack, rule)
        left_out = shortened(owners.left_out, ".")
        handed: list[LearnerWork] = []
        unread: list[LearnerWork] = []
        size = 0
        for learner in sorted(owners.owned):
            note = owners.notes.get(learner)
            attempts = (storable(note),) if note else ()
            known = owners.known.get(learner)
            stamped = known is not None and known.lms == "nbgrader"
            files = _files_of(learner, wanted, owners.owned[learner], stamped)
            told = None if known is None else time_of_system(known.time)
            handed += [
                replace(
                    each,
                    owner=known,
                    time=told or each.time,
                    notes=(*attempts, *each.notes),
                    told=(*attempts, *each.told),
                )
                for each in files.done
            ]
            left_out += shortened(files.left_out, learner)
            unread += [replace(each, owner=known) for each in files.unread[:1]]
            size += _memory(*files.done)
            if size > MAX_CLASS_CODE:
                raise CourseError(
                    f"the code in {path} takes more than {MAX_CLASS_CODE // 1_000_000} MB of memory, "
                    f"{_memory(*files.done) // 1_000_000} MB of it for {learner} — grade the class in parts"
                )
    of_a_copy = times_of_a_copy((each.learner, each.time) for each in handed)
    had = {(each.learner, each.item) for each in handed}
    items = sorted({each.item for each in handed})
    for each in unread:
        # an unreadable archive or directory may hold any item, so it counts for all of them
        handed += [replace(each, item=item) for item in items if (each.learner, item) not in had]
    if not items:
        left_out += [SkippedFile(each.file, each.problem or "") for each in unread]
    handed.sort(key=lambda each: (each.learner, each.item))
    return Intake(
        tuple(sorted(owners.owned)),
        tuple(handed),
        tuple(sorted(set(left_out))),
        frozenset(wanted.untouched()),
        tuple(owners.alike),
        owners.known,
        of_a_copy,
    )


def _files_of(learner: str, wanted: Wanted, owned: Iterable[Owned], stamped: bool) -> LearnerFiles:
    """Return all files of one learner. `stamped`: nbgrader has written the times of the work."""
    files = LearnerFiles(learner, wanted, stamped)
    try:
        for each in owned:
            files.take(each)
        files.finish()
    except MemoryError:
        files = LearnerFiles(learner, wanted, stamped)  # frees the memory
        problem = f"the files of {learner} need more memory than there is — grade on a larger machine"
        files.cannot_read(learner, EnvironmentProblem(problem))
    return files


def _memory(*several: LearnerWork) -> int:
    """Return about how many bytes the code of these takes."""
    submissions = [
        submission
        for work in several
        for submission in (work.submission, *(other.submission for other in work.others))
        if submission is not None
    ]
    return sum(map(getsizeof, (text for each in submissions for text in texts_of(each))))
