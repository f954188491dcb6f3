"""What `course watch` shows: the last verdict, a hint or a section of the lesson."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import may_redraw
from grader.cli.keys import BACK, MORE, QUIT
from grader.cli.pages import Pages, fitted
from grader.cli.text import screen
from grader.cli.verdict import painted, terminal_lines, terminal_marks
from grader.cli.watch_screen import message_lines, watch_lines
from grader.judge.report import Report
from grader.judge.verdict import first_wrong

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise
    from grader.errors import CourseError
    from grader.tutor.recording import Recorder

KEYS = "Keys: h hint, o open the lesson, r check again, q quit."
TITLED = ("xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "konsole", "vte")


class WatchDisplay:
    """Shows one thing at a time. On a terminal it replaces the one before and never scrolls."""

    def __init__(self, course: Course, exercise: Exercise, path: Path, has_keys: bool) -> None:
        self._course = course
        self._exercise = exercise
        self._path = path
        self._redraws = may_redraw(sys.stdout)
        self._keys = KEYS if has_keys else "Press Ctrl-C to stop."
        self._shown: Report | CourseError | None = None
        self._pages: Pages | None = None

    def checking(self) -> None:
        """Say that a check has begun, and keep the last verdict on the screen."""
        self._pages = None
        if self._redraws:
            self._draw(f"Checking {self._path} …")
        else:
            click.echo(f"\nChecking {self._path} …")

    def verdict(self, report: Report) -> None:
        """Show a report. Ring once when all tests pass for the first time since they did not."""
        rings = report.passed and not self._has_passed()
        self._shown, self._pages = report, None
        if self._redraws:
            self._draw(self._waiting())
        else:
            for line in terminal_lines(report, self._exercise, str(self._path)):
                click.echo(line)
            click.echo(f"\n{self._waiting()} {self._keys}")
        if _takes_title():
            points = f"{report.score:g} of {report.max_score:g} points"
            says = "all tests passed" if report.passed else points
            click.echo(f"\x1b]2;{self._exercise.id}: {says}\x1b\\", nl=False)
        if rings and sys.stdout.isatty():
            click.echo("\a", nl=False)

    def error(self, error: CourseError) -> None:
        self._shown, self._pages = error, None
        if self._redraws:
            self._draw(self._waiting())
        else:
            click.echo(f"{error}\n\n{self._waiting()} {self._keys}")

    def hint(self, recorder: Recorder) -> None:
        """Show the next hint for the first function that is not right."""
        from grader.cli.hint import show_exercise_hint

        lines: list[str] = []
        show_exercise_hint(self._course, self._exercise, None, recorder, lines.append)
        self._read("\n".join(lines).split("\n"))

    def section(self) -> None:
        """Show the section of the lesson on the first function that is not right."""
        from grader.cli.lesson import section_lines

        lesson = self._course.lesson(self._exercise.lesson)
        function = first_wrong(self._shown, self._exercise) if isinstance(self._shown, Report) else None
        section = lesson.section(function.section) if function and function.section else None
        if section is None:
            self._read([f"To read about this exercise: course lesson {lesson.id}"])
        else:
            self._read([*section_lines(section, lesson, screen())])

    def turn(self, key: str) -> bool:
        """Let a key turn the pages that are open. Return False if none are."""
        if self._pages is None:
            return False
        if key == QUIT or (key == MORE and self._pages.is_last):
            self._pages = None
            self._draw(self._waiting())
        elif key in (MORE, BACK):
            self._pages = self._pages.turned(1 if key == MORE else -1)
            self._draw_page(self._pages)
        else:
            return False
        return True

    def _read(self, lines: list[str]) -> None:
        if not self._redraws:
            click.echo("\n" + "\n".join(lines))
            return
        width, height = shutil.get_terminal_size()
        self._pages = Pages.of(lines, width, height - 2)
        self._draw_page(self._pages)

    def _draw_page(self, pages: Pages) -> None:
        keys = "space: back to your check" if pages.is_last else "space: more, q: back to your check"
        back = ", b: back" if pages.at else ""
        number = f"page {pages.at + 1} of {len(pages.pages)}" if len(pages.pages) > 1 else ""
        width = shutil.get_terminal_size().columns
        _replace([*pages.lines, "", fitted(width - 1, *filter(None, [number]), keys + back)])

    def _draw(self, status: str) -> None:
        width, height = shutil.get_terminal_size()
        foot = [status, self._keys]
        if isinstance(self._shown, Report):
            lines = watch_lines(
                self._shown, self._exercise, str(self._path), foot, width - 1, height - 1, terminal_marks()
            )
        else:
            lines = message_lines(str(self._shown or ""), foot, width - 1, height - 1)
        page = screen()
        _replace(painted(line, page) for line in lines)

    def _waiting(self) -> str:
        if isinstance(self._shown, Report):
            return f"Checked in {self._shown.seconds:.1f} s; waiting for the next save."
        return "Waiting for the next save."

    def _has_passed(self) -> bool:
        return isinstance(self._shown, Report) and self._shown.passed


def _replace(lines: Iterable[str]) -> None:
    """Clear the screen and show these lines in one write, so that nothing flickers."""
    click.echo("\x1b[2J\x1b[H" + "\n".join(lines), nl=False)
    sys.stdout.flush()


@contextmanager
def whole_screen() -> Iterator[None]:
    """Put the title of the terminal's window back at the end, and the cursor below what is shown."""
    if _takes_title():
        click.echo("\x1b[22;2t", nl=False)
    try:
        yield
    finally:
        if _takes_title():
            click.echo("\x1b[23;2t", nl=False)
        if may_redraw(sys.stdout):
            click.echo()


def _takes_title() -> bool:
    return may_redraw(sys.stdout) and os.environ.get("TERM", "").startswith(TITLED)
