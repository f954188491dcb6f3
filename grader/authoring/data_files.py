"""Checks of data files: all are there, listed, small enough, and the same in every exercise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from grader.authoring.material import Material
from grader.content.base import Finding
from grader.content.course import Course
from grader.content.data_files import DATA, MAX_BYTES, flaw_of, found_files
from grader.content.exercise import Exercise
from grader.content.file_names import file_stem, read_file_name
from grader.errors import CourseError


def data_flaws(material: Material, exercise: Exercise) -> Iterator[Finding]:
    """Yield what is wrong with an exercise's data files on the disk."""
    course = material.course
    directory = course.exercise_dir(exercise.id)
    found = found_files(directory)
    flawed = False
    for index, each in enumerate(exercise.data):
        if flaw := flaw_of(each.file, directory, course.root):
            flawed = True
            what = f"{each.path} {flaw}"
            yield Finding((DATA, index, "file"), what, "put the file there, or delete the entry")
        elif _looks_like_code(material, each.file):
            what = f"{each.path} is named like a learner's file for an exercise"
            yield Finding((DATA, index, "file"), what, "give it another name")
        elif other := _other_content(material, exercise, each.file):
            what = f"{other} has another file of the name {each.path}"
            yield Finding((DATA, index, "file"), what, "rename one: learners keep both in one directory")
    for name in found.keys() - {each.file for each in exercise.data}:
        yield Finding((DATA,), f"{DATA}/{name} is not listed", f"add it to `{DATA}:`, or delete the file")
    size = sum(path.stat().st_size for path in found.values())
    if size > MAX_BYTES and not flawed:
        what = f"the data files have {size / 1e6:.1f} MB"
        yield Finding((DATA,), what, f"shorten them: an exercise may have {MAX_BYTES / 1e6:.0f} MB")


def can_read_data(course: Course, exercise: Exercise) -> bool:
    """Return True if a judge could read the data files, so that the exercise can be run."""
    try:
        course.data(exercise)
    except CourseError:
        return False
    return True


def _looks_like_code(material: Material, file: str) -> bool:
    """Return True if graders could take a data file that is handed in, too, for the learner's code."""
    name = read_file_name(PurePosixPath(file).name)
    return any(name.copy_of(file_stem(id_)) is not None for id_ in material.course.exercise_ids)


def _other_content(material: Material, exercise: Exercise, file: str) -> str:
    """Return the id of another exercise whose file of this name differs, or ""."""
    place = material.course.exercise_dir
    for other in material.exercises.values():
        if other.id < exercise.id and file in (each.file for each in other.data):
            theirs = place(other.id) / DATA / file
            if theirs.is_file() and theirs.read_bytes() != (place(exercise.id) / DATA / file).read_bytes():
                return other.id
    return ""
