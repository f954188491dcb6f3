"""Figures of a lesson or a question: in characters, or opened in the system's viewer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.cli.text import Screen
    from grader.content.figures import Figure

MARGIN = "    "  # left of a drawing
PATIENCE = 3  # seconds in which a program that opens files says that it cannot


def drawing(figure: Figure, screen: Screen) -> str:
    """Return the figure in characters, or "" if this output cannot show it or a screen reader reads it."""
    from grader.cli.text import columns

    lines = (figure.drawing or "").rstrip("\n").split("\n")
    if not figure.drawing or not screen.drawn or max(map(columns, lines)) + len(MARGIN) > screen.width:
        return ""
    return "\n".join((MARGIN + line).rstrip() for line in lines)


def show_figures(files: list[Path]) -> None:
    """Print the paths of figures, and open them if there is a terminal; if that fails, say so in a line."""
    for file in files:
        click.echo(str(file))
    if not sys.stdout.isatty():
        return
    reasons = (reason for file in files if (reason := _open(file)))
    if reason := next(reasons, None):
        pronoun = "it" if len(files) == 1 else "them"
        click.echo(f"course: {reason}, so open {pronoun} in a viewer of your own.", err=True)


def _open(file: Path) -> str | None:
    """Open a file without output on the terminal. Return the reason if that is not possible."""
    if sys.platform == "win32":
        return None if click.launch(str(file)) == 0 else "Windows has no viewer for this file"
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if sys.platform != "darwin" and not {"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ}:
        return "there is no graphical display here"
    if which(opener) is None:
        return f"the program {opener} is missing"
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(
        [opener, str(file)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        return f"{opener} found no viewer" if child.wait(PATIENCE) else None
    except subprocess.TimeoutExpired:  # some stay as long as the viewer is open
        return None
