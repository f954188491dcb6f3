"""Names of learners' files, as browsers, learning platforms and editors change them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content.file_names import FileKind, read_file_name, remedy_for

STEM = "exercise_lstm"
MARKS = [
    ("{} (1)", 1),
    ("{}(2)", 2),
    ("{}-Copy3", 3),
    ("{}-Copy", 1),
    ("{} - Copy", 1),
    ("{} - Copy (2)", 2),
    ("{}_copy", 1),
    ("{} copy 2", 2),
    ("{}-1", 1),
    ("{} 2", 2),
    ("{} - Kopie (3)", 3),
    ("{} - 副本", 1),
    ("{}（4）", 4),
    ("Kopie von {}", 1),
    ("Copia de {}", 1),
    ("Copy of {}", 1),
    ("copy_of_{}", 1),
    ("Copy (2) of {}", 2),
]
ENDINGS = [
    (".py", FileKind.PYTHON),
    (".PY", FileKind.PYTHON),
    (".py.txt", FileKind.PYTHON),
    (".py.py", FileKind.PYTHON),
    (".ipynb", FileKind.NOTEBOOK),
    (".ipynb.txt", FileKind.NOTEBOOK),
    (".ipynb.json", FileKind.NOTEBOOK),
    (".json", FileKind.JSON),
    (".json.txt", FileKind.JSON),
    (".txt", FileKind.TEXT),
    (".yml", FileKind.YAML),
    (".yaml.txt", FileKind.YAML),
    (".docx", FileKind.OTHER),
    ("", FileKind.OTHER),
]
WORDS = st.lists(st.from_regex(r"[a-zé李]{1,6}", fullmatch=True), min_size=1, max_size=3).map("_".join)


@pytest.mark.parametrize(("ending", "kind"), ENDINGS)
@pytest.mark.parametrize(("mark", "number"), [("{}", 0), *MARKS])
def test_a_changed_name_is_still_that_of_the_exercise(
    mark: str, number: int, ending: str, kind: FileKind
) -> None:
    read = read_file_name(mark.format(STEM) + ending)
    assert (read.kind, read.copy_of(STEM)) == (kind, number)


@given(WORDS, st.lists(st.sampled_from(MARKS), max_size=3), st.sampled_from(ENDINGS), st.booleans())
def test_any_marks_and_endings_read_back_to_the_same_name(
    stem: str, marks: list[tuple[str, int]], ending: tuple[str, FileKind], upper: bool
) -> None:
    name = stem
    for mark, _ in marks:
        name = mark.format(name)
    read = read_file_name((name.upper() if upper else name) + ending[0])
    assert read.kind is ending[1]
    assert read.copy_of(stem) == max([number for _, number in marks], default=0)


@given(st.text(max_size=400))
def test_any_name_can_be_read(name: str) -> None:
    read = read_file_name(name)
    assert len(read.stems) == len(read.copies) > 0
    assert remedy_for(name)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("exercise-lstm.py", 0),
        ("Exercise LSTM.ipynb", 0),
        ("exercise_lstm.py (1).txt", 1),  # as Chrome names a second download of x.py.txt
        ("exercise_lstm (3).py (1).txt", 3),
        ("exercise_lstm_2.py", None),
        ("my_exercise_lstm.py", None),
        ("(1).py", None),
        ("copy.py", None),
        (".py", None),
    ],
)
def test_names(name: str, number: int | None) -> None:
    assert read_file_name(name).copy_of(STEM) == number


def test_a_number_may_belong_to_the_name() -> None:
    read = read_file_name("exercise-1.py")
    assert (read.copy_of("exercise_1"), read.copy_of("exercise")) == (0, 1)
    assert read.among(["exercise", "exercise-1"]) == "exercise-1"
    assert read.among(["exercise"]) == "exercise"
    assert read.among(["other"]) is None


def test_a_file_that_cannot_hold_code_gets_a_remedy() -> None:
    assert remedy_for("exercise_lstm.DOCX").startswith("is a Word document — save your code as .ipynb or .py")
    assert remedy_for("exercise_lstm.ipynb.html").startswith("is a web page")
    assert remedy_for("exercise_lstm.xyz").startswith("is neither .py nor .ipynb")
