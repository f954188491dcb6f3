"""The dependencies of this package, pinned to the installed versions."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution

from grader.own_wheel import PROJECT


def pins() -> str:
    """Return the dependencies in their installed versions, as pip constraints."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    versions: dict[str, str] = {}
    waiting = [PROJECT]
    while waiting:
        try:
            package = distribution(waiting.pop())
        except PackageNotFoundError:
            continue  # for another system, or from an unused extra
        for line in package.requires or ():
            needed = Requirement(line)
            name = canonicalize_name(needed.name)
            if name not in versions and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
                with suppress(PackageNotFoundError):
                    versions[name] = distribution(name).version
                    waiting.append(name)
    return "".join(f"{name}=={version}\n" for name, version in sorted(versions.items()))
