"""Building a wheel of this package from its installed files, with another course or with none."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from grader import __version__
from grader.content.course import PARTS
from grader.errors import EnvironmentProblem
from grader.files import copy_tree, not_written

PROJECT = "course-grader"
_CACHES = "__pycache__"
_INFO = ("METADATA", "entry_points.txt", "licenses/LICENSE")


def write_wheel(
    directory: Path, course: Path | None = None, label: str | None = None, libraries: Sequence[str] = ()
) -> Path:
    """Write a wheel with `course` as its bundled course, or with no course; return its path.

    `label` becomes the local part of the version, which distinguishes the wheel from
    the published package. Whoever installs the wheel also gets the `libraries`. Raises
    EnvironmentProblem.
    """
    version = __version__ if label is None else f"{__version__}+{label}"
    name = f"{PROJECT.replace('-', '_')}-{version}"
    path = directory / f"{name}-py3-none-any.whl"
    part = path.with_suffix(".part")
    try:
        from wheel.wheelfile import WheelFile

        with tempfile.TemporaryDirectory(prefix="course-wheel-") as scratch:
            tree, new = Path(scratch) / "tree", Path(scratch) / path.name
            _add_package(tree / "grader")
            if course is not None:
                _add_course(course, tree / "grader" / "course")
            _add_about(tree / f"{name}.dist-info", version, libraries)
            with WheelFile(new, "w") as wheel:
                wheel.write_files(str(tree))
            directory.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, part)
            part.replace(path)
    except ImportError:  # without the extra `instructor`
        raise EnvironmentProblem(
            f"building a wheel needs the package wheel — run pip install '{PROJECT}[instructor]'"
        ) from None
    except PackageNotFoundError:
        raise EnvironmentProblem(
            f"{PROJECT} is not installed; only its files are here — run pip install {PROJECT}"
        ) from None
    except OSError as error:
        with suppress(OSError):  # a wheel that is not whole
            part.unlink(missing_ok=True)
        raise not_written(error.filename or path, error, "name a directory that you can write to") from None
    return path


def _add_package(target: Path) -> None:
    """Copy the package's modules without the bundled course."""
    package = Path(str(resources.files("grader")))
    for source in sorted(package.glob("**/*.py")):
        inside = source.relative_to(package)
        if inside.parts[0] != "course":
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / inside)


def _add_course(course: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for part in PARTS:
        if (course / part).is_dir():
            copy_tree(course / part, target / part, without=_CACHES)
        elif (course / part).is_file():
            shutil.copyfile(course / part, target / part)


def _add_about(target: Path, version: str, libraries: Sequence[str]) -> None:
    """Write the `.dist-info` directory."""
    installed = distribution(PROJECT)
    for file in _INFO:
        text = installed.read_text(file) or ""
        if file == "METADATA":
            text = re.sub(r"^Version: .*$", f"Version: {version}", text, count=1, flags=re.MULTILINE)
            text = text.partition("\n\n")[0] + "\n"  # without the README, which is written for other readers
            text += "".join(f"Requires-Dist: {library}\n" for library in libraries)
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text, encoding="utf-8")
    (target / "WHEEL").write_text(
        f"Wheel-Version: 1.0\nGenerator: {PROJECT} {__version__}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
