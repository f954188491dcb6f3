"""Building wheels from installed files: of this tool without a course, and of a course.

A course's wheel is a small package that holds its files. It depends on the tool, and the tool finds
it by an entry point (`grader.content.installed`). So several courses live in one environment.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from grader import __version__
from grader.content.course import PARTS, Course
from grader.content.installed import ENTRY_POINTS
from grader.errors import EnvironmentProblem
from grader.files import copy_tree, not_written

PROJECT = "course-grader"
_CACHES = "__pycache__"
_INFO = ("METADATA", "entry_points.txt", "licenses/LICENSE")
_HEAVY = "tensorflow"  # not every course needs it


def write_wheel(directory: Path) -> Path:
    """Write a wheel of this tool without a course, and return its path. Raises EnvironmentProblem."""

    def fill(tree: Path, info: Path) -> None:
        _add_package(tree / "grader")
        _add_own_info(info, __version__, without="")

    return _write(directory, PROJECT, __version__, fill)


def write_kit_wheels(directory: Path, kit: Course, version: str) -> list[Path]:
    """Write a wheel of a learner's kit, and one of the tool that it depends on. Return both paths.

    Only courses that need TensorFlow bring it. Raises EnvironmentProblem.
    """
    label = f"{__version__}+kit"  # distinguishes the tool's wheel from the published package
    needed = [f"{PROJECT}[web]>={__version__}", *kit.libraries]  # `course open` needs the extra
    if kit.about.tensorflow:
        needed += _requirements(_HEAVY)
    name = kit.about.package

    def fill_tool(tree: Path, info: Path) -> None:
        _add_package(tree / "grader")
        _add_own_info(info, label, without=_HEAVY)

    def fill_course(tree: Path, info: Path) -> None:
        module = name.replace("-", "_")
        _add_course(kit.root, tree / module / "course")
        (tree / module / "__init__.py").write_text(f'"""The course {name}."""\n', encoding="utf-8")
        _add_info(
            info,
            {
                "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
                + "".join(f"Requires-Dist: {requirement}\n" for requirement in needed),
                "entry_points.txt": f"[{ENTRY_POINTS}]\n{name} = {module}\n",
            },
        )

    wheel = _write(directory, name, version, fill_course)
    try:
        return [wheel, _write(directory, PROJECT, label, fill_tool)]
    except EnvironmentProblem:
        wheel.unlink(missing_ok=True)  # it is of no use alone
        raise


def other_kit_wheels(directory: Path, kit: Course, version: str) -> list[Path]:
    """Return the wheels of this course's kit in a directory that are of other versions."""
    name = kit.about.package.replace("-", "_")
    current = f"{name}-{version}-py3-none-any.whl"
    return sorted(path for path in directory.glob(f"{name}-0+*-py3-none-any.whl") if path.name != current)


def _write(directory: Path, project: str, version: str, fill: Callable[[Path, Path], None]) -> Path:
    """Write a wheel whose files `fill` puts into a tree and its `.dist-info`. Raises EnvironmentProblem."""
    name = f"{project.replace('-', '_')}-{version}"
    path = directory / f"{name}-py3-none-any.whl"
    part = path.with_suffix(".part")
    try:
        from wheel.wheelfile import WheelFile

        with tempfile.TemporaryDirectory(prefix="course-wheel-") as scratch:
            tree, new = Path(scratch) / "tree", Path(scratch) / path.name
            fill(tree, tree / f"{name}.dist-info")
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
    """Copy the files of the package without the bundled course."""
    package = Path(str(resources.files("grader")))
    for source in sorted(package.rglob("*")):
        inside = source.relative_to(package)
        if source.is_file() and inside.parts[0] != "course" and _CACHES not in inside.parts:
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / inside)


def _add_course(course: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for part in PARTS:
        if (course / part).is_dir():
            copy_tree(course / part, target / part, without=_CACHES)
        elif (course / part).is_file():
            shutil.copyfile(course / part, target / part)


def _requirements(name: str) -> Sequence[str]:
    """Return this package's own requirements of one library, with the versions that it asks for."""
    requires = distribution(PROJECT).requires or ()
    return [line for line in requires if re.match(rf"{name}\b(?!-)", line) and "extra ==" not in line]


def _add_own_info(target: Path, version: str, without: str) -> None:
    """Write this package's `.dist-info` without one of its dependencies."""
    installed = distribution(PROJECT)
    texts = {file: installed.read_text(file) or "" for file in _INFO}
    # without the README, which is written for other readers
    metadata = texts["METADATA"].partition("\n\n")[0] + "\n"
    metadata = re.sub(r"^Version: .*$", f"Version: {version}", metadata, count=1, flags=re.MULTILINE)
    left_out = {f"Requires-Dist: {line}" for line in (_requirements(without) if without else ())}
    texts["METADATA"] = "".join(
        line for line in metadata.splitlines(keepends=True) if line.rstrip("\n") not in left_out
    )
    _add_info(target, texts)


def _add_info(target: Path, texts: dict[str, str]) -> None:
    wheel = (
        f"Wheel-Version: 1.0\nGenerator: {PROJECT} {__version__}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    for file, text in {**texts, "WHEEL": wheel}.items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text, encoding="utf-8")
