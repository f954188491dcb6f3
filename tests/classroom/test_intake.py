"""Identifying the learner and the exercise of each file, in every layout of a class's submissions."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from handed_in import ADA, BOTH, CODE, NOTEBOOK, OTHER, taken, whose, write, zipped
from sound_course import STARTER, SoundCourse

from grader.classroom.intake import Intake, take_in
from grader.classroom.results import Status
from grader.classroom.wanted import Wanted
from grader.content.course import Course
from grader.errors import CourseError
from grader.notebook.cells import notebook
from grader.notebook.lesson_cells import lesson_notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


@pytest.mark.parametrize(
    ("files", "learners"),
    [
        ({"ada/exercise_x.py": CODE, "bob/exercise-x.ipynb": NOTEBOOK}, ["ada", "bob"]),
        ({"ada/Exercise_X (1).py": CODE, "bob/homework/exercise_x-2.py": CODE}, ["ada", "bob"]),
        ({"李雷/exercise_x.py": CODE, "Zoë Ñ/exercise_x.PY": CODE}, ["Zoë Ñ", "李雷"]),
        (
            {
                "submitted/ada/tiny/exercise-x.ipynb": NOTEBOOK,
                "submitted/ada/tiny/timestamp.txt": b"2026",
                "source/tiny/exercise-x.ipynb": NOTEBOOK,
                "nbgrader_config.py": b"",
            },
            ["ada"],
        ),
        ({"ada/tiny/exercise-x.ipynb": NOTEBOOK, "ada/tiny/timestamp.txt": b"2026"}, ["ada"]),
        (
            {
                "Ada Lovelace_12345_assignsubmission_file_/exercise_x.py": CODE,
                "Ada Lovelace_777_assignsubmission_file/exercise_x.py": CODE,
                "Bob_678_assignsubmission_file_exercise_x.py": CODE,
            },
            ["Ada Lovelace_12345", "Ada Lovelace_777", "Bob_678"],
        ),
        (
            {
                "lovelaceada_12345_67890_exercise_x.py": CODE,
                "bob_LATE_2_3_exercise_x-1.py": CODE,
                "cy_late_4_5_exercise_x-12.ipynb": NOTEBOOK,
            },
            ["bob_2", "cy_4", "lovelaceada_12345"],
        ),
        ({"submission_12/exercise_x.py": CODE, "submission_13/exercise_x.py": CODE}, None),
        (
            {
                "submission_metadata.yml": (
                    "submission_12:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n"
                    "submission_13:\n  :submitters:\n  - :name: Bob\n  - :name: '李雷'\n  :score:\n"
                ).encode(),
                "submission_12/exercise_x.py": CODE,
                "submission_13/exercise_x.py": CODE,
            },
            ["Ada_12", "Bob_13", "李雷_13"],
        ),
    ],
    ids="plain renamed unicode nbgrader submitted moodle canvas gradescope gradescope-names".split(),
)
@pytest.mark.parametrize("how", ["directory", "zip", "zip-with-a-top"])
def test_every_layout_is_recognized(
    course: Course, tmp_path: Path, files: dict[str, bytes], learners: list[str] | None, how: str
) -> None:
    if how == "directory":
        place = write(tmp_path / "in", files)
    else:
        if how == "zip-with-a-top":
            if len({name.partition("/")[0] for name in files}) == 1:
                pytest.skip("one directory in another: it may be a learner's")
            files = {f"all/{name}": content for name, content in files.items()}
        place = write(tmp_path / "in", {"download.zip": zipped(files)}) / "download.zip"
    intake = taken(course, place)
    expected = learners or ["submission_12", "submission_13"]
    assert whose(intake) == [(learner, "exercise-x", "graded") for learner in expected]
    assert intake.learners == tuple(expected)
    assert not intake.left_out or how == "directory"


def test_zip_files_can_belong_to_one_learner_each(course: Course, tmp_path: Path) -> None:
    files = {
        "ada.zip": zipped({"exercise_x.py": CODE}),
        "bob.zip": zipped({"my homework/exercise_x.py": CODE, "my homework/deep.zip": zipped({"x": b""})}),
        "cy/handed in.zip": zipped({"a/b/exercise_x.py": CODE, "../../evil.py": b""}),
        "dan.zip": b"not a zip",
        "eve.zip": zipped({"exercise_x.py": bytes(50_000_000)}),
    }
    intake = taken(course, write(tmp_path / "in", files))
    assert whose(intake) == [(name, "exercise-x", "graded") for name in ("ada", "bob", "cy")]
    assert intake.learners == ("ada", "bob", "cy", "dan", "eve")
    assert [each.file for each in intake.left_out] == [
        "bob.zip/my homework/deep.zip",
        "cy/handed in.zip/../../evil.py",
        "dan.zip",
        "eve.zip",
    ]
    moodle = {
        f"{n}_{i}_assignsubmission_file_/all.zip": files[f"{n}.zip"] for i, n in enumerate(["ada", "bob"])
    }
    path = write(tmp_path, {"moodle.zip": zipped(moodle)}) / "moodle.zip"
    assert [each[0] for each in whose(taken(course, path))] == ["ada_0", "bob_1"]


def test_zip_files_with_equal_inner_directories_stay_apart(course: Course, tmp_path: Path) -> None:
    files = {
        f"{name}.zip": zipped({"hw/exercise_x.py": code}) for name, code in (("ada", CODE), ("bob", OTHER))
    }
    assert whose(taken(course, write(tmp_path / "in", files))) == BOTH


def test_files_named_after_learners_need_an_exercise_id(course: Course, tmp_path: Path) -> None:
    place = write(
        tmp_path / "in", {"ada.py": CODE, "bob.ipynb": NOTEBOOK, "exercise_x.py": CODE, "a.txt": b""}
    )
    assert whose(taken(course, place, "exercise-x")) == BOTH
    intake = taken(course, place)
    assert not intake.handed
    other = write(
        tmp_path / "other", {"ada.py.txt": CODE, "bob.ipynb.json": NOTEBOOK, "Exercise-X (1).py": CODE}
    )
    intake = taken(course, other, "exercise-x")
    assert whose(intake) == BOTH
    assert [each.file for each in intake.left_out] == ["Exercise-X (1).py"]
    intake = taken(course, place)
    assert [each.file for each in intake.left_out] == ["a.txt", "ada.py", "bob.ipynb", "exercise_x.py"]


def test_a_learner_s_only_code_file_is_taken_for_the_named_exercise(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "in", {"ada/solution final.py": CODE, "ada/notes.txt": b"", "bob/a.py": CODE})
    write(place, {"bob/b.py": CODE})
    intake = taken(course, place, "exercise-x")
    assert whose(intake) == ADA
    assert intake.learners == ("ada", "bob")
    assert [each.file for each in intake.left_out] == ["ada/notes.txt", "bob/a.py", "bob/b.py"]
    assert not taken(course, place).handed


# --- several files ---


def counted(intake: Intake) -> dict[str, tuple[str, list[str]]]:
    """Return learner -> the file that counts, and the others that are compared with it."""
    return {
        each.learner: (each.file.partition("/")[2], [other.file for other in each.others])
        for each in intake.handed
    }


ALSO_OTHER = OTHER + b"x = 1\n"
EXPORTED = (
    b"#!/usr/bin/env python\n# coding: utf-8\n\n# In[ ]:\n\nget_ipython().run_line_magic('x', '')\n" + CODE
)


def test_the_first_file_by_the_rule_counts_and_those_that_differ_are_kept(
    course: Course, tmp_path: Path
) -> None:
    place = write(
        tmp_path / "in",
        {
            "ada/exercise_x.py": OTHER,
            "ada/exercise_x.ipynb": NOTEBOOK,
            "bob/exercise_x.py": CODE,
            "bob/copy/exercise_x.py": b"\xef\xbb\xbf" + CODE.replace(b"\n", b"\r\n"),
            "cy/exercise_x.py": STARTER.encode(),
            "cy/Exercise-X - Copy (2).py": CODE,
            "cy/exercise_x (1).py": OTHER,
            "dan/exercise_x.py": EXPORTED,
            "dan/exercise_x.ipynb": NOTEBOOK,
            "eve/exercise_x.py": OTHER,
            "eve/old/exercise_x.py": CODE,
            "eve/exercise_x-2.py": ALSO_OTHER,
            "fay/exercise_x.py": STARTER.encode(),
            "fay/exercise_x-1.py": STARTER.encode() + b"# mine\n",
        },
    )
    intake = taken(course, place)
    assert counted(intake) == {
        "ada": ("exercise_x.ipynb", ["exercise_x.py"]),
        "bob": ("exercise_x.py", []),
        "cy": ("Exercise-X - Copy (2).py", ["exercise_x (1).py"]),
        "dan": ("exercise_x.ipynb", []),
        "eve": ("exercise_x.py", ["old/exercise_x.py", "exercise_x-2.py"]),
        "fay": ("exercise_x.py", []),
    }
    assert not any(each.notes for each in intake.handed)
    assert not intake.left_out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("exercise_x.json", NOTEBOOK),
        ("exercise_x.ipynb.json", NOTEBOOK),
        ("exercise_x.ipynb.txt", NOTEBOOK),
        ("exercise_x.txt", NOTEBOOK),
        ("exercise_x.txt", CODE),
        ("exercise_x.py.txt", CODE),
        ("Copy of exercise_x (2).py.txt", CODE),
        ("exercise_x - Copy.ipynb", NOTEBOOK),
        ("exercise_x-Copy1.ipynb", NOTEBOOK),
        ("exercise_x.ipynb", NOTEBOOK.decode().encode("utf-16")),
        ("exercise_x.py", CODE.decode().encode("utf-16")),
        ("exercise_x.py", b"# coding: cp1252\n# \xe9\n" + CODE),
    ],
)
def test_names_and_encodings_that_programs_change_are_read(
    course: Course, tmp_path: Path, name: str, content: bytes
) -> None:
    intake = taken(course, write(tmp_path / "in", {f"ada/{name}": content}))
    assert whose(intake) == ADA
    assert not intake.left_out and not intake.handed[0].notes


def test_how_a_file_was_read_is_told_and_is_not_part_of_the_submission(
    course: Course, tmp_path: Path
) -> None:
    place = write(
        tmp_path / "in",
        {"ada/exercise_x.py": b"# \xe9\n" + CODE, "bob/exercise_x.py": "# é\n".encode() + CODE},
    )
    ada, bob = taken(course, place).handed
    assert ada.notes == (
        "exercise_x.py is not UTF-8. It was read as Windows-1252; save it as UTF-8 to be sure.",
    )
    assert ada.submission == bob.submission and ada.source == bob.source and not bob.notes


def test_the_file_of_another_exercise_is_not_taken_for_the_one_that_is_graded(tmp_path: Path) -> None:
    root = SoundCourse(tmp_path / "course").root
    other = root / "exercises" / "exercise-z"
    shutil.copytree(root / "exercises" / "exercise-x", other)
    text = (other / "exercise.yaml").read_text()
    (other / "exercise.yaml").write_text(text.replace("id: exercise-x", "id: exercise-z"))
    files = {"ada/exercise_x.py": CODE, "bob/work.py": CODE, "cy/exercise-x (2).ipynb": NOTEBOOK}
    found = taken(Course(root), write(tmp_path / "in", files), "exercise-z")
    assert whose(found) == [("bob", "exercise-z", "graded")]
    assert [each.file for each in found.left_out] == ["ada/exercise_x.py", "cy/exercise-x (2).ipynb"]


def test_results_in_the_directory_of_the_class_are_nobody_s(course: Course, tmp_path: Path) -> None:
    results = {"old/run.json": b"{}", "old/results.jsonl": b"", "old/runs/001/run.json": b""}
    own = {"bob/run.json": b"{}", "bob/results.jsonl": b"", "bob/exercise_x.py": CODE}
    intake = taken(course, write(tmp_path / "in", {**results, **own, "ada/exercise_x.py": CODE}))
    assert intake.learners == ("ada", "bob")
    assert ("old", "the results of `course grade`") in [(each.file, each.why) for each in intake.left_out]


def test_a_damaged_zip_file_is_left_out_with_a_short_reason(course: Course, tmp_path: Path) -> None:
    files = {"ada/work.zip": b"no zip", "bob/exercise_x.py": CODE}
    intake = taken(course, write(tmp_path / "in", files))
    (left,) = intake.left_out
    assert (left.file, left.why) == ("ada/work.zip", "it is not a zip file, or is damaged")


def test_a_file_that_cannot_be_read_does_not_spoil_another(course: Course, tmp_path: Path) -> None:
    place = write(
        tmp_path / "in",
        {
            "ada/exercise_x.ipynb": b"{",
            "ada/exercise_x.py": CODE,
            "ada/exercise_x.json": b'{"my": "data"}',
            "ada/exercise_x.txt": b"some notes",
            "bob/exercise_x.ipynb": b"{",
            "bob/exercise_x.py": b"",
        },
    )
    intake = taken(course, place)
    ada, bob = intake.handed
    assert ada.file == "ada/exercise_x.py"
    assert ada.notes == ("exercise_x.py counts. ada/exercise_x.ipynb is not a notebook: it is not JSON.",)
    assert [each.file for each in intake.left_out] == ["ada/exercise_x.json", "ada/exercise_x.txt"]
    assert bob.status is Status.UNREADABLE and "bob/exercise_x.ipynb is not a notebook" in (bob.problem or "")
    assert "bob/exercise_x.py is empty" in bob.notes[0]


def test_files_that_cannot_hold_code_get_a_reason(course: Course, tmp_path: Path) -> None:
    place = write(
        tmp_path / "in",
        {
            "ada/exercise_x.docx": b"PK",
            "bob/exercise_x.ipynb": NOTEBOOK,
            "bob/exercise_x.html": b"<html>",
            "cy/homework.pdf": b"%PDF",
            "dan/exercise_x.npz": b"",
        },
    )
    intake = taken(course, place)
    ada, bob = intake.handed
    assert (ada.learner, ada.status) == ("ada", Status.UNREADABLE)
    assert ada.problem == "ada/exercise_x.docx is a Word document — save your code as .ipynb or .py"
    assert bob.status is Status.GRADED
    assert [(each.file, each.why) for each in intake.left_out] == [
        ("bob/exercise_x.html", "a web page, not .ipynb or .py"),
        ("cy/homework.pdf", "a PDF, not .ipynb or .py"),
        ("dan/exercise_x.npz", "no exercise or quiz asks for it"),
    ]


def test_very_many_files_of_one_name_are_not_all_read(course: Course, tmp_path: Path) -> None:
    files = {f"{n:02}/exercise_x.py": CODE + f"x = {n}\n".encode() for n in range(30)}
    intake = taken(course, write(tmp_path / "in", {"ada/all.zip": zipped(files)}))
    (ada,) = intake.handed
    assert (ada.shown, [other.file for other in ada.others]) == (
        "00/exercise_x.py",
        ["01/exercise_x.py", "02/exercise_x.py", "03/exercise_x.py"],
    )
    assert ada.notes == ("00/exercise_x.py counts. 26 more files of this name could not be compared.",)


def test_files_in_several_zip_files_are_told_apart(course: Course, tmp_path: Path) -> None:
    place = write(
        tmp_path / "in",
        {"ada/a.zip": zipped({"exercise_x.py": CODE}), "ada/b.zip": zipped({"exercise_x.py": OTHER})},
    )
    (ada,) = taken(course, place).handed
    assert (ada.shown, ada.others[0].file) == ("ada/a.zip/exercise_x.py", "ada/b.zip/exercise_x.py")


# --- helper modules ---

USES = b"from tools import double\nimport numpy as np\n" + CODE


def modules(intake: Intake) -> list[list[tuple[str, str]]]:
    return [
        [(file.path, file.source) for file in each.submission.files]
        for each in intake.handed
        if each.submission is not None
    ]


@pytest.mark.parametrize("name", ["exercise_x.py", "exercise_x-1.py", "week 1/exercise_x.py"])
@pytest.mark.parametrize("how", ["directory", "zip"])
def test_modules_beside_the_code_come_with_it(course: Course, tmp_path: Path, name: str, how: str) -> None:
    folder = name.rpartition("/")[0]
    files = {
        name: USES,
        f"{folder}/tools.py".lstrip("/"): b"import more",
        "unused.py": b"",
        "lib/more.py": b"#",
    }
    if how == "zip":
        place = write(tmp_path / "in", {"ada/all.zip": zipped(files)})
    else:
        place = write(tmp_path / "in", {f"ada/{each}": content for each, content in files.items()})
    intake = taken(course, place)
    assert modules(intake) == [[("tools.py", "import more"), ("more.py", "#")]]
    assert [each.file.rpartition("/")[2] for each in intake.left_out] == ["unused.py"]


@pytest.mark.parametrize(
    "name",
    ["exercise-x-final_v2.py", "ada_lovelace_exercise_x.py", "exercise_x_Ada.ipynb", "Exercise-X (Ada).py"],
)
def test_a_name_that_mentions_the_exercise_is_enough(course: Course, tmp_path: Path, name: str) -> None:
    code = (
        CODE
        if name.endswith(".py")
        else json.dumps({"cells": [{"cell_type": "code", "source": CODE.decode()}]}).encode()
    )
    intake = taken(course, write(tmp_path, {f"ada/{name}": code, "bob/exercise_x.py": b""}))
    assert [(each.learner, each.submission is not None) for each in intake.handed] == [
        ("ada", True),
        ("bob", False),
    ]


def test_a_file_of_the_exercise_s_own_name_comes_before_one_that_mentions_it(
    course: Course, tmp_path: Path
) -> None:
    files = {"ada/exercise_x.py": CODE, "ada/exercise_x_v2.py": CODE + b"y = 2\n"}
    intake = taken(course, write(tmp_path, files | {"bob/exercise_x.py": b"", "bob/my_exercise_x.py": CODE}))
    assert [(each.learner, each.file) for each in intake.handed] == [
        ("ada", "ada/exercise_x.py"),
        ("bob", "bob/my_exercise_x.py"),
    ]


def test_of_files_with_other_names_the_one_that_imports_the_others_is_taken(
    course: Course, tmp_path: Path
) -> None:
    place = write(tmp_path / "in", {"ada/main.py": USES, "ada/tools.py": b"import more", "ada/more.py": b"#"})
    intake = taken(course, place, "exercise-x")
    assert [each.file for each in intake.handed] == ["ada/main.py"]
    assert modules(intake) == [[("tools.py", "import more"), ("more.py", "#")]]
    assert not intake.left_out and not taken(course, place).handed


def test_the_nearest_module_counts_and_installed_ones_are_never_replaced(
    course: Course, tmp_path: Path
) -> None:
    place = write(
        tmp_path / "in",
        {
            "ada/exercise_x.py": USES,
            "ada/a/tools.py": b"# far",
            "ada/tools.py": b"# near",
            "ada/old/numpy.py": b"",
            "ada/venv/lib/site-packages/tools/__init__.py": b"",
            "bob/exercise_x.py": USES,
            "bob/Tools (1).py": b"# renamed",
            "cy/exercise_x.py": USES,
            "dan/tools.py": b"# of dan",
        },
    )
    intake = taken(course, place)
    assert modules(intake) == [[("tools.py", "# near")], [("tools.py", "# renamed")], []]
    write(place, {"bob/Tools (1).py": b"# changed"})
    changed = taken(course, place)
    assert [a.source == b.source for a, b in zip(intake.handed, changed.handed, strict=True)] == [
        True,
        False,
        True,
    ]


def test_a_link_to_a_neighbor_s_module_is_not_followed(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "in", {"ada/exercise_x.py": USES})
    write(tmp_path, {"secret.py": b"# secret"})
    (place / "ada" / "tools.py").symlink_to(tmp_path / "secret.py")
    assert modules(taken(course, place)) == [[]]


def test_a_notebook_that_imports_its_own_python_file(course: Course, tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "from exercise_x import *", "metadata": {}}]
    place = write(
        tmp_path / "in",
        {"ada/exercise_x.ipynb": json.dumps(notebook("x", cells, {})).encode(), "ada/exercise_x.py": CODE},
    )
    (ada,) = taken(course, place).handed
    assert ada.file.endswith(".ipynb") and not ada.others
    assert ada.submission and [file.path for file in ada.submission.files] == ["exercise_x.py"]


def test_a_large_notebook_in_a_zip_file_is_read(course: Course, tmp_path: Path) -> None:
    big = NOTEBOOK.replace(b'"source"', b'"outputs": ["%b"], "source"' % (b"x" * 100_000_000), 1)
    place = write(
        tmp_path / "in", {"ada.zip": zipped({"exercise_x.ipynb": big}), "bob/exercise_x.ipynb": big}
    )
    assert whose(taken(course, place)) == BOTH


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\x81", "not UTF-8"),
        (b"\xff\xfe\0", "looks like UTF-16, but is damaged"),
        (b"x\0", "zero bytes"),
        (b"#" * 5_000_001, "more than 5 MB"),
    ],
)
def test_unreadable_code_counts_as_the_learner_s_submission(
    course: Course, tmp_path: Path, content: bytes, says: str
) -> None:
    (found,) = taken(course, write(tmp_path / "in", {"ada/exercise_x.py": content})).handed
    assert found.status is Status.UNREADABLE and found.submission is None
    assert found.problem and says in found.problem


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"cells": []}', b'{"cells": [{"cell_type": "code"}]}'])
def test_unreadable_notebooks_do_not_affect_other_learners(
    course: Course, tmp_path: Path, content: bytes
) -> None:
    place = write(tmp_path / "in", {"ada/exercise_x.ipynb": content, "bob/exercise_x.py": CODE})
    ada, bob = taken(course, place).handed
    assert (ada.status, bob.status) == (Status.UNREADABLE, Status.GRADED)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="files of Unix")
def test_each_directory_belongs_to_a_learner(course: Course, tmp_path: Path) -> None:
    files = {"ada/exercise_x.py": CODE, "unknown/notes.txt": b"", ".git/HEAD": b"", "__MACOSX/x/y": b""}
    place = write(tmp_path / "in", files | {"grades/run.json": b"{}"})
    for name in ("empty", "link", "pipe", "deep"):
        (place / name).mkdir()
    (place / "link" / "exercise_x.py").symlink_to("/etc/passwd")
    os.mkfifo(place / "pipe" / "exercise_x.py")
    (place / "deep" / "a" / "b").mkdir(parents=True)
    intake = taken(course, place)
    assert whose(intake) == ADA
    assert intake.learners == ("ada", "deep", "empty", "link", "pipe", "unknown")
    assert [each.file for each in intake.left_out] == [
        "link/exercise_x.py",
        "pipe/exercise_x.py",
        "unknown/notes.txt",
    ]


def test_each_directory_of_a_system_s_export_belongs_to_a_learner(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "nb", {"submitted/ada/t/exercise-x.ipynb": NOTEBOOK, "source/t/x.ipynb": b""})
    (place / "submitted" / "bob").mkdir()
    assert taken(course, place).learners == ("ada", "bob")
    moodle = write(tmp_path / "moodle", {"Ada_1_assignsubmission_file/exercise_x.py": CODE})
    (moodle / "Bob_2_assignsubmission_file").mkdir()
    assert taken(course, moodle).learners == ("Ada_1", "Bob_2")
    assert taken(course, write(moodle, {"Cy_3_assignsubmission_file/x.txt": b""})).learners[-1] == "Cy_3"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_directory_that_this_machine_cannot_read_is_not_blamed_on_the_learner(
    course: Course, tmp_path: Path
) -> None:
    files = {f"{name}/exercise_x.py": CODE for name in ("ada", "bob", "cy", "dan/homework")}
    place = write(tmp_path / "in", files | {"eve/all.zip": zipped({"exercise_x.py": CODE})})
    closed = {"bob": 0, "cy": 0o400, "dan/homework": 0, "eve/all.zip": 0}
    for name, mode in closed.items():
        (place / name).chmod(mode)
    try:
        intake = taken(course, place)
    finally:
        for name in closed:
            (place / name).chmod(0o700)
    assert whose(intake) == ADA + [(name, "exercise-x", "failed") for name in ("bob", "cy", "dan", "eve")]
    for name, each in zip(("bob", "cy/", "dan/homework", "eve/all.zip"), intake.handed[1:], strict=True):
        assert each.problem and each.problem.startswith(name) and "Permission denied" in each.problem
    assert not intake.left_out


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_that_this_machine_cannot_read_is_not_blamed_on_the_learner(
    course: Course, tmp_path: Path
) -> None:
    place = write(tmp_path / "in", {"ada/exercise_x.py": CODE})
    (place / "ada" / "exercise_x.py").chmod(0)
    assert whose(taken(course, place)) == [("ada", "exercise-x", "failed")]


# --- quizzes ---


def answered(course: Course, code: str) -> bytes:
    made = lesson_notebook(course, "tiny")
    for cell in made["cells"]:
        if "answer_tiny_q1 = None" in cell["source"]:
            cell["source"] = code
    return json.dumps(made).encode()


@pytest.mark.parametrize(
    ("name", "content", "score", "feedback"),
    [
        ("tiny_answers.yaml", b"tiny-q1: b\n", 1.0, "Two follows one."),
        ("tiny_answers.yml", b"tiny-q1: a\n", 0.0, "Three comes after two."),
        ("Tiny_answers (2).json", b'{"tiny-q1": "b"}', 1.0, "Two follows one."),
        ("tiny_answers.yaml.txt", b"tiny-q1: b\n", 1.0, "Two follows one."),
        ("tiny_answers - Copy.yaml", "tiny-q1: b\n".encode("utf-16"), 1.0, "Two follows one."),
        ("tiny.json", 'answer_tiny_q1 = "b"', 1.0, "Two follows one."),
        ("Copy of tiny.ipynb", 'answer_tiny_q1 = "b"', 1.0, "Two follows one."),
        ("tiny_answers.yaml", b"tiny-q1:\n", 0.0, None),
        ("tiny_answers.yaml", b"tiny-q1: z\n", 0.0, "'z' is not an answer to tiny-q1"),
        ("tiny_answers.yaml", b"tiny-q1: a\ntiny-q1: b\n", 0.0, "tiny-q1 is answered twice"),
        ("tiny.ipynb", 'answer_tiny_q1 = "b"', 1.0, "Two follows one."),
        ("tiny.ipynb", "answer_tiny_q1 = None", 0.0, None),
        ("tiny.ipynb", "answer_tiny_q1 = '\\ud800'", 0.0, "\\ud800 is not an answer."),
    ],
)
def test_answers_are_marked(
    course: Course, tmp_path: Path, name: str, content: bytes | str, score: float, feedback: str | None
) -> None:
    raw = answered(course, content) if isinstance(content, str) else content
    (found,) = taken(course, write(tmp_path / "in", {f"ada/{name}": raw})).handed
    assert (found.learner, found.item, found.status) == ("ada", "tiny", Status.GRADED)
    assert found.answers and found.answers.score == score
    (question,) = found.answers.questions
    assert (question.feedback or "").startswith(feedback or "")
    assert (question.feedback is None) == (feedback is None)


def test_answers_to_unknown_questions_are_reported(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "in", {"ada/tiny_answers.yaml": b"tiny-q1: b\ntiny-q9: a\n"})
    (found,) = taken(course, place).handed
    assert found.answers and found.answers.score == 1.0
    assert found.problem == "line 2: no question of quiz tiny is called 'tiny-q9'"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tiny_answers.yaml", b"tiny-q1: a\ntiny-q1: b\n", "tiny-q1 is answered twice — "),
        ("tiny_answers.yaml", b"tiny-q1: [a, b]\n", "'a, b' is not an answer to tiny-q1 — "),
        ("tiny.ipynb", "answer_tiny_q1 = 7", "tiny-q1: 7 is not an answer. "),
    ],
)
def test_invalid_answers_are_reported(
    course: Course, tmp_path: Path, name: str, content: bytes | str, says: str
) -> None:
    raw = answered(course, content) if isinstance(content, str) else content
    (found,) = taken(course, write(tmp_path / "in", {f"ada/{name}": raw})).handed
    assert (found.problem or "").startswith(says)


@pytest.mark.parametrize("content", [b"", b"- b\n", b"a: [", b"\xff", b"x: !!python/object:os.system ls"])
def test_unreadable_answers_are_reported(course: Course, tmp_path: Path, content: bytes) -> None:
    (found,) = taken(course, write(tmp_path / "in", {"ada/tiny_answers.yaml": content})).handed
    assert found.status is Status.UNREADABLE and found.problem


def test_very_long_files_of_answers_are_bounded(course: Course, tmp_path: Path) -> None:
    lines = b"tiny-q1: b\n" + b"".join(b"tiny-q%d: b\n" % n for n in range(2, 3_000))
    place = write(tmp_path / "in", {"ada/tiny_answers.yaml": lines, "bob/tiny_answers.yaml": lines * 10})
    ada, bob = taken(course, place).handed
    assert ada.answers and ada.answers.score == 1.0
    assert (ada.problem or "").endswith("; 2978 more lines are wrong") and len(ada.problem or "") < 2_000
    assert bob.status is Status.UNREADABLE and "more than 200 KB" in (bob.problem or "")


def test_a_file_of_answers_replaces_a_notebook_without_answers(course: Course, tmp_path: Path) -> None:
    blank, full = answered(course, "answer_tiny_q1 = None"), answered(course, "answer_tiny_q1 = 'a'")
    for notebook_, status in ((blank, Status.GRADED), (full, Status.UNREADABLE)):
        place = write(tmp_path / "in", {"ada/tiny.ipynb": notebook_, "ada/tiny_answers.yaml": b"tiny-q1: b"})
        (found,) = taken(course, place).handed
        assert found.status is status


def test_a_json_file_named_after_a_lesson_is_data_unless_it_is_a_notebook(
    course: Course, tmp_path: Path
) -> None:
    place = write(
        tmp_path / "in", {"ada/tiny.json": b'{"a": 1}', "ada/tiny_answers.json": b'{"tiny-q1": "b"}'}
    )
    intake = taken(course, place)
    assert whose(intake) == [("ada", "tiny", "graded")]
    assert [each.file for each in intake.left_out] == ["ada/tiny.json"]


# --- the selection ---


def test_only_the_named_exercises_and_quizzes_are_graded(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "in", {"ada/exercise_x.py": CODE, "ada/tiny_answers.yaml": b"tiny-q1: b"})
    assert [item for _, item, _ in whose(taken(course, place))] == ["exercise-x", "tiny"]
    assert whose(taken(course, place, "exercise-x")) == ADA
    only = taken(course, place, quizzes=("tiny",))
    assert [each.item for each in only.handed] == ["tiny"]
    assert [each.file for each in only.left_out] == ["ada/exercise_x.py"]
    for wrong in ({"exercises": ["exercise-y"]}, {"quizzes": ["day5"]}):
        with pytest.raises(CourseError, match="is called"):
            Wanted(course, **wrong)


def test_only_equal_code_has_equal_hashes(course: Course, tmp_path: Path) -> None:
    variants = [
        CODE,
        CODE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + CODE,
        CODE + b"\n",
        CODE.replace(b"(x)", b"( x )"),
        b"# mine\n" + CODE,
    ]
    place = write(tmp_path / "in", {f"l{n}/exercise_x.py": code for n, code in enumerate(variants)})
    hashes = [each.source for each in taken(course, place).handed]
    assert hashes[0] == hashes[1] == hashes[2]
    assert len(set(hashes)) == len(variants) - 2  # verdicts quote lines with their numbers


def test_missing_or_damaged_files_are_reported(course: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="does not exist"):
        taken(course, tmp_path / "nothing")
    text = tmp_path / "x.txt"
    text.write_text("x")
    with pytest.raises(CourseError, match="neither a directory nor a zip file — name one of these"):
        take_in(text, Wanted(course), tmp_path)
    with pytest.raises(CourseError, match="is not a zip file, or is damaged"):
        take_in(write(tmp_path, {"x.zip": b"x"}) / "x.zip", Wanted(course), tmp_path)
