"""`python -m grader.judge.sandbox`: print how learner code is confined on this machine."""

from __future__ import annotations

from grader.judge.confinement import Confinement
from grader.judge.sandbox.available import try_walls

if __name__ == "__main__":
    working = (wall.confinement for wall, error in try_walls() if error is None)
    print(next(working, Confinement.NONE).says)
