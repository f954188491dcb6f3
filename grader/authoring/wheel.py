"""This package, with another course inside, as a wheel."""

from __future__ import annotations

import re
import shutil
import tempfile
from importlib import resources
from importlib.metadata import distribution
from pathlib import Path

from grader import __version__
from grader.content.course import PARTS
from grader.errors import EnvironmentProblem

PROJECT = "course-grader"
_CACHES = shutil.ignore_patterns("__pycache__")
_INFO = ("METADATA", "entry_points.txt", "licenses/LICENSE")


def write_wheel(course: Path, label: str, directory: Path) -> Path:
    """Write a wheel of this package whose bundled course is `course`, and return its path.

    `label` tells it from the package as published: it becomes the local part of
    the version. Raises EnvironmentProblem.
    """
    version = f"{__version__}+{label}"
    name = f"{PROJECT.replace('-', '_')}-{version}"
    path = directory / f"{name}-py3-none-any.whl"
    try:
        from wheel.wheelfile import WheelFile
    except ImportError:
        raise EnvironmentProblem(
            f"a wheel needs the package wheel — pip install '{PROJECT}[instructor]'"
        ) from None
    try:
        with tempfile.TemporaryDirectory(prefix="course-wheel-") as scratch:
            tree, new = Path(scratch) / "tree", Path(scratch) / path.name
            _lay_out(tree, course, f"{name}.dist-info", version)
            with WheelFile(new, "w") as wheel:
                wheel.write_files(str(tree))
            directory.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, path)
    except OSError as error:
        raise EnvironmentProblem(
            f"{error.filename or path} cannot be written: {error.strerror} — "
            "free some space, or name another place"
        ) from None
    return path


def _lay_out(tree: Path, course: Path, info: str, version: str) -> None:
    """Copy the package without its own course, the other course, and what installers read."""
    package = Path(str(resources.files("grader")))
    for source in sorted(package.glob("**/*.py")):
        inside = source.relative_to(package)
        if inside.parts[0] != "course":
            (tree / "grader" / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, tree / "grader" / inside)
    for part in PARTS:
        if (course / part).is_dir():
            shutil.copytree(course / part, tree / "grader" / "course" / part, ignore=_CACHES)
        elif (course / part).is_file():
            shutil.copyfile(course / part, tree / "grader" / "course" / part)
    installed = distribution(PROJECT)
    for file in _INFO:
        text = installed.read_text(file) or ""
        if file == "METADATA":
            text = re.sub(r"^Version: .*$", f"Version: {version}", text, count=1, flags=re.MULTILINE)
        (tree / info / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / info / file).write_text(text, encoding="utf-8")
    (tree / info / "WHEEL").write_text(
        f"Wheel-Version: 1.0\nGenerator: {PROJECT} {__version__}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
