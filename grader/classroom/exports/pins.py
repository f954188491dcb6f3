"""The dependencies of this package and of libraries, pinned to the installed versions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution

from grader.content.libraries import missing, package_name
from grader.own_wheel import PROJECT


def pins(libraries: Sequence[str] = ()) -> str:
    """Return the libraries and all dependencies in their installed versions, as pip constraints.

    Libraries that are missing here, or have a version that does not fit, are left out.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    versions: dict[str, str] = {}
    waiting = [PROJECT]

    def pin(name: str) -> None:
        name = canonicalize_name(name)
        if name not in versions:
            with suppress(PackageNotFoundError):
                versions[name] = distribution(name).version
                waiting.append(name)

    for library in libraries:
        if not missing([library]):
            pin(package_name(library))
    while waiting:
        try:
            package = distribution(waiting.pop())
        except PackageNotFoundError:
            continue  # for another system, or from an unused extra
        for line in package.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                pin(needed.name)
    return "".join(f"{name}=={version}\n" for name, version in sorted(versions.items()))
