"""This very package as a wheel, made from its installed files: to grade elsewhere with the same code.

The format is that of the Python packaging user guide, "Binary distribution
format" (PEP 427). The bundled course is not in it.
"""

from __future__ import annotations

import io
import zipfile
from base64 import urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grader
from grader.errors import EnvironmentProblem

NAME = "course-grader"
_THEN = (1980, 1, 1, 0, 0, 0)
_ABOUT = "Wheel-Version: 1.0\nGenerator: course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def own_wheel() -> tuple[str, bytes]:
    """Return the name of the wheel's file, and the wheel. Raises EnvironmentProblem."""
    installed = _installed()
    stem = f"{NAME.replace('-', '_')}-{installed.version}"
    files = dict(_modules())
    for name in ("METADATA", "entry_points.txt", "licenses/LICENSE"):
        if (text := installed.read_text(name)) is not None:
            files[f"{stem}.dist-info/{name}"] = text.encode()
    files[f"{stem}.dist-info/WHEEL"] = _ABOUT.encode()
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{path},{_digest(data)},{len(data)}" for path, data in files.items()]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            wheel.writestr(zipfile.ZipInfo(path, _THEN), data, zipfile.ZIP_DEFLATED)
    return f"{stem}-py3-none-any.whl", out.getvalue()


def pins() -> str:
    """Return what this package needs to run, in the versions that are installed here, as constraints."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    waiting = [NAME]
    while waiting:
        try:
            package = distribution(waiting.pop())
        except PackageNotFoundError:
            continue  # for another system, or of an extra nobody asked for
        for line in package.requires or ():
            needed = Requirement(line)
            name = canonicalize_name(needed.name)
            if name not in found and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
                with suppress(PackageNotFoundError):
                    found[name] = distribution(name).version
                    waiting.append(name)
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def _installed() -> Distribution:
    try:
        return distribution(NAME)
    except PackageNotFoundError:
        raise EnvironmentProblem(
            f"{NAME} is not installed, only its files are here — install it: pip install {NAME}"
        ) from None


def _modules() -> list[tuple[str, bytes]]:
    root = Path(grader.__file__).parent
    paths = [
        path.relative_to(root)
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return [
        (f"grader/{path.as_posix()}", (root / path).read_bytes())
        for path in paths
        if path.parts[0] != "course"
    ]


def _digest(data: bytes) -> str:
    return "sha256=" + urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
