"""`course new`: what it asks for, what it refuses, and mistakes from survivors.

The tutorial in test_authors_page.py makes a whole course.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, SoundCourse


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path / "sound")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (
            "lesson tiny --title T --concept C",
            "lessons/tiny.yaml exists already and is not changed — choose another id",
        ),
        (
            "lesson Day1 --title T --concept C",
            "'Day1' is not an id: use lowercase letters, digits and hyphens. Try day1.",
        ),
        ("lesson new-one --title T", "--concept is missing"),
        ("question tiny-q1 --section 1", "the course has a question 'tiny-q1' already"),
        ("question --section 7", "--section: '7' is not one of 1, 2."),
        ("question --section 1 --kind shape --answer 3", "'3' is not a shape in parentheses"),
        ("question --section 1 --kind numeric --answer 3*", "it is not a valid formula"),
        ("exercise exercise-x --section 1 --function f(x)", "exercise.yaml exists already"),
        ("exercise exercise-y --section 1 --function f(x", "'f(x' is not a function — write one such as"),
        (
            "exercise exercise-y --section 1 --function f(x)->queue",
            "'queue' is not a kind of result — use one of array,",
        ),
        ("mistake a --from nowhere.py", "nowhere.py does not exist"),
    ],
)
def test_what_is_refused_changes_nothing(run: Run, sound: SoundCourse, args: str, says: str) -> None:
    before = {path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file()}
    done = run("--course", sound.root, "new", *args.split())
    assert done.returncode == 2 and says in " ".join(done.stderr.split()), done.stderr
    assert before == {path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file()}


def test_only_a_course_is_extended_and_none_is_started_in_another(run: Run, sound: SoundCourse) -> None:
    assert "this directory is not a course — change to one" in run("new", "lesson").stderr
    refused = "sound has a course already: lessons, quizzes, exercises — name a new directory"
    assert refused in run("new", "course", "sound").stderr


def test_of_several_exercises_one_is_named_with_an_option(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("def words(text):\n    return text.split()\n")
    example = Path(__file__).parents[2] / "examples/text-statistics"
    done = run("--course", example, "new", "mistake", "cuts", "--from", "wrong.py")
    assert done.returncode == 2
    assert "course new mistake --exercise exercise-words" in done.stderr


def test_a_course_starts_among_other_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = run("new", "course", ".", "--title", "Numbers", "--package", "numbers")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Next: course new lesson\n")
    done = run("validate")
    assert "the course is empty — start a lesson: course new lesson" in " ".join(done.stdout.split())


def test_a_wrong_answer_is_asked_for_again(run: Run, sound: SoundCourse) -> None:
    done = run("--course", sound.root, "new", "lesson", input="Day 2\nday2\nSums\nBig sums\n\n")
    assert done.returncode == 0
    assert "'Day 2' is not an id: use lowercase letters, digits and hyphens. Try day-2." in " ".join(
        done.stdout.split()
    )
    assert "title: Big sums" in (sound.root / "lessons/day2.yaml").read_text()


@pytest.mark.parametrize("what", ["question --prompt Why?", "exercise exercise-y --function f(x)->int"])
def test_where_a_part_goes_is_said_if_nobody_can_be_asked(run: Run, sound: SoundCourse, what: str) -> None:
    done = run("--course", sound.root, "new", *what.split())
    chosen = "Chosen: section 2 Sums, because it is the last one. For another: --section 1\n"
    assert done.returncode == 0 and chosen in done.stdout, done.stdout + done.stderr


def test_where_a_part_goes_is_asked(run: Run, sound: SoundCourse) -> None:
    done = run("--course", sound.root, "new", "question", "--kind", "single", input="1\n\n\n")
    assert "Section (1 Numbers, 2 Sums) [2]: " in done.stdout and "Chosen" not in done.stdout
    assert (sound.root / "quizzes/practice/tiny.yaml").read_text().count('section: "1"') == 2


def test_a_concept_decides_the_section_and_a_prompt_what_is_drawn(run: Run, sound: SoundCourse) -> None:
    asked = ("--kind", "numeric", "--prompt", "How much is {{n}} and 1, or {{n + m}}?", "--answer", "n + 1")
    done = run("--course", sound.root, "new", "question", "q", "--concept", "numbers", *asked)
    assert done.returncode == 0 and "Chosen" not in done.stdout, done.stdout + done.stderr
    text = (sound.root / "quizzes/practice/tiny.yaml").read_text()
    added = text[text.index("id: q\n") :]
    assert 'section: "1"' in added and "      n: [3, 5, 8]\n      m: [3, 5, 8]\n" in added


def test_a_survivor_becomes_a_mistake_once_a_test_fails_it(run: Run, sound: SoundCourse) -> None:
    done = run(
        *("--course", sound.root, "validate", "exercise-x", "--seeds", "1"),
        *("--mutants", "all", "--write-survivors", "drafts"),
    )
    offer = (
        f"course --course {sound.root} new mistake --exercise exercise-x --from drafts/exercise-x/scaled_1.py"
    )
    assert offer in " ".join(done.stdout.split()), done.stdout
    sound.append(
        HIDDEN_TESTS,
        '\n\n@pytest.mark.points(1, function="scaled")\n'
        'def test_default(learner):\n    """Twice by default."""\n'
        '    assert_allclose(learner.scaled([1, 2]), [2.0, 4.0], "It should be twice the numbers")\n',
    )
    done = run(*offer.split()[1:], input="triples\n\n\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "scaled fails 1 of 3 tests:\n  Twice by default. (hidden)\n" in done.stdout
    assert "- id: triples\n    function: scaled\n" in (sound.root / EXERCISE_YAML).read_text()


def test_with_a_title_the_package_is_not_asked_for(run: Run, tmp_path: Path) -> None:
    done = run("new", "course", "words", "--title", "Text statistics", input="other\n")
    assert done.returncode == 0 and "package" not in done.stdout
    assert "\npackage: text-statistics " in (tmp_path / "words/course.yaml").read_text()


def test_imports_that_a_starter_lacks_are_named(run: Run, sound: SoundCourse, tmp_path: Path) -> None:
    (tmp_path / "s.py").write_text(
        'import re\n\ndef f(x) -> list:\n    """Cut x."""\n    return re.split("a", x)\n'
    )
    done = run(
        "--course", sound.root, "new", "exercise", "exercise-y", "--section", "1", "--solution", "s.py"
    )
    assert "Left out of starter.py: import re. Add what learners need.\n" in done.stdout
