"""A shell as a kernel has it, without a kernel, and the outputs that a front end would show."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader.judge.report import Report


def notebook_json(sources: Iterable[str]) -> str:
    """Return a notebook with these code cells."""
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


class Shell:
    """IPython's shell with the magics loaded."""

    def __init__(self) -> None:
        self._main = sys.modules["__main__"]  # which the shell replaces
        self._shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
        self.run("%load_ext grader.notebook")

    def run(self, *sources: str) -> None:
        for source in sources:
            self._shell.run_cell(source, store_history=True)

    def begin_again(self) -> None:
        """Forget what was executed, as a new kernel would, but keep the judge."""
        self._shell.reset(new_session=True, aggressive=False)
        self._shell.history_manager.reset(new_session=False)

    @property
    def names(self) -> dict[str, Any]:
        return dict(self._shell.user_ns)

    def close(self) -> None:
        self._shell.run_line_magic("unload_ext", "grader.notebook")
        InteractiveShell.clear_instance()
        sys.modules["__main__"] = self._main


def recorded(home: Path) -> list[Report]:
    """Return the reports in a learner's log, in order."""
    from grader.progress.log import AttemptLog
    from grader.progress.place import log_path

    log = AttemptLog(log_path({"COURSE_HOME": str(home)}))
    try:
        found: Sequence[Any] = [attempt.report for attempt in log.attempts() if attempt.kind == "check"]
    finally:
        log.close()
    return [msgspec.convert(report, Report) for report in found]
