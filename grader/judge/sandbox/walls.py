"""What can surround a zygote on this machine: walls of bubblewrap, or none."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from grader.judge.confinement import Confinement

HOME = "/scratch"  # inside the walls
# what a Python program needs to read besides Python itself
_SYSTEM = (
    "/usr",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/alternatives",
)
_OFTEN_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_PACKAGE = Path(__file__).resolve().parents[2]


class Wall(Struct, frozen=True):
    """One way to surround a zygote.

    "nobody": bubblewrap started by root, which then gives up being root.
    "user": bubblewrap in a user namespace. "open": no walls, only a process apart.
    """

    mode: Literal["nobody", "user", "open"]
    program: str = ""

    @property
    def confinement(self) -> Confinement:
        """What it is in a report."""
        return Confinement.NONE if self.mode == "open" else Confinement.BUBBLEWRAP

    def command(
        self, environment: dict[str, str], hidden: Iterable[str], readable: Iterable[str]
    ) -> list[str]:
        """Return the words to put before a command so that it runs inside.

        There it finds the Python installation and `grader` without its course, all
        read-only, an empty scratch directory, no network and no other process. `hidden`
        directories are empty even where they lie inside something visible.
        """
        if self.mode == "open":
            return []
        options = [self.program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        if self.mode == "nobody":
            options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            options += ["--unshare-user"]
        options += ["--die-with-parent", "--new-session", "--clearenv"]
        for name, value in environment.items():
            options += ["--setenv", name, value]
        visible, readable = [*_python_paths(), str(_PACKAGE)], list(readable)
        for parent in _parents([*visible, *readable]):
            options += ["--dir", parent]  # made on the way, it would be closed to everybody but root
        for path in _SYSTEM:
            options += ["--ro-bind-try", path, path]
        for path in _OFTEN_LINKS:
            link = Path(path).is_symlink()
            options += (
                ["--symlink", str(Path(path).readlink()), path] if link else ["--ro-bind-try", path, path]
            )
        options += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", HOME]
        for path in visible:
            options += ["--ro-bind", path, path]
        for path in readable:
            options += ["--ro-bind-try", path, path]
        # an editable installation has a copy of the course beside the packages it depends on
        copies = [Path(path) / "grader" / "course" for path in sys.path]
        for secret in (_PACKAGE / "course", *copies, *map(Path, hidden)):
            if secret.is_dir() and _inside(secret, [*visible, "/usr"]):
                options += ["--tmpfs", str(secret)]
        # what one worker could write, another could read
        return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME, "--"]


def bubblewrap() -> str | None:
    """Return the path of the `bwrap` program, or None."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def walls() -> Iterator[Wall]:
    """Yield the walls to try on this machine, best first; none where there is no fork to rely on."""
    if sys.platform != "linux":
        return
    if (program := bubblewrap()) is not None:
        if os.getuid() == 0:
            yield Wall("nobody", program)
        yield Wall("user", program)
    yield Wall("open")


def _python_paths() -> list[str]:
    """Return the directories of the running Python and its packages, none inside another or /usr."""
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    # not all of sys.path: an editable installation has a checkout there, with its tests and solutions
    found |= {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    # a virtual environment's python may be a link to a link
    found.add(str(Path(sys.executable).resolve().parent.parent))
    kept = ["/usr"]
    for path in sorted((str(Path(path)) for path in found if Path(path).is_dir()), key=len):
        if not _inside(Path(path), kept):
            kept.append(path)
    return kept[1:]


def _inside(path: Path, roots: Iterable[str]) -> bool:
    return any(path == Path(root) or Path(root) in path.parents for root in roots)


def _parents(paths: Iterable[str]) -> list[str]:
    """Return the directories above these, outermost first."""
    above = {str(parent) for path in paths for parent in Path(path).parents if parent != Path("/")}
    return sorted(above - {"/usr"}, key=len)
