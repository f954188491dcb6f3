"""`course export feedback`: from a graded download to files for its learners, and a page in a browser."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from grading_place import Place
from sound_course import SOLUTION

from grader.content.course import Course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")
ADDS = SOLUTION.replace("* factor", "+ factor")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A class from Moodle that has been graded."""
    place = Place(tmp_path_factory.mktemp("feedback"))
    place.hand_in("Ada Lovelace_1234_assignsubmission_file_", SOLUTION)
    place.hand_in("Bob O'Neill_77_assignsubmission_file_", ADDS + "# " + "long " * 60)
    place.hand_in("Cy_5_assignsubmission_file_", "")
    assert place.grade().returncode == 0
    return place


def test_every_learner_gets_a_page_with_their_own_code_only(graded: Place) -> None:
    (graded.root / "pages").mkdir()
    (graded.root / "pages/Thumbs.db").touch()  # the Explorer writes it
    done = graded.run("export", "feedback", "grades", "pages")
    assert done.returncode == 0, done.stderr
    pages = {path.parent.name: path.read_text() for path in (graded.root / "pages").rglob("*.html")}
    assert sorted(pages) == ["Ada Lovelace_1234", "Bob O'Neill_77", "Cy_5"]
    assert "4 of 4 points" in pages["Ada Lovelace_1234"]
    assert "+ factor" in pages["Bob O'Neill_77"] and "+ factor" not in pages["Ada Lovelace_1234"]
    assert "<p>Feedback for Ada Lovelace</p>" in pages["Ada Lovelace_1234"]
    assert "could not be read" in pages["Cy_5"]
    again = graded.run("export", "feedback", "grades", "pages")
    assert again.returncode == 2 and "name a new or empty directory" in again.stderr


def test_a_page_tells_of_hidden_tests_what_a_check_tells(graded: Place) -> None:
    assert graded.run("export", "feedback", "grades", "plain", "--format", "text").returncode == 0
    text = (graded.root / "plain/Bob O'Neill_77/exercise-x.txt").read_text()
    (graded.root / "exercise_x.py").write_text(ADDS)
    checked = graded.run("check", "exercise-x").stdout
    hidden = [line.strip() for line in text.splitlines() if line.endswith("(hidden)")]
    assert hidden and all(line in checked for line in hidden)
    for name in ("hidden_tests.py", "solution.py"):
        secret = (graded.course.root / "exercises/exercise-x" / name).read_text()
        lines = [line.strip() for line in secret.splitlines() if "assert" in line or "rng" in line]
        assert not any(line in text for line in lines)


def test_moodle_gets_back_the_names_that_it_gave(graded: Place) -> None:
    done = graded.run("export", "feedback", "grades", "moodle.zip", "--format", "moodle")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(graded.root / "moodle.zip") as archive:
        assert archive.namelist() == [
            "Ada Lovelace_1234_assignsubmission_file_/exercise-x.html",
            "Bob O'Neill_77_assignsubmission_file_/exercise-x.html",
            "Cy_5_assignsubmission_file_/exercise-x.html",
        ]


def test_a_name_that_canvas_did_not_give_is_reported(graded: Place) -> None:
    done = graded.run("export", "feedback", "grades", "canvas.zip", "--format", "canvas")
    assert done.returncode == 1
    assert "Cy_5: left out, because their number in Canvas is not known" in done.stderr


def test_canvas_gives_feedback_to_the_members_of_a_group_itself(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with zipfile.ZipFile(tmp_path / "canvas.zip", "w") as archive:
        archive.writestr("brownada_7_99_exercise_x.py", SOLUTION)
    (tmp_path / "class.yaml").write_text(
        "timezone: UTC\ngroups:\n  - name: one\n    learners: [brownada_7, coleben_8]\n"
    )
    done = place.run("grade", "canvas.zip", "--class", "class.yaml")
    assert done.returncode == 0, done.stderr
    done = place.run("export", "feedback", "grades", "back.zip", "--format", "canvas")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "back.zip") as back:
        assert back.namelist() == ["brownada_7_99_exercise-x.html"]
    assert "Note: coleben_8: no files, because Canvas shows the feedback on a group's file" in done.stderr


def test_changed_files_are_not_shown_as_the_graded_code(graded: Place, tmp_path: Path) -> None:
    shutil.copytree(graded.root / "class", tmp_path / "class")
    changed = tmp_path / "class/Ada Lovelace_1234_assignsubmission_file_/exercise_x.py"
    changed.write_text(SOLUTION + "# changed\n")
    options = ("--submissions", str(tmp_path / "class"))
    done = graded.run("export", "feedback", "grades", str(tmp_path / "new"), *options)
    assert done.returncode == 0
    assert "Ada Lovelace_1234: no code, because the graded files are missing or have changed" in done.stderr
    assert "# changed" not in (tmp_path / "new/Ada Lovelace_1234/exercise-x.html").read_text()


def test_a_quiz_alone_brings_a_page_too(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (quiz,) = Course(place.course.root).quiz_ids
    question = Course(place.course.root).quiz(quiz).questions[0].id
    place.hand_in("Ada Lovelace_1234_assignsubmission_file_", f"{question}: a\n", f"{quiz}_answers.yaml")
    assert place.grade().returncode == 0
    done = place.run("export", "feedback", "grades", "pages")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / f"pages/Ada Lovelace_1234/{quiz}.html").read_text()
    assert "Question 1: " in page and "Your answer: " in page


@pytest.mark.exhaustive
def test_a_page_is_accessible_in_every_width_and_theme(graded: Place, chromium: Any, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert graded.run("export", "feedback", "grades", str(tmp_path / "pages")).returncode == 0
    for width in (1280, 400):
        for scheme in ("light", "dark"):
            page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto((tmp_path / "pages/Bob O'Neill_77/exercise-x.html").as_uri())
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width  # only the code scrolls
            page.screenshot(path=tmp_path / f"feedback-{width}-{scheme}.png", full_page=True)
            page.close()
