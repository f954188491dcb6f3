"""What this package needs to run, pinned to what is installed here."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution

from grader.own_wheel import PROJECT


def pins() -> str:
    """Return what this package needs to run, in the versions that are installed here, as constraints."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    waiting = [PROJECT]
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
