"""The disk cache is exact, bounded and shared, and its errors do no harm."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from grader.judge import disk_cache as module
from grader.judge.disk_cache import DiskCache
from grader.judge.wire.values import Array, encode


def memory_in(directory: Path) -> DiskCache[list[Array]]:
    return DiskCache(directory, list[Array])


def arrays(seed: int) -> list[Array]:
    """Return two encoded arrays, of shapes (3, 4) and (5,)."""
    rng = np.random.default_rng(seed)
    return [encode(rng.normal(size=shape).astype(np.float32)) for shape in ((3, 4), (5,))]  # type: ignore[misc]


def test_what_is_kept_comes_back_bit_for_bit(tmp_path: Path) -> None:
    memory = memory_in(tmp_path / "not" / "there" / "yet")
    assert memory.recall("a") is None
    memory.keep("a", arrays(1))
    assert memory.recall("a") == arrays(1)
    assert memory.recall("b") is None


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 200])
def test_a_damaged_entry_is_a_miss(tmp_path: Path, damage: bytes) -> None:
    memory = memory_in(tmp_path)
    memory.keep("a", arrays(1))
    (tmp_path / "a").write_bytes(damage)
    assert memory.recall("a") is None
    memory.keep("a", arrays(2))
    assert memory.recall("a") == arrays(2)


def test_one_changed_bit_is_a_miss(tmp_path: Path) -> None:
    memory = memory_in(tmp_path)
    memory.keep("a", arrays(1))
    raw = bytearray((tmp_path / "a").read_bytes())
    raw[-3] ^= 1
    (tmp_path / "a").write_bytes(raw)
    assert memory.recall("a") is None


def test_the_oldest_unused_entries_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    memory = memory_in(tmp_path)
    for number, key in enumerate("abc"):
        memory.keep(key, arrays(number))
        os.utime(tmp_path / key, (number, number))
    assert memory.recall("a") is not None  # marks the entry as used
    memory.keep("d", arrays(4))
    assert {path.name for path in tmp_path.iterdir()} == {"a", "c", "d"}


def test_its_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    memory = memory_in(tmp_path)
    for number in range(50):
        memory.keep(str(number), arrays(number))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    memory = memory_in(tmp_path / "file")
    memory.keep("a", arrays(1))
    assert memory.recall("a") is None


def _hammer(directory: str, seed: int) -> None:
    memory = memory_in(Path(directory))
    for round_ in range(60):
        key = str(round_ % 3)
        memory.keep(key, arrays(int(key)))
        found = memory.recall(key)
        assert found is None or found == arrays(int(key)), "a half-written entry was read"


def test_processes_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_hammer, args=(str(tmp_path), seed)) for seed in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", "2"}
