"""Run a worker as another user, where root has no bubblewrap, as in many containers (Linux).

Each worker gets a user id of its own. So workers can neither stop each other nor read each other's
memory, and files that only root may read stay unread. They still see all files that everyone may
read, other processes' names, and the network.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys
import sysconfig
from pathlib import Path

from grader.judge.worker import home as home_directory
from grader.judge.worker.namespaces import drop_privileges, limit_capabilities

# system accounts and people do not have these ids, and more may not exist in a container
FIRST, COUNT = 61184, 2000


def free_user() -> int:
    """Return the id of a user who has no process now. It is drawn, because other zygotes choose, too."""
    taken = set()
    for path in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it has ended
            taken.add(path.stat().st_uid)
    return secrets.choice([user for user in range(FIRST, FIRST + COUNT) if user not in taken])


def check() -> None:
    """Find out whether another user can run workers. Raises SystemExit with the reason if not."""
    home, needed = make_home(FIRST), _needed()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            become(FIRST, home)
            code = 0 if all(os.access(path, os.R_OK | os.X_OK) for path in needed) else 2
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    home.rmdir()
    if code:
        what = "cannot read the installation of Python" if code == 2 else "cannot be had"
        raise SystemExit(f"a user without privileges {what}")


def _needed() -> list[str]:
    packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return [sysconfig.get_path("stdlib"), *packages, str(Path(__file__).parents[1])]


def make_home(user: int) -> Path:
    """Make a directory that only this user and root may enter, in the working directory."""
    home = home_directory.make_home(f"worker-{user}")
    os.chown(home, user, user)
    return home


def become(user: int, home: Path) -> None:
    """Give up root for a user without privileges, in its home. Raises OSError."""
    limit_capabilities()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    drop_privileges()
    home_directory.move_into(home)
    if not os.access(os.environ.get("MPLCONFIGDIR", ""), os.R_OK):
        os.environ["MPLCONFIGDIR"] = str(home)


def end_all(user: int) -> None:
    """End all processes of a user, also those that have left their process group."""
    guard = user + COUNT  # by its real user, the child cannot be signaled by those that it ends
    child = os.fork()
    if child == 0:
        try:
            os.setresuid(guard, user, guard)
            if os.getresuid() == (guard, user, guard):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(-1, signal.SIGKILL)  # all that these users may signal
        finally:
            os._exit(0)
    os.waitpid(child, 0)
