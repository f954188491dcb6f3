"""Export an exercise as an autograder for Gradescope, following its "Autograder Specifications".

The zip file holds setup.sh, run_autograder, this package as a wheel, and one
exercise with its hidden tests. Only the instructor may have it.
"""

from __future__ import annotations

import io
import shlex
import tempfile
import zipfile
from pathlib import Path

import msgspec

from grader.classroom.exports.gradescope_run import CONFIG, Config
from grader.classroom.exports.pins import pins
from grader.content.course import COURSE_FILE, EXERCISE_FILES, Course
from grader.errors import CourseError, EnvironmentProblem
from grader.own_wheel import write_wheel

_THEN = (1980, 1, 1, 0, 0, 0)
_SETUP = """\
#!/usr/bin/env bash
# Installs the grader when Gradescope builds the image. Choose Ubuntu 24.04, which has Python 3.12.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
apt-get update
# bubblewrap confines learner code; where containers forbid it, run_autograder refuses to grade by default
apt-get install -y --no-install-recommends bubblewrap python3 python3-venv || true
for python in python3.12 python3.13 python3.11 python3; do
  if "$python" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
    "$python" -m venv "$root/venv"
    # the versions that the exercise was exported with; newer ones if this Python lacks them
    "$root/venv/bin/pip" install --no-cache-dir -c "$root/source/constraints.txt" {needed} ||
      "$root/venv/bin/pip" install --no-cache-dir {needed}
    exit 0
  fi
done
echo "Python 3.11 to 3.13 is not installed: choose Ubuntu 24.04 as the base image." >&2
exit 1
"""
_RUN = """\
#!/usr/bin/env bash
# Grades the files in submission/ and writes results/results.json.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
export PYTHONUTF8=1
exec "$root/venv/bin/python" -P -m grader.classroom.exports.gradescope_run "$root"
"""


def autograder(course: Course, exercise_id: str, seed: int | None, sandbox: bool = True) -> bytes:
    """Return the zip file. Raises CourseError if the exercise cannot be graded, EnvironmentProblem."""
    libraries = course.exercise(exercise_id).libraries
    directory = course.exercise_dir(exercise_id)
    for name in EXERCISE_FILES:
        if not (directory / name).is_file():
            raise CourseError(
                f"{directory / name} is missing — export from the course that has the tests and solutions"
            )
    with tempfile.TemporaryDirectory(prefix="course-export-") as scratch:
        path = write_wheel(Path(scratch))
        wheel, data = path.name, path.read_bytes()
    config = Config(exercise=exercise_id, seed=seed, sandbox=sandbox)
    files = {
        "constraints.txt": pins(libraries).encode(),
        wheel: data,
        CONFIG: msgspec.json.format(msgspec.json.encode(config)),
    }
    files |= dict(_files(directory, f"course/exercises/{exercise_id}"))
    if (about := course.root / COURSE_FILE).is_file():
        files[f"course/{COURSE_FILE}"] = about.read_bytes()
    needed = " ".join([f'"$root/source/{wheel}"', *map(shlex.quote, libraries)])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, script in (("setup.sh", _SETUP.replace("{needed}", needed)), ("run_autograder", _RUN)):
            _add(package, name, script.encode(), 0o755)
        for name, content in files.items():
            _add(package, name, content, 0o644)
    return out.getvalue()


def _files(directory: Path, prefix: str) -> list[tuple[str, bytes]]:
    try:
        return [
            (f"{prefix}/{path.relative_to(directory).as_posix()}", path.read_bytes())
            for path in sorted(directory.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
        ]
    except OSError as error:
        raise EnvironmentProblem(
            f"{directory} cannot be read: {error.strerror} — check its permissions"
        ) from None


def _add(package: zipfile.ZipFile, name: str, data: bytes, mode: int) -> None:
    about = zipfile.ZipInfo(name, _THEN)
    about.create_system = 3  # Unix, so that the mode is used
    about.external_attr = (0o100000 | mode) << 16
    package.writestr(about, data, zipfile.ZIP_DEFLATED)
