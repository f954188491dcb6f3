"""The libraries that an exercise allows besides the usual ones: requirements such as "pandas>=2.2"."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from grader.content.base import Finding, duplicates
from grader.wording import listed

if TYPE_CHECKING:
    from packaging.requirements import Requirement

USUAL = ("numpy", "TensorFlow", "Keras", "matplotlib")  # every exercise may use them
WITHOUT_TENSORFLOW = ("numpy", "matplotlib")  # the same in a course with `tensorflow: false`

# packages that are imported under another name
_IMPORTED_AS = {
    "beautifulsoup4": "bs4",
    "opencv-python": "cv2",
    "pillow": "PIL",
    "python-dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
}


def library_findings(libraries: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding for each library that is not a name with versions, or is listed twice."""
    names: list[str] = []
    for index, library in enumerate(libraries):
        if finding := _flaw(("libraries", index), library):
            yield finding
            names.append(f"#{index}")  # not a duplicate of anything
        else:
            names.append(_key(_parsed(library)))
    for index, name in duplicates(names):
        yield Finding(("libraries", index), f"{name} is listed twice", "delete one of the entries")


def _flaw(path: tuple[str | int, ...], library: str) -> Finding | None:
    from packaging.requirements import InvalidRequirement

    todo = 'write a name and, if needed, versions, in quotes: "pandas>=2.2,<4"'
    try:
        requirement = _parsed(library)
    except InvalidRequirement:
        return Finding(path, f"{library!r} is not a library that pip can install by name", todo)
    if requirement.url or requirement.extras or requirement.marker or not library.isprintable():
        return Finding(path, f"{library!r} is more than a name and versions", todo)
    for package, module in _IMPORTED_AS.items():
        if requirement.name == module:
            return Finding(path, f"{module} is the name to import", f"write the name to install: {package}")
    return None


def missing(libraries: Iterable[str]) -> tuple[str, ...]:
    """Return the requirements that this machine does not meet, in pip's spelling."""
    return tuple(dict.fromkeys(str(each) for each in map(_parsed, libraries) if not _is_met(each)))


def installed_version(name: str) -> str | None:
    """Return the installed version of a package, or None."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def installed(libraries: Iterable[str]) -> tuple[str, ...]:
    """Return the libraries with their installed versions, such as "pandas==2.3.1", for keys of caches."""
    return tuple(f"{name}=={installed_version(name)}" for name in map(package_name, libraries))


def package_name(library: str) -> str:
    """Return the name in a requirement: "pandas" for "pandas>=2.2"."""
    return _parsed(library).name


def install_command(requirements: Iterable[str]) -> str:
    """Return the command that installs the requirements."""
    return f"pip install {shlex.join(requirements)}"


def import_names(library: str) -> tuple[str, ...]:
    """Return the names to import once a library is installed. If it is not installed, guess them."""
    from importlib.metadata import packages_distributions

    from packaging.utils import canonicalize_name

    package = _key(_parsed(library))
    owners = packages_distributions().items()
    modules = [module for module, names in owners if any(canonicalize_name(n) == package for n in names)]
    return tuple(sorted(modules)) or (_IMPORTED_AS.get(package, package.replace("-", "_")),)


def requirement_for(module: str, libraries: Iterable[str]) -> str | None:
    """Return which of the libraries provides a module such as "sklearn.svm", or None."""
    top = module.partition(".")[0]
    return next((str(_parsed(library)) for library in libraries if top in import_names(library)), None)


def may_use(libraries: Iterable[str], usual: Sequence[str] = USUAL) -> str:
    """Return the sentence that tells learners what they may use; "" if that is only the usual."""
    names = {name.lower() for name in usual}
    more = [name for name in map(package_name, libraries) if name.lower() not in names]
    return f"You may use {listed(usual)}, and for this exercise {listed(more)}." if more else ""


def _parsed(library: str) -> Requirement:
    """Parse a requirement. Raises InvalidRequirement."""
    from packaging.requirements import Requirement  # imported only if a course lists libraries

    return Requirement(library)


def _key(requirement: Requirement) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(requirement.name)


def _is_met(requirement: Requirement) -> bool:
    from packaging.version import InvalidVersion

    version = installed_version(requirement.name)
    try:
        return version is not None and requirement.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return False
