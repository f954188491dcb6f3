"""The tutorial for authors, run line by line in an empty directory, down to a learner who uses the course."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from string import ascii_letters

PAGE = (Path(__file__).parents[2] / "docs" / "authors.md").read_text("utf-8")
TUTORIAL = PAGE[PAGE.index("## Your first course") : PAGE.index("## course.yaml")]
BLOCKS = re.findall(r"(?s)^(.*?)```(sh|python)\n(.*?)```$", TUTORIAL, re.MULTILINE)
UNWRITTEN = "this is still to be written: TODO: "

ENDS = {  # the exit code, and what is printed at last
    "course validate exercise-words": (2, r"\n\nNot proven\. \d+ things are broken \(\d+ s\)\."),
    "course validate": (0, r"\nProven\. Nothing is broken \(\d+ s\)\."),
    "course check exercise-words split.py": (1, r"Is there anything in your list that is not a letter\?"),
}


def fill(root: Path) -> None:
    """Replace every placeholder in the YAML of a course by a sentence."""
    for path in root.rglob("*.yaml"):
        first, *others = re.split(r'TODO: [^"\n]+', path.read_text("utf-8"))
        filled = (f"Sentence {ascii_letters[n]}.{each}" for n, each in enumerate(others))
        path.write_text(first + "".join(filled), "utf-8")


def test_every_command_does_what_the_page_says(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    here, kept = tmp_path, dict(environment)

    def course(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *args],
            cwd=here,
            env=kept,
            input="a\nb\nc\n" if args[0] == "quiz" else "",
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,  # a busy machine is not a failure
        )

    outputs = {}
    for before, language, text in BLOCKS:
        if language == "python":
            (here / re.findall(r"`([\w/-]+\.py)`", before)[-1]).write_text(text, "utf-8")
            continue
        for line in text.splitlines():
            if line.startswith("cd "):
                here = here / line.removeprefix("cd ")
            elif line.startswith("export "):
                kept["COURSE_DIR"] = str(here)
            else:
                if line == "course validate":
                    fill(here)
                done = course(*shlex.split(line)[1:])
                outputs[line] = done.stdout
                code, says = ENDS.get(line, (0, ""))
                assert done.returncode == code and re.search(says, done.stdout), (
                    f"{line}\n{done.stdout}{done.stderr}"
                )

    # what was missing were placeholders, and each mistake is recognized as itself
    whole = outputs["course validate exercise-words"]
    assert whole.count("exercise-words/") == whole.replace("\n  ", " ").count(UNWRITTEN) > 10
    assert all(
        re.search(rf"{name} .* itself", outputs["course validate"])
        for name in ("cuts-at-blanks", "takes-the-last")
    )
    [shown] = [text for line, text in outputs.items() if "takes-the-last" in line]
    assert "longest fails 2 of 3 tests:\n" in shown
    assert json.loads(outputs["course schema exercise"])["title"] == "exercise"
    assert "How many words has" in outputs["course quiz day1"]
