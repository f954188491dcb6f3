"""`course validate --watch` on the example course, through a pipe: one line for each thing that changes."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from judging import descendants, is_running, wait_until
from running import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
MISTAKE = "exercises/exercise-words/mistakes/cuts_at_blanks.py"
TWIN = "exercises/exercise-words/mistakes/rarest_first.py"


class Watching:
    """A running `course validate --watch`."""

    def __init__(self, process: subprocess.Popen[str], root: Path) -> None:
        self.process, self._root = process, root

    def edit(self, name: str, old: str, new: str) -> None:
        """Edit a file, as an editor does that writes a new one and moves it into place."""
        path, draft = self._root / name, self._root.parent / "draft"
        text = path.read_text()
        assert old in text
        draft.write_text(text.replace(old, new, 1))
        draft.replace(path)

    def until(self, start: str) -> list[str]:
        """Return the lines up to one that starts in this way, which is the last one."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith(start):
                return lines
        pytest.fail("\n".join(lines))

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C. Return the exit code and what was printed on stderr."""
        self.process.send_signal(signal.SIGINT)
        output, errors = self.process.communicate(timeout=60)
        assert output == ""
        return self.process.returncode, errors.strip()


@contextmanager
def watching(command: str, environment: dict[str, str], tmp_path: Path, *item: str) -> Iterator[Watching]:
    """Watch a copy of the example course. Begin after its first validation."""
    root = shutil.copytree(EXAMPLE, tmp_path / "course")
    with subprocess.Popen(
        [command, "validate", *item, "--watch", "--seeds", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env=environment,
    ) as process:
        watching = Watching(process, root)
        try:
            first = watching.until("Watching")
            assert any(line.startswith("Proven. Nothing is broken") for line in first)
            yield watching
        finally:
            process.kill()


def test_what_is_new_and_what_is_fixed_is_printed_after_each_save(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    with watching(command, environment, tmp_path) as course:
        started = descendants(course.process.pid)
        course.edit("quizzes/day1.yaml", "    hints:", "    hintz:")
        new, conclusion = course.until("Not proven.")
        assert new == "new: quizzes/day1.yaml:20: `hintz` is not a field here — did you mean `hints`?"
        assert conclusion.startswith("Not proven. One thing is broken (")
        course.edit("quizzes/day1.yaml", "    hintz:", "    hints:")
        assert course.until("Proven.")[0] == new.replace("new", "fixed")

        course.edit(MISTAKE, "text.lower().split()", '__import__("re").findall("[a-z\']+", text.lower())')
        new, _ = course.until("Not proven.")
        test = "exercises/exercise-words/hidden_tests.py"
        line = (course._root / test).read_text().split("\ndef test_no_words")[0].count("\n") + 2
        assert new.startswith(
            f"new: {test}:{line}: test_no_words: no mistake of words fails it — add a mistake"
        )
        assert course.stop() == (2, "Stopped.")
        wait_until(lambda: not any(map(is_running, started)))


def test_ctrl_c_ends_a_proven_part_with_0(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    with watching(command, environment, tmp_path, "day1") as course:
        assert course.stop() == (0, "Stopped.")


def test_several_parts_are_followed_while_a_file_is_gone(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    with watching(command, environment, tmp_path, "lessons/day1.yaml", "exercise-words") as course:
        gone, away = tmp_path / "course" / TWIN, tmp_path / "away"
        gone.rename(away)
        new, _ = course.until("Not proven.")
        assert new.startswith("new: exercises/exercise-words/exercise.yaml:56: mistakes/rarest_first.py does")
        course.edit("lessons/day1.yaml", "introduction:", "introductoin:")
        assert any("`introductoin` is not a field" in line for line in course.until("Not proven."))
        course.edit("lessons/day1.yaml", "introductoin:", "introduction:")
        course.until("Not proven.")
        away.rename(gone)
        assert course.until("Proven.")[0] == new.replace("new", "fixed")
        assert course.stop() == (0, "Stopped.")


def test_options_that_do_not_go_together_are_refused(run: Run) -> None:
    done = run("--course", EXAMPLE, "validate", "--watch", "--mutants", "3")
    assert done.returncode == 2
    assert "--watch cannot be used with" in done.stderr
