"""`python -m grader.judge.walls`: print how learner code is confined on this machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile

from grader.errors import EnvironmentProblem
from grader.judge.check import clean_environment
from grader.judge.workers import try_walls

SECONDS = 120.0
NONE = "none"  # begins what a report says where there are no walls


def confinement_here() -> str:
    """Return what the reports of this machine will say. Raises EnvironmentProblem if it cannot be found out.

    It is found out in a process of its own, which tidies up even if this one is killed meanwhile.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "grader.judge.walls"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(tempfile.gettempdir()),
            start_new_session=True,
            timeout=SECONDS,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode or not done.stdout.strip():
        raise EnvironmentProblem("no process can be started for learner code — `course doctor` says more")
    return done.stdout.strip()


def confined(otherwise: str) -> str:
    """Return how learner code is confined here. Raises EnvironmentProblem if it is not.

    `otherwise` names what grades all the same.
    """
    says = confinement_here()
    check_confined(says, otherwise)
    return says


def check_confined(says: str, otherwise: str) -> None:
    """Raise EnvironmentProblem if a report says that there were no walls."""
    if says.startswith(NONE):
        raise EnvironmentProblem(
            "learner code cannot be confined on this machine, so nothing is graded — `course doctor` says "
            f"what to install; {otherwise} grades all the same, and says so"
        )


def main() -> None:
    print(next((wall.says for wall, error in try_walls() if error is None), f"{NONE}: a separate process"))


if __name__ == "__main__":
    main()
