"""Run every hostile or careless submission. It earns points for its honest part and harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import Arena, Attack, arena
from corpus import sampled

from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

ATTACKS = {path.stem: path for path in sorted((Path(__file__).parent / "submissions").glob("*.py"))}
# one way each to end the worker, to use up time, memory, processes and disk, to read and write what is
# not the submission's, to forge a score, to get out of the walls, and to reach the next submission
FEW = (
    "os_exit_in_call segfault loop_deaf_to_signals memory fork_bomb disk_fill proc walk_the_disk"
    " write_everywhere forge_verdicts forge_early forge_arguments lying_objects pickle patched_numpy"
    " kill_everyone network leave_the_walls become_root leave_for_the_next_worker tell_the_input"
    " semaphores landlock page_tables"
).split()


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Return one judge for all attacks, so that damage by one affects the next."""
    with arena(tmp_path_factory.mktemp("arena")) as built:
        yield built


@pytest.mark.parametrize("path", sampled(ATTACKS, FEW))
def test_attack(judge: Arena, path: Path) -> None:
    judge.fight(Attack(path))
