"""Wrong answers that no known mistake explains: groups, one sentence for each, and a new known mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from judging import course_command
from wrong_ideas import IDEAS, right, write_course, wrong

from grader.classroom.grouping import AnswerGroup

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")

FEW = [*IDEAS][::2]


class Class:
    """A class whose learners are called after their ideas."""

    def __init__(self, root: Path, ideas: list[str], ways: int) -> None:
        self.root = root
        self.course = write_course(root / "course")
        for way in range(ways):
            for idea in ideas:
                self.hand_in(f"{idea}.{way}", wrong(idea, way))
            self.hand_in(f"right.{way}", right(way))

    def hand_in(self, learner: str, source: str) -> None:
        path = self.root / "class" / learner / "exercise_x.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return course_command(
            "--course", self.course.root, *args, cwd=self.root, XDG_CACHE_HOME=str(self.root / "cache")
        )

    def grade(self, *args: str) -> None:
        done = self.run("grade", "class", "--output", "out", *args)
        assert done.returncode == 0, done.stderr

    def report(self, *args: str) -> dict[str, Any]:
        done = self.run("report", "out", "--json", *args)
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report


def assert_pure(groups: list[dict[str, Any]], total: int, most: int) -> None:
    """Assert that the groups hold the wrong submissions, nearly all with others of the same idea."""
    ideas = [Counter(learner.partition(".")[0] for learner in group["learners"]) for group in groups]
    assert not any("right" in each for each in ideas)
    grouped = sum(each.total() for each in ideas)
    pure = sum(each.most_common(1)[0][1] for each in ideas)
    print(f"{total} submissions: {grouped} in {len(groups)} groups, {pure / grouped:.1%} pure")
    assert len(groups) <= most
    assert pure >= 0.95 * grouped
    assert grouped >= 0.95 * total


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    each = Class(tmp_path_factory.mktemp("groups"), FEW, 3)
    each.grade()
    return each


def test_a_sample_falls_into_pure_groups(graded: Class) -> None:
    assert_pure(graded.report()["groups"], 3 * len(FEW), len(FEW) + 2)


@pytest.mark.exhaustive
def test_200_submissions_with_20_ideas_fall_into_pure_groups(tmp_path: Path) -> None:
    each = Class(tmp_path, [*IDEAS], 10)
    each.grade()
    assert_pure(each.report()["groups"], 200, 30)


def test_groups_are_for_instructors_only(graded: Class) -> None:
    source = wrong("squared", 0)
    (graded.root / "exercise_x.py").write_text(source)
    checked = graded.run("check", "exercise-x", "--json")
    assert "unnamed" not in checked.stdout and json.loads(checked.stdout)["score"] == 5
    done = graded.run("export", "feedback", "out", "for-learners")
    assert done.returncode == 0, done.stderr
    ids = [group["id"] for group in graded.report()["groups"]]
    pages = [path.read_text() for path in (graded.root / "for-learners").rglob("*.html")]
    assert ids and not any(group in page for group in ids for page in pages)


def test_the_page_shows_each_group_with_an_example(graded: Class) -> None:
    done = graded.run("report", "out", "--submissions", "class", "--html", "report.html")
    assert done.returncode == 0, done.stderr
    page = (graded.root / "report.html").read_text()
    assert "Wrong answers that behave alike" in page
    assert page.count("<summary>Group ") == len(graded.report()["groups"])
    assert "no known mistake explains" in graded.run("report", "out").stdout


def group_of(graded: Class, learner: str) -> AnswerGroup:
    import msgspec

    found = msgspec.convert(graded.report()["groups"], tuple[AnswerGroup, ...])
    return next(group for group in found if learner in group.learners)


def test_one_sentence_reaches_present_and_later_members_and_nobody_else(graded: Class) -> None:
    group = group_of(graded, f"{FEW[0]}.0")
    (graded.root / "out/feedback.yaml").write_text(
        f"sentences:\n  - exercise: exercise-x\n    function: {group.function}\n    group: {group.id}\n"
        "    says: Divide by the number of values.\n"
    )
    graded.hand_in(f"{FEW[0]}.later", wrong(FEW[0], 9))
    graded.grade("--resume")
    done = graded.run("export", "feedback", "out", "told", "--format", "text")
    assert done.returncode == 0, done.stderr
    told = {
        path.parent.name
        for path in (graded.root / "told").rglob("*.txt")
        if "idea    Divide by the number of values." in path.read_text()
    }
    assert told == {f"{FEW[0]}.{way}" for way in (0, 1, 2, "later")}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("exercise: exercise-y", "the course has no exercise 'exercise-y'"),
        ("function: nothing", "exercise-x has no function 'nothing'"),
        ("group: 12", "12 is not text"),
        ("says: ' '", "the text is empty"),
    ],
)
def test_a_wrong_feedback_file_is_explained(graded: Class, line: str, says: str) -> None:
    fields = {"exercise": "exercise-x", "function": "score", "group": "0f0f", "says": "Look."}
    name, _, value = line.partition(": ")
    fields[name] = value
    path = graded.root / "out/feedback.yaml"
    before = path.read_text() if path.exists() else None
    path.write_text("sentences:\n  - " + "\n    ".join(f"{k}: {v}" for k, v in fields.items()) + "\n")
    try:
        done = graded.run("report", "out")
        assert done.returncode == 2 and says in done.stderr and "feedback.yaml:" in done.stderr
    finally:
        path.write_text(before) if before is not None else path.unlink()


def test_a_group_becomes_a_known_mistake(graded: Class) -> None:
    group = group_of(graded, f"{FEW[-1]}.0")
    done = graded.run("export", "mistake", "out", group.id[:6], "--id", "new-idea")
    assert done.returncode == 0, done.stderr
    file = graded.course.exercise_dir("exercise-x") / "mistakes/new_idea.py"
    assert f"def {group.function}(" in file.read_text()
    assert f"function: {group.function}" in done.stdout
    again = graded.run("export", "mistake", "out", group.id[:6], "--id", "new-idea")
    assert again.returncode == 2 and "exists already" in again.stderr
    file.unlink()
    assert graded.run("export", "mistake", "out", "zz", "--id", "new").returncode == 2
