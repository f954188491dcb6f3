"""Run every hostile or careless submission. It earns points for its honest part and harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import Arena, Attack, arena

from grader.judge.sandbox import walls

pytestmark = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")

ATTACKS = sorted((Path(__file__).parent / "submissions").glob("*.py"))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Return one judge for all attacks, so that damage by one affects the next."""
    with arena(tmp_path_factory.mktemp("arena")) as built:
        yield built


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_attack(judge: Arena, path: Path) -> None:
    judge.fight(Attack(path))
