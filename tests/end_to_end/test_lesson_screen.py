"""`course lesson` at a real terminal of 80x24: the pager, drawings and figures."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from shutil import which

import pytest

pytest.importorskip("pexpect", reason="needs a pseudo-terminal")
pytest.importorskip("pyte", reason="needs a terminal emulator")
from screens import Emulated


@pytest.mark.skipif(which("less") is None, reason="needs less")
def test_the_pager_says_how_to_leave_it(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    with Emulated(command, environment, tmp_path, "lesson", "day4", "2") as screen:
        screen.wait_for("2 Recurrent Neural Network Basics", "space: more, b: back, q: leave")
        assert "\x1b[1m" in screen.output and "ESC[" not in screen.text
        screen.send("q")
        assert screen.end() == 0


@pytest.mark.skipif(which("less") is None, reason="needs less")
def test_a_short_section_needs_no_pager(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    with Emulated(command, environment, tmp_path, "lesson", "day4", "1.1") as screen:
        assert screen.end() == 0
        assert "1.1 Why Sequential Data is Special" in screen.text


def test_a_figure_is_drawn_on_a_terminal(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    args = ["lesson", "day4", "2.2"]
    with Emulated(command, environment | {"PAGER": "cat"}, tmp_path, *args, rows=60) as screen:
        assert screen.end() == 0
        assert "│ RNN cell │─┐    =    │ RNN │" in screen.text and "Description:" not in screen.text
    with Emulated(command, environment | {"COURSE_PLAIN": "1"}, tmp_path, *args, rows=60) as screen:
        assert screen.end() == 0
        assert "RNN cell │" not in screen.text and "Description: Folded: one box" in screen.words


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there xdg-open is not used")
@pytest.mark.parametrize(
    ("exit_code", "display", "says"),
    [
        (0, ":9", ""),
        (4, ":9", "course: xdg-open found no viewer, so open it in a viewer of your own."),
        (0, "", "course: there is no graphical display here, so open it in a viewer of your own."),
    ],
)
def test_figures_open_quietly_or_one_line_says_why_not(
    command: str, environment: dict[str, str], tmp_path: Path, exit_code: int, display: str, says: str
) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text(f"#!/bin/sh\necho noise\necho more noise >&2\nexit {exit_code}\n")
    opener.chmod(0o755)
    seen = {k: v for k, v in environment.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    seen |= {"PATH": f"{tmp_path}{os.pathsep}{environment['PATH']}"} | (
        {"DISPLAY": display} if display else {}
    )
    args = ["lesson", "day4", "2.2", "--figures"]
    with Emulated(command, seen, tmp_path, *args, columns=200) as screen:
        assert screen.end() == 0
        first, *others = screen.text.split("\n")
        assert first.endswith("rnn-unfolded.svg") and others == ([says] if says else [])
