"""`%check` and `%quiz` in IPython's shell: the score of `course check`, and what learners see."""

from __future__ import annotations

import builtins
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import sampled
from judging import children, course_command, wait_until, write_exercise
from kernels import Shell, notebook_json, recorded
from own_course import RIGHT as OWN_CODE
from own_course import write_own_course
from quiz_of_new_kinds import ASKED, QUESTIONS, assigned
from sound_course import SoundCourse
from test_honest_work import CLASS_SIZE, parts_of
from test_quiz_command import rows

from grader.content.course import Course
from grader.judge.client.judge import Judge, default_seed
from grader.judge.submission import read_submission
from grader.jupyter import judges
from grader.quiz.answer import right_answer

CORPUS = Path(__file__).parents[1] / "recognition"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> SoundCourse:
    return SoundCourse(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def module_shell(sound: SoundCourse) -> Iterator[Shell]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(sound.root))
        patch.delenv("JPY_SESSION_NAME", raising=False)
        shell = Shell()
        yield shell
        shell.close()


@pytest.fixture
def shell(module_shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell in an empty directory, in which nothing has been executed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    module_shell.begin_again()
    yield module_shell


SCALED = "import numpy as np\ndef scaled(x, factor=2):\n    return np.asarray(x) * factor"
SECOND = "def first(x):\n    return float(x[1])"
RIGHT = "def first(x):\n    return float(x[0])"


def test_a_cell_runs_and_is_checked(shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run(SCALED, f"%%check exercise-x\n{SECOND}\nscaled([1])")
    said = capsys.readouterr()
    assert "array([2])" in said.out and said.err == ""
    assert "X: 3 of 4 points" in said.out and "idea    Where does counting start?" in said.out
    assert "hint    !course hint exercise-x first" in said.out
    assert shell.names["first"]([1.0, 2.0]) == 2.0
    shell.run(RIGHT, "%check")  # by the names that are defined
    assert "X: 4 of 4 points" in capsys.readouterr().out
    assert [report.score for report in recorded(tmp_path / "home")] == [3, 4]
    shell.run("%check --no-record")
    assert len(recorded(tmp_path / "home")) == 2


def test_an_error_in_the_cell_is_shown_and_the_check_goes_on(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run(SCALED, f"%%check\n{RIGHT}\n1 / 0")
    said = capsys.readouterr().out
    assert "ZeroDivisionError" in said and "X: 4 of 4 points" in said
    assert "In [2]" in said.partition("While your cells ran")[2]


def test_a_cell_that_was_corrected_is_not_reported(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run("y", SCALED, RIGHT, "y = 1", "y", "%check")
    said = capsys.readouterr().out.partition("X: 4 of 4 points")[2]
    assert said and "In [" not in said


def test_helper_modules_come_along(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "my_own_tools.py").write_text(SCALED)
    shell.run("from my_own_tools import scaled", RIGHT, "%check exercise-x")
    assert "X: 4 of 4 points" in capsys.readouterr().out
    sys.modules.pop("my_own_tools")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["%check exercise-x"], "none of your cells has run — run the cells"),
        (["x = 1", "%check exercise-y"], "no exercise is called 'exercise-y' — did you mean exercise-x?"),
        (["x = 1", "%check"], "which exercise? none has been begun here — name it"),
        (["%check --fast"], "%check has no option --fast"),
        (["%quiz day9"], "no quiz is called 'day9'"),
    ],
)
def test_errors_are_one_line(
    shell: Shell, cells: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run(*cells)
    said = capsys.readouterr()
    assert says in said.err and said.err.count("\n") == 1 and said.out == ""


# --- the score of `course check` ---


@pytest.mark.parametrize("learner", sampled({str(n): n for n in range(CLASS_SIZE)}, ["3"]))
def test_extras_change_no_score(shell: Shell, sound: SoundCourse, tmp_path: Path, learner: int) -> None:
    """The kernel runs the learner's cells as they are; those that would end or hang it are left out."""
    parts = [part for part in parts_of(learner) if not any(word in part for word in KEPT_OUT)]
    renamed = [part.replace("double", "scaled").replace("(x):\n", "(x, factor=2):\n") for part in parts]
    renamed = [part.replace("2 * np", "factor * np") for part in renamed]
    shell.run(*renamed, "%check exercise-x")
    (tmp_path / "mine.ipynb").write_text(notebook_json(renamed))
    options = ("--course", sound.root, "check", "exercise-x", "mine.ipynb", "--json", "--no-record")
    same = json.loads(course_command(*options, cwd=tmp_path).stdout)
    [report] = recorded(tmp_path / "home")
    assert (report.score, report.seed) == (same["score"], same["seed"]) == (4.0, report.seed)
    assert [test.outcome for test in report.tests] == [test["outcome"] for test in same["tests"]]


# what a test in the process of pytest must not do
KEPT_OUT = (
    "forever",  # IPython takes a minute to print so deep a traceback from within pytest
    "KeyboardInterrupt",
    "signal",
    "bytearray",
    "BaseException",
    "exit()",
    "quit()",
    "%cd",
    "pip",
    "keras",
)


# --- a judge that stays ---


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_an_interrupt_ends_the_wait_and_the_next_check_works(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # the kernel goes past the loop; the judge's worker does not
    shell.run(SCALED, RIGHT, "while __name__ == 'submission': pass")

    def interrupt() -> None:
        time.sleep(1.5)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    began = time.monotonic()
    shell.run("%check exercise-x")
    said = capsys.readouterr()
    assert time.monotonic() - began < 15
    assert said.err == "course: stopped. Nothing was recorded.\n"
    assert recorded(tmp_path / "home") == []
    shell.begin_again()
    shell.run(SCALED, RIGHT, "%check exercise-x")
    assert "X: 4 of 4 points" in capsys.readouterr().out


@pytest.mark.parametrize("delay", [0, 0.002, 0.2, 1])
def test_a_kernel_that_ends_while_it_warms_up_leaves_no_judge(sound: SoundCourse, delay: float) -> None:
    others = children(os.getpid())  # the judges of earlier tests, which still start workers
    kernel = judges.KernelJudges()
    kernel.warm_up(Course(sound.root), "exercise-x")
    time.sleep(delay)
    kernel.close()
    wait_until(lambda: not children(os.getpid()) - others, seconds=30)


def test_a_light_import() -> None:
    import subprocess

    spy = "import sys, grader.notebook, grader.jupyter; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, check=True)
    assert not {"IPython", "nbformat", "nbgrader", "numpy", "click"} & {*done.stdout.split()}


# --- quizzes and lessons ---


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the learner types, line by line."""
    lines: list[str] = []

    def read(prompt: str = "") -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr(builtins, "input", read)
    return lines


def test_a_quiz_counts_as_in_a_terminal(
    shell: Shell, tmp_path: Path, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    typed += ["h", "a", "?", "b"]
    shell.run("%quiz")
    said = capsys.readouterr()
    assert said.err == ""
    for words in ("What comes after one?", "Hint 1 of 2.", "Not yet.", "Correct this time.", "Score: 0 of 1"):
        assert words in said.out
    assert rows(tmp_path / "home", "kind, item, answer, score") == [
        ("hint", "tiny-q1", None, None),
        ("answer", "tiny-q1", "a", 0.0),
        ("answer", "tiny-q1", "b", 0.0),
    ]
    typed += ["q"]
    shell.run("%quiz tiny --practice --no-record")
    assert "Practice 1 of 10" in capsys.readouterr().out


@pytest.fixture
def new_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoundCourse:
    """A course whose quiz also asks for a text, for pairs and for an essay."""
    course = SoundCourse(tmp_path / "kinds")
    course.replace("lessons/tiny.yaml", *ASKED)
    course.append("quizzes/tiny.yaml", QUESTIONS)
    monkeypatch.setenv("COURSE_DIR", str(course.root))
    return course


def half_right(course: SoundCourse) -> str:
    """Return an answer to the matching question with two of its four pairs right."""
    question = Course(course.root).quiz("tiny").questions[2]
    right = right_answer(question)
    return f"{right[1]}{right[0]}{right[2:]}"


def test_a_quiz_asks_questions_of_every_new_kind(
    shell: Shell,
    new_kinds: SoundCourse,
    tmp_path: Path,
    typed: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also with several points, and with a figure, of which this front end shows the words."""
    half = half_right(new_kinds)
    typed += ["b", "NINE.", "TEN", " ".join(f"{n}{letter}" for n, letter in enumerate(half, 1)), "s"]
    typed += ["", "To share."]
    shell.run("%quiz")
    said = capsys.readouterr()
    assert said.err == ""
    for words in (
        "Question 2 of 4 (3 points)",
        "Not yet. That is where you start.",
        "Figure: Three black dots",
        "2 of 4 are right.",
        "Please write a few sentences.",
        "Recorded. It is marked by hand. What earns points: It names a purpose.",
        "Score: 2 of 10 points on the first try. 1 of 4 questions is marked by hand.",
    ):
        assert words in said.out
    assert "course lesson" not in said.out.partition("Figure: ")[2].partition("2 of 4")[0]
    first = [row for row in rows(tmp_path / "home", "item, answer, correct, score, first_try") if row[4]]
    assert [row[:4] for row in first] == [
        ("tiny-q1", "b", 1, 1.0),
        ("tiny-q2", "NINE.", 0, 0.0),
        ("tiny-q3", half, 0, 1.0),
        ("tiny-q4", "To share.", None, 0.0),
    ]


def test_answers_of_every_new_kind_are_read_from_cells(
    shell: Shell, new_kinds: SoundCourse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = half_right(new_kinds)
    cells = assigned(q1="b", q2="The  Ten", q3=half, q4="To share.")
    shell.run(*cells.values(), "%check tiny")
    said = capsys.readouterr()
    assert "Score: 2 of 10 points" in said.out and "Not right. Count on." in said.out
    shell.run(*assigned(q2="Ten.").values(), "%check tiny")
    assert "Score: 5 of 10 points" in capsys.readouterr().out
    assert ("tiny-q4", "To share.", None, 0.0) in rows(tmp_path / "home", "item, answer, correct, score")


def test_a_quiz_without_a_reader_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from IPython.core.error import StdinNotImplementedError

    def read(prompt: str = "") -> str:
        raise StdinNotImplementedError

    monkeypatch.setattr(builtins, "input", read)
    shell.run("%quiz tiny")
    assert "take the quiz in a terminal" in capsys.readouterr().err


def test_a_lesson_s_answers_are_marked(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run("answer_tiny_q1 = 'a'", "answer_tiny_q1 = 'b'", "%check tiny")
    assert "Score: 1 of 1" in capsys.readouterr().out
    assert rows(tmp_path / "home") == [("answer", "tiny-q1", "b", 1.0)]


# --- questions about own code ---


def test_own_code_is_asked_about_below_the_cell(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_DIR", str(write_own_course(tmp_path / "course")))
    prompts: list[str] = []

    def read(prompt: str = "") -> str:
        """Answer the first time, and skip what was wrong."""
        prompts.append(prompt)
        return "s" if prompt in prompts[:-1] else "a" if "(a-" in prompt else "0"

    monkeypatch.setattr(builtins, "input", read)
    shell.run(f"%%check exercise-sum --ask\n{OWN_CODE}")
    said = capsys.readouterr()
    assert said.err == ""
    verdict, _, asked = said.out.partition("Your code, question 1 of")
    assert asked
    assert "All tests passed." in verdict
    assert "read your code" in verdict
    check, *answers = rows(tmp_path / "home", "kind, item")
    assert check == ("check", "exercise-sum")
    assert "own" in {kind for kind, _ in answers}
    assert {item for _, item in answers} <= {"exercise-sum/add", "exercise-sum/half"}


# --- the corpus ---

SUBMISSIONS = {str(path.relative_to(CORPUS)): path for path in sorted(CORPUS.glob("*/*/*.py"))}
FEW = ["wrong/exercise-cells/both_alternatives.py", "right/exercise-cells/stacked.py"]
# all take minutes: COURSE_TEST_ALL=1 pytest tests/end_to_end/test_notebook_magics.py
CHECKED = [*SUBMISSIONS] if os.environ.get("COURSE_TEST_ALL") else FEW


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.parametrize("path", [SUBMISSIONS[name] for name in CHECKED], ids=CHECKED)
def test_the_corpus_gets_the_score_of_course_check(
    shell: Shell, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    course, exercise = Course.bundled(), path.parent.name
    monkeypatch.setenv("COURSE_DIR", str(course.root))
    shell.run(f"%%check {exercise}\n{path.read_text()}")
    [report] = recorded(tmp_path / "home")
    same = judge.check(course, exercise, read_submission(path), default_seed(course, exercise))
    assert (report.score, report.seed, report.mistakes) == (same.score, same.seed, same.mistakes)
    assert [(test.id, test.outcome) for test in report.tests] == [(t.id, t.outcome) for t in same.tests]


# --- figures ---


def test_own_figures_are_shown_beside_the_reference_s(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = write_exercise(tmp_path / "drawn", DRAWN, DRAWING, SEEN, "")
    monkeypatch.setenv("COURSE_DIR", str(course.root))
    shell.run(DRAWING.replace("numbers", "mine"), "%check exercise-x")
    said = capsys.readouterr().out
    report, _, figures = said.partition("Your figure beside the reference\n")
    assert "X: 1 of 1 points" in report
    assert figures.splitlines() == [
        "draw: There is one line.",
        "Yours: mine, 2 points, x 0 to 1, y 1 to 2. No legend.",
        "Reference: numbers, 2 points, x 0 to 1, y 1 to 2. No legend.",
    ]


DRAWN = {"draw(y)": {"figure": "figure"}}
DRAWING = """
import matplotlib.pyplot as plt
def draw(y):
    figure, axes = plt.subplots()
    axes.plot(y, label="numbers")
    return figure
"""
SEEN = '''
    @pytest.mark.points(1, function="draw")
    def test_line(learner):
        """There is one line."""
        assert len(learner.draw(np.array([1.0, 2.0])).axes[0].lines) == 1, "There should be one line"
'''
