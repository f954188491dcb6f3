"""Snapshots, in `tests/snapshots/`, of texts that learners read. They show each change of wording."""

from __future__ import annotations

import os
from pathlib import Path

DIRECTORY = Path(__file__).parent / "snapshots"
UPDATE = "COURSE_UPDATE_SNAPSHOTS"


def assert_snapshot(name: str, text: str) -> None:
    """Assert that `text` equals the snapshot `name`. COURSE_UPDATE_SNAPSHOTS=1 writes it first."""
    path = DIRECTORY / f"{name}.txt"
    if os.environ.get(UPDATE):
        DIRECTORY.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert text + "\n" == kept, f"the wording changed: if it is better, set {UPDATE}=1 and read the diff"
