"""The commands that docs/learners.md lists, in its order, in the directory of a newcomer."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest

from grader.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "learners.md").read_text("utf-8")
LISTED = [line.partition("#")[0].strip() for line in PAGE.split("```sh\n")[1].split("```")[0].splitlines()]
IN_TUTORIALS = {"course learn", "course open", "course check exercise-lstm", "course watch exercise-lstm"}
ENDS = {  # exit code, and what is printed
    "course": (0, "Next: course learn day4"),
    "course lesson": (0, "What this lesson covers|Recurrent Neural Networks"),
    "course quiz": (1, "Question 1 of 5"),
    "course start exercise-lstm": (0, "Wrote exercise_lstm.py: 6 functions to write."),
    "course hint exercise-lstm": (0, "exercise-lstm/create_sequences, hint 1 of"),
    "course compare exercise-lstm": (2, "no function is solved yet"),
    "course review": (0, "There is nothing to review yet"),
    "course progress": (0, r"exercise-lstm +- +- +0"),
    "course reset": (1, "progress"),
    "course doctor": (0, "Python"),
}


def test_each_listed_command_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {*LISTED} == ENDS.keys() | IN_TUTORIALS
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSE_DIR", raising=False)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    for line, (code, says) in ENDS.items():
        monkeypatch.setattr("sys.argv", shlex.split(line))
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            main()
        printed = "".join(capsys.readouterr())
        assert (ended.value.code, bool(re.search(says, printed))) == (code, True), f"{line}\n{printed}"
