"""Validation with a file of an exercise that is gone or unreadable names it, and says all else, too."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from corpus import sampled

from grader.authoring.validation import validate
from grader.authoring.watching import State, Watched
from grader.content.course import Course

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
WORDS = "exercises/exercise-words"
MISTAKE = f"{WORDS}/mistakes/rarest_first.py"  # another known mistake is about the same function
LATIN = b'x = "\xff"\n'

FILES = ("starter.py", "solution.py", "visible_tests.py", "hidden_tests.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "course")


def said(root: Path) -> list[str]:
    """Return all problems of a course with another one in a quiz, which has to be among them."""
    quiz = root / "quizzes/day1.yaml"
    quiz.write_text(quiz.read_text().replace("    hints:", "    hintz:", 1))
    problems = validate(Course(root), seeds=1).problems
    lines = [f"{Path(each.file).relative_to(root).as_posix()}: {each.what}" for each in problems]
    assert any("`hintz` is not a field here" in line for line in lines)
    return [line for line in lines if "hintz" not in line]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, f"{WORDS}/exercise.yaml: mistakes/rarest_first.py does not exist"),
        (b"", f"{MISTAKE}: the file is empty"),
        pytest.param(
            b"def (", f"{MISTAKE}: Python cannot parse it: invalid syntax", marks=pytest.mark.exhaustive
        ),
        (LATIN, f"{MISTAKE}: it is not UTF-8 text (byte 5)"),
        pytest.param(
            b"x = '\x1b[2J'\n",
            f"{MISTAKE}: the control character U+001B is not allowed",
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_a_mistake_that_cannot_be_read_hides_nothing(
    root: Path, content: bytes | None, expected: str
) -> None:
    if content is None:
        (root / MISTAKE).unlink()
    else:
        (root / MISTAKE).write_bytes(content)
    assert said(root) == [expected]


def test_a_directory_in_the_place_of_a_mistake_hides_nothing(root: Path) -> None:
    (root / MISTAKE).unlink()
    (root / MISTAKE).mkdir()
    assert f"{WORDS}/exercise.yaml: mistakes/rarest_first.py does not exist" in said(root)


@pytest.mark.parametrize("name", sampled({name: name for name in FILES}, few=["hidden_tests.py"]))
def test_a_file_of_an_exercise_in_another_encoding_hides_nothing(root: Path, name: str) -> None:
    (root / WORDS / name).write_bytes(LATIN)
    assert f"{WORDS}/{name}: it is not UTF-8 text (byte 5)" in said(root)


def test_watching_goes_on_while_a_file_is_gone(root: Path) -> None:
    mistake, text = root / MISTAKE, (root / MISTAKE).read_text()

    def settled() -> State:
        return next(state for state in states if not state.waiting)

    with closing(Watched(Course(root), None, 1)) as watched:
        states = watched.states()
        assert settled().validation.ok
        mistake.unlink()
        (problem,) = settled().validation.problems
        assert problem.what == "mistakes/rarest_first.py does not exist"
        mistake.write_text(text)
        assert settled().validation.ok
        solution = root / WORDS / "solution.py"
        code = solution.read_text()
        solution.unlink()
        (problem,) = settled().validation.problems
        assert problem.what == "the file does not exist"
        solution.write_text(code)
        assert settled().validation.ok
