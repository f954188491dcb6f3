"""Hostile hand-ins beside an honest class: they are refused or graded in bounded time and memory.

Each attack is eve's. The intake runs in a process of its own with little memory.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus import sampled
from judging import course_command
from sound_course import SOLUTION, SoundCourse

from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files and limits of Linux")

MEMORY = 2_500_000_000  # bytes of address space
MOST_USED = 1_200_000_000  # bytes that the intake may really use
SECONDS = 60
NAME = "exercise_x.py"
CODE = SOLUTION.encode()

Make = Callable[[Path], object]  # writes eve's files below a directory of the class

TAKE_IN = """
import json, re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
from grader.classroom.intake import take_in
from grader.classroom.wanted import Wanted
from grader.content.course import Course
place = Path(sys.argv[2])
found = take_in(place, Wanted(Course(Path(sys.argv[1]))), place.parent / "grades")
print(json.dumps({
    "learners": found.learners,
    "handed": [(w.learner, w.item, w.status, w.problem or "", w.source) for w in found.handed],
    "left_out": [(each.file, each.why) for each in found.left_out],
    "alike": found.alike,
    "used": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024,
}))
"""


class Found:
    """What the intake found in a class."""

    def __init__(self, text: str) -> None:
        assert text.isprintable() or text.endswith("\n")
        found = json.loads(text)
        self.learners: list[str] = found["learners"]
        self.handed: dict[tuple[str, str], tuple[str, str]] = {
            (learner, item): (status, problem) for learner, item, status, problem, _ in found["handed"]
        }
        self.sources: dict[str, str] = {each[0]: each[4] for each in found["handed"]}
        self.left_out: dict[str, str] = dict(found["left_out"])
        self.alike: list[list[str]] = found["alike"]
        self.used: int = found["used"]

    @property
    def told(self) -> str:
        """Everything that was said about eve."""
        problems = [problem for (learner, _), (_, problem) in self.handed.items() if "eve" in learner]
        return "; ".join([*problems, *(f"{file}: {why}" for file, why in self.left_out.items())])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SoundCourse(tmp_path_factory.mktemp("course")).root


def honest(place: Path) -> Path:
    """Write an honest class, whose names are before and after eve's."""
    for learner in ("ada", "zoe"):
        (place / learner).mkdir(parents=True)
        (place / learner / NAME).write_bytes(CODE)
    return place


def taken(course: Path, place: Path, *before: str) -> Found:
    """Run the intake with little memory. Assert that the honest work is found."""
    began = time.monotonic()
    command = [*before, sys.executable, "-c", TAKE_IN, str(course), str(place), str(MEMORY)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < SECONDS
    found = Found(done.stdout)
    assert found.used < MOST_USED
    for learner in ("ada", "zoe"):
        assert found.handed[learner, "exercise-x"] == ("graded", "")
    assert found.sources["ada"] == found.sources["zoe"]
    return found


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(name, content, how)
    return file.getvalue()


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def in_eve(name: str, content: bytes | Callable[[], bytes]) -> Make:
    return lambda place: write(place / "eve" / name, content if isinstance(content, bytes) else content())


# --- known attacks ---


def many_with_an_emoji() -> bytes:
    """150 files with one emoji each, which makes a text four times as large in memory."""
    letters = random.Random(1).choices("ab", k=1_000_000)
    text = "".join(letters)
    return zipped(*((f"{n}/{NAME}", f"# {n} {text}\U0001f600\n".encode()) for n in range(150)))


def many_files(place: Path) -> None:
    data = place / "eve" / "data"
    data.mkdir(parents=True)
    for number in range(50_100):
        (data / str(number)).touch()


def cells(number: int) -> bytes:
    return json.dumps(
        {"cells": [{"cell_type": "code", "source": f"x={n}"} for n in range(number)], "metadata": {}}
    ).encode()


# --- new attacks ---


def odd_names() -> bytes:
    return zipped(
        ("../../ada/exercise_x.py", b""),
        ("/etc/exercise_x.py", b""),
        ("C:\\exercise_x.py", b""),
        ("..\\..\\ada\\exercise_x.py", b""),
        ("a/" * 5_000 + NAME, b""),
        ("b" * 60_000 + "/" + NAME, b""),
        ("\x1b[2J\n\u202e/" + NAME, b""),
        ("ok/" + NAME, CODE),
    )


def in_each_other() -> bytes:
    raw = zipped((NAME, CODE))
    for depth in range(3):
        raw = zipped((f"{depth}.zip", raw))
    return raw


def overlapping() -> bytes:
    """Return a zip file whose 40,000 entries all stand for the same compressed data."""
    raw = zipped((NAME, bytes(1_000_000)))
    start = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    entry, count = raw[start:end], 40_000
    directory = b"".join(entry.replace(NAME.encode(), f"n{n:05}{NAME[6:]}".encode()) for n in range(count))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return raw[:start] + directory + tail


def deep(place: Path) -> None:
    path = place / "eve"
    path.mkdir()
    with contextlib.suppress(OSError):  # the path gets too long
        for _ in range(900):
            path /= "d"
            path.mkdir()
            (path / NAME).write_bytes(CODE)


def special_files(place: Path) -> None:
    eve = place / "eve"
    eve.mkdir()
    os.mkfifo(eve / NAME)
    os.mkfifo(eve / "all.zip")
    os.mkfifo(place / "eve2.zip")
    (place / "eve3.zip").symlink_to("/dev/zero")
    (eve / "exercise_x.ipynb").symlink_to("/dev/zero")
    (eve / "exercise_x-1.py").symlink_to("/proc/self/mem")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(eve)  # the name of a socket has to be short
        try:
            server.bind("exercise_x-2.py")
        finally:
            os.chdir(here)


def sparse(place: Path) -> None:
    for name in (NAME, "exercise_x.ipynb", "all.zip", "tiny_answers.yaml", "tools.py"):
        write(place / "eve" / name, b"")
        os.truncate(place / "eve" / name, 10**12)


def a_directory_named_as_the_file(place: Path) -> None:
    write(place / "eve" / NAME / "exercise_x.ipynb" / "all.zip" / NAME, CODE)


def many_papers(place: Path) -> None:
    answers = b"".join(b"tiny-q%d: b\n" % n for n in range(12_000))
    for number in range(300):
        write(place / "eve" / f"tiny_answers ({number}).yaml", answers + b"#%d" % number)
    write(place / "eve" / "tiny.ipynb", cells(9_000).replace(b"x=", b"answer_tiny_q1 = ((("))


def many_imports(place: Path) -> None:
    names = [f"m{n}" for n in range(20_000)]
    write(place / "eve" / NAME, "\n".join(f"import {name}" for name in names).encode() + b"\n" + CODE)
    write(
        place / "eve" / "exercise_x.ipynb",
        b'{"cells": [{"cell_type": "code", "source": "import %s"}]}' % (",".join(names).encode() * 8),
    )
    for name in names[:3_000]:
        write(place / "eve" / f"{name}.py", b"\0")


def chains_of_links(place: Path) -> None:
    eve = place / "eve"
    eve.mkdir()
    (eve / "a").symlink_to("../ada")
    (eve / NAME).symlink_to(f"a/../zoe/{NAME}")
    (eve / "exercise_x (1).py").symlink_to(place.resolve() / "ada" / NAME)
    (eve / "exercise_x (2).py").symlink_to(NAME)
    (eve / "exercise_x (3).py").symlink_to("/" + "../" * 30 + str(place.resolve() / "ada" / NAME).lstrip("/"))


def names_of_many_copies() -> bytes:
    ends = ("_" * 240, "-1" * 120, "(1)" * 80, " - copy" * 34, ".py" * 80)
    return zipped(*((f"{n:05}{ends[n % len(ends)]}.py", b"") for n in range(3_000)))


def wide_notebook() -> bytes:
    begins, ends = '{"cells": [{"cell_type": "markdown", "source": "', '\U0001f600"}]}'
    return begins.encode("utf-16") + b"a\0" * 90_000_000 + ends.encode("utf-16-le")


ATTACKS: dict[str, tuple[Make, str]] = {  # what eve hands in, and what is said about it
    "emoji": (in_eve("all.zip", many_with_an_emoji), "more than 20 MB of code"),
    "50,100 files": (many_files, "eve/data holds more than 50000 files"),
    "300,000 cells": (in_eve("exercise_x.ipynb", lambda: cells(300_000)), "more than 10000 cells"),
    "nesting of 50 MB": (in_eve("exercise_x.ipynb", b'{"x":' + b"[" * 50_000_000), "too many parts"),
    "nesting in a cell": (
        in_eve("exercise_x.ipynb", b'{"cells": [{"source":' + b"[" * 50_000_000),
        "is not JSON",
    ),
    "an emoji of 180 MB": (in_eve("exercise_x.ipynb", wide_notebook), "too much text"),
    "odd names": (in_eve("all.zip", odd_names), "a path that leads out of the archive"),
    "zips in zips": (in_eve("all.zip", in_each_other), "an archive inside an archive"),
    "overlapping entries": (in_eve("all.zip", overlapping), "unpacks to"),
    "a deep tree": (deep, "a path with too many directories"),
    "pipes and devices": (special_files, "neither a file nor a directory"),
    "1 TB without content": (sparse, "more than 5 MB"),
    "directories named as files": (a_directory_named_as_the_file, ""),
    "many answers": (many_papers, "more than 20 files for tiny"),
    "many imports": (many_imports, ""),
    "names of many copies": (in_eve("all.zip", names_of_many_copies), ""),
    "chains of links": (chains_of_links, "a link that leaves the learner's directory"),
}


# some seconds each
SLOW = {"emoji", "an emoji of 180 MB", "nesting of 50 MB", "many answers", "names of many copies"}


@pytest.mark.parametrize("name", sampled({name: name for name in ATTACKS}, few=ATTACKS.keys() - SLOW))
def test_a_hostile_hand_in_costs_nobody_else(course: Path, tmp_path: Path, name: str) -> None:
    make, says = ATTACKS[name]
    place = honest(tmp_path / "in")
    make(place)
    found = taken(course, place)
    assert {"ada", "eve", "zoe"} <= {*found.learners}
    assert says in found.told
    if name in ("chains of links", "pipes and devices"):
        assert ("eve", "exercise-x") not in found.handed


def test_signatures_in_a_comment_do_not_count_as_files(course: Path, tmp_path: Path) -> None:
    flood = b"#" + b"PK\x01\x02" * 50_001 + b"\n"
    codes = {"ada": CODE, "eve": flood + CODE, "zoe": CODE}
    members = [(f"{name}/{NAME}", code) for name, code in codes.items()]
    write(tmp_path / "c.zip", zipped(*members, how=zipfile.ZIP_STORED))
    assert taken(course, tmp_path / "c.zip").handed["eve", "exercise-x"] == ("graded", "")


def test_each_learner_of_a_zip_file_has_limits_of_their_own(course: Path, tmp_path: Path) -> None:
    members = [(f"{name}/{NAME}", CODE) for name in ("ada", "zoe")]
    members += [(f"eve/{n}.txt", b"") for n in range(50_100)]
    members += [("fay/bomb.txt", bytes(300_000_000)), (f"gil/all.zip/{NAME}", CODE)]
    write(tmp_path / "c.zip", zipped(*members))
    found = taken(course, tmp_path / "c.zip")
    assert found.learners == ["ada", "eve", "fay", "gil", "zoe"]
    assert "c.zip/eve holds more than 50000 files" in found.told
    assert found.handed["fay", "exercise-x"][0] == "unreadable"


def test_a_zip_file_of_a_class_beyond_all_limits_is_an_error(course: Path, tmp_path: Path) -> None:
    raw = zipped(("ada/x", b""))
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    directory = raw[start:end] * 600_000
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 0, 0, len(directory), start)
    at = start + len(directory)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    write(tmp_path / "c.zip", raw[:start] + directory + large + locator + raw[end:])
    command = [sys.executable, "-c", TAKE_IN, str(course), str(tmp_path / "c.zip"), "500000000"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
    assert done.returncode != 0
    assert "holds more than 500000 files — unpack it" in done.stderr


def test_a_link_to_a_closed_place_does_not_stop_the_class(course: Path, tmp_path: Path) -> None:
    place = honest(tmp_path / "in")
    (place / "eve").symlink_to("/proc/1/root/root/x")
    (place / "eve2.zip").symlink_to("/proc/1/mem")
    (place / "eve3").symlink_to("eve3")
    found = taken(course, place)
    assert {"eve", "eve2", "eve3"} < {*found.learners}
    assert {*found.left_out} == {"eve", "eve2.zip", "eve3"}


def test_a_lone_pipe_is_not_waited_for(tmp_path: Path) -> None:
    course = SoundCourse(tmp_path / "course").root
    (tmp_path / "class").mkdir()
    os.mkfifo(tmp_path / "class" / "eve.zip")
    done = course_command("--course", course, "grade", "class", cwd=tmp_path)
    assert done.returncode == 2 and "neither a file nor a directory" in done.stderr


def test_names_that_differ_in_case_or_spaces_are_different_learners(course: Path, tmp_path: Path) -> None:
    place = honest(tmp_path / "in")
    for name in ("Ada", "ada ", "a\u200dda", "a\nda", "\x1b]0;ada\x07"):
        write(place / name / NAME, b"eve = 1\n")
    found = taken(course, place)
    assert found.alike and found.alike[0][0].startswith("Ada")
    assert len(found.alike[0]) == 5  # the one with an escape for the window's title is longer
    assert not any(char in name for name in found.learners for char in "\n\x1b\x07")


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Path]:
    """Return a class in which a file grows all the time."""
    place = honest(tmp_path / "in")
    path = place / "eve" / NAME
    write(path, CODE)
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not stop.is_set() and file.tell() < 500_000_000:
                file.write(b"#" * 1_000_000)

    thread = threading.Thread(target=grow)
    thread.start()
    yield place
    stop.set()
    thread.join()


def test_a_file_that_grows_while_it_is_read_is_read_up_to_the_limit(course: Path, growing: Path) -> None:
    status, problem = taken(course, growing).handed["eve", "exercise-x"]
    assert status == "graded" or "more than 5 MB" in problem


def test_closed_files_are_not_blamed_on_their_owner(course: Path, tmp_path: Path) -> None:
    setpriv = shutil.which("setpriv")
    if os.getuid() == 0 and setpriv is None:
        pytest.skip("root may read everything")
    # without these, root may read no more than an ordinary user
    less = [str(setpriv), "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    place = honest(tmp_path / "in")
    for name in ("eve1", "eve2", "eve3/deep", "eve4", "eve5"):
        write(place / name / NAME, CODE)
    write(place / "eve6.zip", zipped((NAME, CODE)))
    (place / "eve5" / "exercise_x (1).py").symlink_to("closed/x.py")
    write(place / "eve5" / "closed" / "x.py", b"")
    closed = {"eve1": 0, "eve2": 0o400, "eve3/deep": 0, f"eve4/{NAME}": 0, "eve5/closed": 0, "eve6.zip": 0}
    for name, mode in closed.items():
        (place / name).chmod(mode)
    try:
        found = taken(course, place, *less)
    finally:
        for name in closed:
            (place / name).chmod(0o700)
    status = {learner: status for (learner, _), (status, _) in found.handed.items()}
    failed = dict.fromkeys(["eve1", "eve2", "eve3", "eve4", "eve6"], "failed")
    assert status == {"ada": "graded", "eve5": "graded", "zoe": "graded"} | failed
    assert found.told.count("Permission denied — check its permissions") == len(failed)


@pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")
def test_a_whole_class_is_graded_beside_the_attacks(tmp_path: Path) -> None:
    course = SoundCourse(tmp_path / "course").root
    honest(tmp_path / "class")
    hostile = ("emoji", "50,100 files", "300,000 cells", "odd names", "1 TB without content")
    for number, name in enumerate(hostile):
        own = tmp_path / f"own{number}"
        own.mkdir()
        ATTACKS[name][0](own)
        (own / "eve").rename(tmp_path / "class" / f"eve{number}")
    done = course_command("--course", course, "grade", "class", "--exercise", "exercise-x", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    results = (tmp_path / "grades" / "results.jsonl").read_text().splitlines()
    scores = {each["learner"]: each["score"] for each in map(json.loads, results)}
    assert (scores.pop("ada"), scores.pop("zoe")) == (4.0, 4.0)
    assert scores == {"eve0": 0.0, "eve1": 0.0, "eve2": 0.0, "eve3": 4.0, "eve4": 0.0}
    said = " ".join(done.stdout.split())
    assert "Unreadable, so worth 0 points" in said
