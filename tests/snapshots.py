"""Texts that learners read, kept in `tests/snapshots/`, so that a change of their wording is seen."""

from __future__ import annotations

import os
from pathlib import Path

DIRECTORY = Path(__file__).parent / "snapshots"
UPDATE = "COURSE_UPDATE_SNAPSHOTS"


def assert_snapshot(name: str, text: str) -> None:
    """`text` is what was kept under this name; COURSE_UPDATE_SNAPSHOTS=1 keeps it anew."""
    path = DIRECTORY / f"{name}.txt"
    if os.environ.get(UPDATE):
        DIRECTORY.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert text + "\n" == kept, f"new wording: if it is better, set {UPDATE}=1 and read the diff"
