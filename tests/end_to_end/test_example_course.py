"""The example course, which needs no TensorFlow: proven, and used by a learner."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from running import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
MISTAKES = EXAMPLE / "exercises" / "exercise-words" / "mistakes"


@pytest.mark.parametrize(
    ("seeds", "mutants"), [("1", "2"), pytest.param("20", "all", marks=pytest.mark.exhaustive)]
)
def test_it_is_proven(
    command: str, environment: dict[str, str], tmp_path: Path, seeds: str, mutants: str
) -> None:
    args = ("--course", EXAMPLE, "validate", "--json", "--seeds", seeds, "--mutants", mutants)
    done = subprocess.run(
        [command, *args], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=900
    )
    proof = json.loads(done.stdout)
    assert (proof["ok"], proof["problems"], proof["warnings"]) == (True, [], [])
    rows = [row for exercise in proof["exercises"] for row in exercise["matrix"]["mistakes"]]
    assert len(rows) == 8 and all(row["named"] == [row["id"]] for row in rows)
    assert all(exercise["mutation"]["tried"] for exercise in proof["exercises"])


def test_a_learner_learns_which_idea_is_wrong(run: Run, tmp_path: Path) -> None:
    solution = (EXAMPLE / "exercises/exercise-words/solution.py").read_text()
    mistake = (MISTAKES / "leaves_ties_to_chance.py").read_text()
    (tmp_path / "mine.py").write_text(f"{solution}\n\n{mistake}")
    done = run("--course", EXAMPLE, "check", "exercise-words", "mine.py")
    assert done.returncode == 1
    assert "Which of two words with the same count comes first?" in " ".join(done.stdout.split())
    assert "TensorFlow" not in done.stdout + done.stderr


def test_a_text_is_answered_in_words(run: Run, tmp_path: Path) -> None:
    typed = "a\nab\nThe\n**dogs**\ns\n1d 2c\nbca\ns\n"
    done = run("--course", EXAMPLE, "quiz", "day1", input=typed)
    assert "This word occurs twice, but so do all the others." in " ".join(done.stdout.split())
    assert "Write one of the words of the text." in done.stdout
    assert "Skipped. The answer is: a\n" in done.stdout
    assert "Question 2 of 5 (2 points)" in done.stdout and "Question 3 of 5 (1 point)" in done.stdout
    assert "Please type each number 1-3 and, right after it, a letter a-e." in " ".join(done.stdout.split())
    assert "2 of 3 are right." in done.stdout and "the number of sentences → 4" in done.stdout
    assert "Score: 5 of 9 points on the first try. 1 of 5 questions still open." in done.stdout
    assert "5/9" in run("--course", EXAMPLE, "progress").stdout
    (tmp_path / "mine.yaml").write_text('day1-q1: a\nday1-q2: ab\nday1-q3: "“A”."\n', encoding="utf-8")
    done = run("--course", EXAMPLE, "quiz", "day1", "--answers", "mine.yaml", "--json")
    assert json.loads(done.stdout)["questions"][2] | {"feedback": ""} == {
        "id": "day1-q3",
        "correct": True,
        "score": 1.0,
        "answer": "“A”.",
        "feedback": "",
        "misconception": None,
        "points": 1.0,
    }
