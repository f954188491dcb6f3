"""Location of the log's file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILE = "attempts.sqlite"


def log_path(environment: Mapping[str, str]) -> Path:
    """Return the log's path: in COURSE_HOME if set, else in the platform's directory for user data."""
    home = environment.get("COURSE_HOME", "")
    if home:
        return Path(home).expanduser() / FILE
    from platformdirs import user_data_dir

    return Path(user_data_dir("course", appauthor=False)) / FILE
