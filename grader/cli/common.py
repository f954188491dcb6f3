"""What every command needs: the course it is about, and the learner's log."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.progress.attempt import Attempt, Kind
    from grader.progress.log import AttemptLog


def current_course() -> Course:
    """Return the course named by --course or COURSE_DIR, else the bundled one."""
    from grader.content.course import Course

    root: Path | None = click.get_current_context().find_root().obj
    return Course.bundled() if root is None else Course(root)


def attempt_log() -> AttemptLog:
    """Return the learner's log; it is closed when the command ends."""
    from grader.progress.log import AttemptLog
    from grader.progress.place import log_path

    log = AttemptLog(log_path(os.environ))
    click.get_current_context().call_on_close(log.close)
    return log


def new_attempt(kind: Kind, item: str, content_hash: str, **fields: Any) -> Attempt:
    """Return an attempt made now; `fields` are those of Attempt."""
    from datetime import UTC, datetime

    from grader.progress.attempt import Attempt, new_id, timestamp

    now = timestamp(datetime.now(UTC))
    return Attempt(id=new_id(), time=now, kind=kind, item=item, content_hash=content_hash, **fields)


confidence_option = click.option(
    "--confidence/--no-confidence",
    default=None,
    help="Ask how sure you are. If left out: at a terminal, unless COURSE_CONFIDENCE=off.",
)


def may_redraw(stream: IO[str]) -> bool:
    """Whether this is a terminal on which text may be replaced, paged and coloured.

    COURSE_PLAIN is for screen readers: with it, text only ever follows other text.
    """
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("COURSE_PLAIN")


class StatusLine:
    """One line on stderr that says how far a long job is; nothing where nobody watches."""

    def __init__(self, wanted: bool) -> None:
        self._shown = wanted and may_redraw(sys.stderr)

    def say(self, text: str) -> None:
        """Put this text in the place of the one before; an empty one clears the line."""
        if self._shown:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
