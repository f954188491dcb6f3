"""The walls that can confine a zygote on this machine: bubblewrap or none."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from grader.judge.confinement import Confinement

HOME = "/scratch"  # the home directory inside the walls
# What a Python program needs of the system. Not all of /usr: containers keep work in /usr/src/app, and
# nbgrader keeps what learners submit in /usr/local/share.
_SYSTEM = (
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libx32",
    "/usr/libexec",
    "/usr/share",
    "/usr/local/lib",
    "/usr/local/share/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/alternatives",
)
_POSSIBLE_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_MAX_LINKS = 40  # as in Linux
_PACKAGE = Path(__file__).resolve().parents[2]


class Wall(Struct, frozen=True):
    """One way to confine a zygote.

    "nobody": bubblewrap started by root; the zygote then switches to the user nobody.
    "user": bubblewrap in a user namespace. "dropped": no walls, but root starts each worker as another
    user. "open": no walls, only a separate process.
    """

    mode: Literal["nobody", "user", "dropped", "open"]
    program: str = ""

    @property
    def confinement(self) -> Confinement:
        """Return the confinement that reports name for this wall."""
        without = {"open": Confinement.NONE, "dropped": Confinement.OTHER_USER}
        return without.get(self.mode, Confinement.BUBBLEWRAP)

    def command(
        self, environment: dict[str, str], hidden: Iterable[str], readable: Iterable[str]
    ) -> list[str]:
        """Return the command prefix that runs a program inside the walls.

        The program sees Python's libraries and `grader` without its course, both read-only,
        and an empty scratch directory. It sees nothing else beside them, such as what lies
        in the directory of a virtual environment. It sees no network and no other process.
        `hidden` directories are empty even inside a visible one. `readable` directories are
        visible and read-only. The options are those of bwrap(1).
        """
        if not self.confinement.walled:
            return []
        options = [self.program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        if self.mode == "nobody":
            options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            options += ["--unshare-user"]
        options += ["--die-with-parent", "--new-session", "--clearenv"]
        for name, value in environment.items():
            options += ["--setenv", name, value]
        visible, readable = [*_libraries(), str(_PACKAGE)], list(readable)
        program, links = _program(Path(sys.executable))
        names = dict.fromkeys(Path(name).parent.parent / "pyvenv.cfg" for name in (program, *links))
        shown = [path for path in (program, *map(str, names)) if not _inside(Path(path), _SYSTEM)]
        for parent in _parents([*_SYSTEM, *visible, *readable, *shown, *links]):
            options += ["--dir", parent]  # an implicit directory would be open only to root
        for path in _SYSTEM:
            options += ["--ro-bind-try", path, path]
        for path in _POSSIBLE_LINKS:
            is_link = Path(path).is_symlink()
            options += (
                ["--symlink", str(Path(path).readlink()), path] if is_link else ["--ro-bind-try", path, path]
            )
        options += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", HOME]
        for path in visible:
            options += ["--ro-bind", path, path]
        for link, target in links.items():
            options += ["--symlink", target, link]
        for path in [*shown, *readable]:
            options += ["--ro-bind-try", path, path]
        # an editable installation can have a copy of the course among its packages
        copies = [Path(path) / "grader" / "course" for path in sys.path]
        for secret in (_PACKAGE / "course", *copies, *map(Path, hidden)):
            if secret.is_dir() and _inside(secret, [*visible, *_SYSTEM]):
                options += ["--tmpfs", str(secret)]
        # anything that one worker could write, another could read
        return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME, "--"]


def bubblewrap() -> str | None:
    """Return the path of the `bwrap` program, or None."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def walls() -> Iterator[Wall]:
    """Yield the walls to try on this machine, best first. Yield nothing if fork is not reliable here."""
    if sys.platform != "linux":
        return
    if (program := bubblewrap()) is not None:
        if os.getuid() == 0:
            yield Wall("nobody", program)
        yield Wall("user", program)
    if os.getuid() == 0:
        yield Wall("dropped")
    yield Wall("open")


def _libraries() -> list[str]:
    """Return the directories of Python's own modules and its packages, none inside another or a system's.

    These are not the prefixes of the installation: `python -m venv .` makes the prefix of whatever
    directory holds a class.
    """
    prefixes = {Path(sys.base_prefix), Path(sys.base_exec_prefix)}
    candidates = {prefix / name for prefix in prefixes for name in ("lib", "lib64", "share/zoneinfo")}
    # not all of sys.path: in an editable installation it contains the checkout, with tests and solutions
    candidates |= {Path(path) for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    kept: list[str] = [*_SYSTEM]
    for path in sorted(map(str, filter(Path.is_dir, candidates)), key=len):
        if not _inside(Path(path), kept):
            kept.append(path)
    return kept[len(_SYSTEM) :]


def _program(path: Path) -> tuple[str, dict[str, str]]:
    """Return the file of a program, and the links that lead to it, each with its target.

    The links are kept, because Python looks for its libraries near the path by which it was started.
    """
    links: dict[str, str] = {}
    for _ in range(_MAX_LINKS):
        if not path.is_symlink():
            break
        target = path.readlink()
        if not _inside(path, _SYSTEM):
            links[str(path)] = str(target)
        path = Path(os.path.normpath(path.parent / target))
    return str(path), links


def _inside(path: Path, roots: Iterable[str]) -> bool:
    return any(path == Path(root) or Path(root) in path.parents for root in roots)


def _parents(paths: Iterable[str]) -> list[str]:
    """Return all parent directories of `paths`, outermost first."""
    above = {str(parent) for path in paths for parent in Path(path).parents if parent != Path("/")}
    return sorted((path for path in above if not _inside(Path(path), _SYSTEM)), key=len)
