"""Every hostile or sloppy submission, for real: it gets what its honest part deserves, and harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import Arena, Attack, arena

from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="there is no bubblewrap here")

ATTACKS = sorted((Path(__file__).parent / "submissions").glob("*.py"))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """One judge for all attacks: what one of them breaks, the next ones feel."""
    with arena(tmp_path_factory.mktemp("arena")) as built:
        yield built


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_attack(judge: Arena, path: Path) -> None:
    judge.fight(Attack(path))
