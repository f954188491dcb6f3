"""What surrounds the zygote on this machine: bubblewrap, or nothing."""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Iterable
from pathlib import Path

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


def bubblewrap() -> str | None:
    """Return the path of the `bwrap` program, or None."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def command(
    program: str, environment: dict[str, str], hidden: Iterable[Path], readable: Iterable[Path]
) -> list[str]:
    """Return the bwrap command line that what follows is appended to.

    Inside there is the Python installation and `grader` without its course, all
    read-only, an empty home and /tmp, no network, no other process. `hidden`
    directories are empty even where they lie inside something visible.
    """
    options = [program, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in environment.items():
        options += ["--setenv", name, value]
    for path in _SYSTEM:
        options += ["--ro-bind-try", path, path]
    for path in _OFTEN_LINKS:
        if Path(path).is_symlink():
            options += ["--symlink", os.readlink(path), path]
        else:
            options += ["--ro-bind-try", path, path]
    options += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for visible in _python_paths():
        options += ["--ro-bind", visible, visible]
    for extra in readable:
        options += ["--ro-bind-try", str(extra), str(extra)]
    package = Path(__file__).resolve().parents[1]
    options += ["--ro-bind", str(package), str(package)]
    for secret in [package / "course", *hidden]:
        if secret.is_dir() and _is_visible(secret, [*_python_paths(), "/usr", str(package)]):
            options += ["--tmpfs", str(secret)]
    return [*options, "--chdir", "/tmp", "--"]


def _python_paths() -> list[str]:
    """Return the directories of the running Python and its packages, outermost first, none inside another."""
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()}
    if site.ENABLE_USER_SITE:
        found.add(site.getusersitepackages())
    # a virtual environment's python may be a link to a link
    found.add(str(Path(sys.executable).resolve().parent.parent))
    paths = sorted({str(Path(path)) for path in found if Path(path).is_dir()}, key=len)
    return [
        path
        for path in paths
        if not _is_visible(Path(path), [p for p in paths if len(p) < len(path)] + ["/usr"])
    ]


def _is_visible(path: Path, roots: Iterable[str]) -> bool:
    return any(path == Path(root) or Path(root) in path.parents for root in roots)
