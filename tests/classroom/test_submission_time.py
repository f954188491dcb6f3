"""When work was handed in: the most reliable source counts."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from handed_in import CODE, taken, write
from sound_course import SoundCourse

from grader.classroom.submission_time import (
    SubmissionTime,
    TimeSource,
    time_in_stamp,
    time_in_zip,
    times_of_a_copy,
)
from grader.content.course import Course


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-27 15:58:23.948203 UTC\n", "2026-11-27T15:58:23+00:00"),
        ("2026-11-27 15:58:23 America/New_York", "2026-11-27T20:58:23+00:00"),
        ("2026-11-27 15:58:23 +0100", "2026-11-27T14:58:23+00:00"),
        ("2026-11-27 15:58:23", "2026-11-27T15:58:23"),
    ],
)
def test_nbgrader_s_stamps(text: str, at: str) -> None:
    assert time_in_stamp(text) == SubmissionTime(at, TimeSource.STAMP)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01 00:00:00 UTC", "2026-11-27 15:58:23 Mars/X"])
def test_what_is_no_stamp(text: str) -> None:
    assert time_in_stamp(text) is None


def test_a_time_without_offset_is_in_the_zone_of_the_class() -> None:
    time = time_in_zip((2026, 11, 27, 15, 58, 22))
    assert time is not None
    assert time.moment(ZoneInfo("Europe/Berlin")).isoformat() == "2026-11-27T14:58:22+00:00"
    assert time_in_zip((1980, 1, 1, 0, 0, 0)) is None
    assert time_in_zip((2026, 0, 0, 0, 0, 0)) is None


@pytest.fixture
def course(tmp_path: Path) -> Course:
    SoundCourse(tmp_path / "course")
    return Course(tmp_path / "course")


def test_a_stamp_counts_before_the_date_of_a_file(course: Course, tmp_path: Path) -> None:
    write(
        tmp_path / "submitted",
        {
            "ada/tiny/exercise_x.py": CODE,
            "ada/tiny/timestamp.txt": b"2026-11-27 15:58:23 UTC",
            "bob/tiny/exercise_x.py": CODE,
            "bob/tiny/timestamp.txt": b"soon",
        },
    )
    os.utime(tmp_path / "submitted/bob/tiny/exercise_x.py", (1_700_000_000, 1_700_000_000))
    ada, bob = taken(course, tmp_path / "submitted").handed
    assert ada.time == SubmissionTime("2026-11-27T15:58:23+00:00", TimeSource.STAMP)
    assert bob.time == SubmissionTime("2023-11-14T22:13:20+00:00", TimeSource.FILE)


@pytest.mark.parametrize("text", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_every_time_of_the_calendar_is_a_moment(text: str, zone: str) -> None:
    time = time_in_stamp(text)
    assert time is not None and time.moment(ZoneInfo(zone)).year in (1, 9999)


def test_a_stamp_that_nbgrader_did_not_write_does_not_count(course: Course, tmp_path: Path) -> None:
    own = b"2020-01-01 00:00:00 UTC"
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        archive.writestr("exercise_x.py", CODE)
        archive.writestr("timestamp.txt", own)
        archive.writestr("tiny/timestamp.txt", own)
    stamp = b"2026-11-27 15:58:23 UTC"
    write(
        tmp_path / "submitted",
        {
            "ada/tiny/timestamp.txt": stamp,
            "ada/tiny/own.zip": (tmp_path / "own.zip").read_bytes(),
            "bob/tiny/timestamp.txt": stamp,
            "bob/tiny/sub/exercise_x.py": CODE,
            "bob/tiny/sub/timestamp.txt": own,
            "bob/timestamp.txt": own,
        },
    )
    written = SubmissionTime("2026-11-27T15:58:23+00:00", TimeSource.STAMP)
    assert [each.time for each in taken(course, tmp_path / "submitted").handed] == [written, written]
    write(tmp_path / "class", {"eve/exercise_x.py": CODE, "eve/timestamp.txt": own})
    (eve,) = taken(course, tmp_path / "class").handed
    assert eve.time is not None and eve.time.source is TimeSource.FILE


def test_a_learner_s_zip_file_counts_not_the_dates_inside(course: Course, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    with zipfile.ZipFile(tmp_path / "class" / "ada.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("exercise_x.py", (2030, 1, 1, 0, 0, 0)), CODE)
    os.utime(tmp_path / "class" / "ada.zip", (1_700_000_000, 1_700_000_000))
    (tmp_path / "class" / "bob").mkdir()
    write(tmp_path / "class", {"bob/exercise_x.py": CODE})
    ada, _ = taken(course, tmp_path / "class").handed
    assert ada.time == SubmissionTime("2023-11-14T22:13:20+00:00", TimeSource.FILE)


def test_the_entries_of_a_class_s_zip_file_have_dates(course: Course, tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("ada", "bob"):
            archive.writestr(zipfile.ZipInfo(f"{name}/exercise_x.py", (2026, 11, 27, 10, 0, 0)), CODE)
    for each in taken(course, file).handed:
        assert each.time == SubmissionTime("2026-11-27T10:00:00", TimeSource.ZIP)


def of_zip(minute: int) -> SubmissionTime:
    return SubmissionTime(f"2026-11-28T12:{minute:02}:00", TimeSource.ZIP)


@pytest.mark.parametrize(
    ("minutes", "of_a_copy"),
    [
        ([5], set()),  # of one learner, it may be true
        ([5, 6], {5, 6}),
        ([5, 5, 9], set()),
        ([5, 5, 6, 30, 40], {5, 6}),
        ([5, 5, 10, 30, 40], set()),
        ([5, 8, 11, 14, 17], set()),
    ],
)
def test_times_of_a_copy(minutes: list[int], of_a_copy: set[int]) -> None:
    pairs = [(f"l{n}", of_zip(minute)) for n, minute in enumerate(minutes)]
    assert times_of_a_copy([*pairs, ("x", None)]) == {*map(of_zip, of_a_copy)}
    told = [(learner, SubmissionTime(time.at, TimeSource.SYSTEM)) for learner, time in pairs]
    assert times_of_a_copy(told) == set()
