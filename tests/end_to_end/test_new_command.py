"""A course from nothing: `course new`, then filled as an author would, validated, and used by a learner."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from running import Run
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, SoundCourse

SOLUTION = '''\
import numpy as np


def doubled(x: np.ndarray) -> np.ndarray:
    """Return twice the numbers of `x`."""
    return 2 * np.asarray(x, dtype=float)


def counted(x) -> int:
    """Return how many numbers `x` has."""
    return _size(x)


def _size(x):
    return len(x)
'''
WRONG = """\
import numpy as np


def doubled(x):
    return np.asarray(x, dtype=float) ** 2


def counted(x):
    return _size(x)


def _size(x):
    return len(x) + 1
"""
RIGHT = '"TODO: the right result"'
IN_TESTS = {
    '"TODO: choose a small x"': "[1.0, 2.0, 3.0]",
    '"TODO: draw one with rng, a numpy.random.Generator"': "rng.normal(size=7)",
    f"learner.doubled(x)\n    right = {RIGHT}": "learner.doubled(x)\n    right = [2, 4, 6]",
    f"learner.counted(x)\n    right = {RIGHT}": "learner.counted(x)\n    right = 3",
}


def fill(root: Path) -> None:
    """Replace every placeholder of a course by something that an author could have written."""
    for path in [*root.rglob("*.yaml"), *root.rglob("*_tests.py")]:
        text = path.read_text("utf-8")
        for placeholder, words in IN_TESTS.items():
            text = text.replace(placeholder, words)
        first, *others = re.split(r'TODO: [^"\n]+', text)
        path.write_text(first + "".join(f"Sentence {n}.{each}" for n, each in enumerate(others)), "utf-8")


def test_from_an_empty_directory_to_a_checked_exercise(run: Run, tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text(SOLUTION)
    (tmp_path / "wrong.py").write_text(WRONG)
    here = {"COURSE_DIR": "made"}

    def new(*args: str, input: str = "") -> str:
        done = run("new", *args, input=input, env=here)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    made = run("new", "course", "made", input="Numbers\n\n")
    assert made.stdout.endswith("Next: cd made && course new lesson\n")
    said = new("lesson", input="\nCounting\nNumbers and sizes\n\n")
    assert said.endswith("Next: write lessons/day1.yaml. Then: course validate day1\n")
    new("exercise", "exercise-x", "--title", "X", "--solution", "solution.py")
    new("question", "--quiz", "day1", "--answer", "Two")
    new("question", "--kind", "numeric", "--prompt", "Twice {{n}}?", "--answer", "2 * n", "--wrong", "n + 2")

    # what is not complete is named: nothing but placeholders, and the tests without a mistake
    broken = json.loads(run("validate", "--json", env=here).stdout)["problems"]
    unwritten = "this is still to be written: TODO: "
    assert not [problem for problem in broken if not problem["what"].startswith(unwritten)]
    assert {problem["file"].removeprefix("made/") for problem in broken} == {
        *("lessons/day1.yaml", "quizzes/day1.yaml", "quizzes/practice/day1.yaml"),
        *(
            f"exercises/exercise-x/{name}"
            for name in ("exercise.yaml", "visible_tests.py", "hidden_tests.py")
        ),
    }

    fill(tmp_path / "made")
    said = new(
        "mistake", "squares", "--from", "wrong.py", "--function", "doubled", "--says", "What is 2 times 3?"
    )
    assert "doubled fails 2 of 2 tests:\n" in said
    new("mistake", "one-too-many", "--from", "wrong.py", "--function", "counted")
    written = (tmp_path / "made/exercises/exercise-x/mistakes/one_too_many.py").read_text()
    assert written == f'"""one-too-many"""\n\n\n{WRONG[WRONG.index("def counted") :]}'
    fill(tmp_path / "made")
    done = run("validate", "--seeds", "1", env=here)
    assert done.stdout.splitlines()[-1].startswith("Proven."), done.stdout
    assert all(re.search(rf"{name} +x x +itself", done.stdout) for name in ("squares", "one-too-many"))

    # a learner
    quiz = run("quiz", "day1", input="a\nb\nc\n", env=here)
    assert quiz.returncode in (0, 1) and "Two" in quiz.stdout
    check = run("check", "exercise-x", "wrong.py", env=here)
    assert check.returncode == 1 and "What is 2 times 3?" in check.stdout


# --- what is refused ---


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
            "exercise exercise-y --section 1 --function f(x)->set",
            "'set' is not a kind of result — use one of array,",
        ),
        ("mistake a --from nowhere.py", "nowhere.py does not exist"),
    ],
)
def test_what_is_refused_changes_nothing(run: Run, sound: SoundCourse, args: str, says: str) -> None:
    before = {path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file()}
    done = run("--course", sound.root, "new", *args.split())
    assert done.returncode == 2 and says in " ".join(done.stderr.split()), done.stderr
    assert before == {path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file()}


def test_only_a_course_is_extended_and_only_an_empty_directory_becomes_one(
    run: Run, sound: SoundCourse
) -> None:
    assert "this directory is not a course — change to one" in run("new", "lesson").stderr
    assert "sound is not an empty directory — name a new one" in run("new", "course", "sound").stderr


def test_a_wrong_answer_is_asked_for_again(run: Run, sound: SoundCourse) -> None:
    done = run("--course", sound.root, "new", "lesson", input="Day 2\nday2\nSums\nBig sums\n\n")
    assert done.returncode == 0
    assert "'Day 2' is not an id: use lowercase letters, digits and hyphens. Try day-2." in " ".join(
        done.stdout.split()
    )
    assert "title: Big sums" in (sound.root / "lessons/day2.yaml").read_text()


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
