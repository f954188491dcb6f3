"""Give learners the data files of an exercise, beside their own file."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from grader.content.course import Course
from grader.files import not_written


class Given(Struct, frozen=True):
    """The data files that were written, and the existing ones that are not the course's."""

    written: tuple[Path, ...] = ()
    differing: tuple[Path, ...] = ()


def give_data(course: Course, exercise_id: str, directory: Path = Path()) -> Given:
    """Write the data files that are not in the directory yet. Raises CourseError.

    Existing files are never overwritten.
    """
    written, differing = [], []
    for file, content in course.data(course.exercise(exercise_id)).items():
        path = directory / file
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as new:
                new.write(content)
            written.append(path)
        except FileExistsError:
            if not _holds(path, content):
                differing.append(path)
        except OSError as error:
            raise not_written(path, error, "change to a directory you can write to") from None
    return Given(tuple(written), tuple(differing))


def differs(path: Path) -> str:
    """Return the sentence about a data file that is not the course's."""
    return f"{path} differs from the course's file and was not changed. Checks use the course's file."


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False
