"""`course learn` at a real terminal of 80x24: it never shows more than a screenful without a stop."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="needs a pseudo-terminal")
pytest.importorskip("pyte", reason="needs a terminal emulator")
from screens import Emulated

from grader.content.course import Course

COUNT = len(Course.bundled().lesson("day4").sections)
STOPS = ("q: stop", "Enter to begin:", "skip it:", "? for keys):", "leave it open):", "\n>")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "here"
    place.mkdir()
    return place


@pytest.mark.exhaustive
def test_it_never_shows_more_than_a_screenful(command: str, environment: dict[str, str], place: Path) -> None:
    seen = ""
    with Emulated(command, environment, place, "learn", "day4") as screen:
        for _ in range(40):
            last = screen.wait_for_end_of_line(*STOPS)
            assert screen.scrolled == 0, f"more than a screenful:\n{screen.text}"
            seen += screen.text + "\n"
            screen.forget()
            screen.send(" " if last.endswith("q: stop") else {"Y": "s\r", "H": "2\r"}.get(last[:1], "\r"))
    assert f"part 1 of {COUNT}  [----------]  space: go on, q: stop" in seen
    assert "page 2 of 2  space: go on, b: back, q: stop" in seen
    assert "Question on section 1.1" in seen and "2.3 Types of RNN Architectures" in seen


def test_b_goes_back_over_pages_and_sections(command: str, environment: dict[str, str], place: Path) -> None:
    with Emulated(command, environment, place, "learn", "day4") as screen:
        screen.wait_for("space: more, q: stop")
        screen.send(" ")
        screen.wait_for("Enter to begin:")
        screen.send("\r")
        screen.wait_for("1 The Challenge of Sequential Data", f"part 1 of {COUNT}")
        screen.send("x\x1b[B")  # another key does nothing, and an arrow turns the page
        screen.wait_for("1.1 Why Sequential Data is Special", f"part 2 of {COUNT}", "b: back")
        screen.send("b")
        screen.wait_for("1 The Challenge of Sequential Data", f"part 1 of {COUNT}", "space: more, q: stop")
        screen.send(" ")
        screen.wait_for("1.1 Why Sequential Data is Special")
        screen.send("q")
        screen.wait_for("Stopped. Your work is saved.")
        assert screen.end() == 1
    with Emulated(command, environment, place, "learn", "day4") as screen:
        screen.wait_for(f"Continuing: you have finished 1 of {COUNT} sections.", "space: go on, q: stop")
        screen.send(" ")
        screen.wait_for("1.1 Why Sequential Data is Special")


def test_a_screen_reader_gets_the_whole_section(
    command: str, environment: dict[str, str], place: Path
) -> None:
    with Emulated(command, environment | {"COURSE_PLAIN": "1"}, place, "learn", "day4") as screen:
        screen.wait_for("Enter to begin:")
        screen.send("\n")
        screen.wait_for("1 The Challenge of Sequential Data", "Enter to go on:")
        assert "\x1b" not in screen.output and "q: stop" not in screen.output
