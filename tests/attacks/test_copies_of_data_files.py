"""A submission reads its copies of data files, changes no others, and reaches nothing through them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from judging import by_id, submission, write_exercise

from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import Judge
from grader.judge.report import Outcome, Report
from grader.judge.sandbox import walls

STORY = "Once upon a time\n"
HONEST = "def peek(path):\n    with open(path) as file:\n        return file.read()\n"
TESTS = '''
    @pytest.mark.points(1, function="peek")
    def test_{name}(learner, {more}):
        """The file is read."""
        assert learner.peek("data/story.txt") == {right}, "It is another text"
'''
needs_walls = pytest.mark.skipif(walls.bubblewrap() is None, reason="bubblewrap is not installed")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose exercise reads a data file."""
    root = tmp_path_factory.mktemp("course")
    visible = TESTS.format(name="visible", more="rng", right=repr(STORY))
    hidden = TESTS.format(name="hidden", more="reference", right='reference.peek("data/story.txt")')
    write_exercise(root, {"peek(path)": {"text": "string"}}, HONEST, visible, hidden)
    directory = root / "exercises/exercise-x"
    with (directory / "exercise.yaml").open("a") as file:
        file.write("data: [{file: story.txt, about: a story}]\n")
    (directory / "data").mkdir()
    (directory / "data/story.txt").write_text(STORY)
    return Course(root)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def checked(judge: Judge, course: Course, source: str) -> Report:
    """Check a submission. Then the course's file is as it was, and honest code still passes."""
    report = judge.check(course, "exercise-x", submission(source), seed=1)
    assert (course.root / "exercises/exercise-x/data/story.txt").read_text() == STORY
    assert judge.check(course, "exercise-x", submission(HONEST), seed=1).passed
    return report


def test_learner_code_reads_it_under_the_path_it_has_at_home(judge: Judge, course: Course) -> None:
    assert checked(judge, course, f"TEXT = open('data/story.txt').read()\n{HONEST}assert TEXT\n").passed


@needs_walls
def test_a_submission_cannot_write_to_it(judge: Judge, course: Course) -> None:
    source = "def peek(path):\n    open(path, 'a').write('more')\n    return open(path).read()\n"
    result = by_id(checked(judge, course, source))["test_visible"]
    assert result.outcome is Outcome.ERROR and "PermissionError" in result.message
    assert "It can only read data/story.txt" in " ".join(result.message.split())


@pytest.mark.parametrize(
    "tamper",
    [
        "os.chmod('data/story.txt', 0o666); open('data/story.txt', 'w').write('mine')",
        "os.remove('data/story.txt'); open('data/story.txt', 'w').write('mine')",
        "os.rename('data', 'old'); os.mkdir('data'); open('data/story.txt', 'w').write('mine')",
        "os.remove('data/story.txt'); os.symlink('/etc/passwd', 'data/story.txt')",
    ],
    ids=["chmod", "remove", "rename", "link"],
)
def test_tampering_changes_nothing_outside_of_its_own_worker(
    judge: Judge, course: Course, tamper: str
) -> None:
    """The reference solution and later submissions read the file of the course; see `checked`."""
    report = checked(judge, course, f"import os\n{tamper}\n{HONEST}")
    assert report.score == 0


@needs_walls
@pytest.mark.parametrize("inside", [True, False], ids=["below data", "absolute"])
def test_nothing_else_of_the_course_is_there(judge: Judge, course: Course, inside: bool) -> None:
    secret = "data/../hidden_tests.py" if inside else course.exercise_dir("exercise-x") / "hidden_tests.py"
    source = f"def peek(path):\n    return open({str(secret)!r}).read()\n"
    message = by_id(checked(judge, course, source))["test_visible"].message
    assert "FileNotFoundError" in message and "can read data/story.txt and no other file" in message


def test_a_link_in_the_course_ends_the_check(judge: Judge, course: Course, tmp_path: Path) -> None:
    """Attack: an author's link would send the hidden tests to every worker."""
    linked = Course(copytree(course.root, tmp_path / "linked"))
    story = linked.exercise_dir("exercise-x") / "data/story.txt"
    story.unlink()
    story.symlink_to("../hidden_tests.py")
    with pytest.raises(CourseError, match="is a link to another part of the course"):
        judge.check(linked, "exercise-x", submission(HONEST), seed=1)
