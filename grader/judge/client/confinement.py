"""Find out how this machine confines learner code, and refuse to grade where it does not."""

from __future__ import annotations

import subprocess
import sys
import tempfile

from grader.errors import EnvironmentProblem
from grader.judge.confinement import Confinement
from grader.judge.environment_variables import judge_variables

SECONDS = 120.0


def confinement_here() -> Confinement:
    """Return how learner code is confined on this machine. Raises EnvironmentProblem if that fails.

    `python -m grader.judge.sandbox` finds out. It tidies up even if this process is killed meanwhile.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "grader.judge.sandbox"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=judge_variables(tempfile.gettempdir()),
            start_new_session=True,
            timeout=SECONDS,
            text=True,
        )
        if done.returncode == 0:
            return Confinement(done.stdout.strip())
    except (OSError, subprocess.TimeoutExpired, ValueError):
        pass
    raise EnvironmentProblem("no process can be started for learner code — run `course doctor` for details")


def required_confinement(otherwise: str) -> Confinement:
    """Return how learner code is confined here. Raises EnvironmentProblem if it is not.

    `otherwise` names the option that grades unconfined.
    """
    confinement = confinement_here()
    require_walls(confinement, otherwise)
    return confinement


def require_walls(confinement: Confinement, otherwise: str) -> None:
    """Raise EnvironmentProblem if learner code is not confined; `otherwise` is as above."""
    if not confinement.walled:
        raise EnvironmentProblem(
            "learner code cannot be confined on this machine, so nothing is graded — run `course doctor` to "
            f"see what to install, or grade unconfined with {otherwise}"
        )
