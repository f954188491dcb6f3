"""Whose a file is follows from the outermost name, and each learner has limits of their own."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from handed_in import ADA, BOTH, CODE, OTHER, taken, whose, write, zipped
from hypothesis import given
from hypothesis import strategies as st
from sound_course import SOLUTION, SoundCourse

from grader.classroom import archives, budget, intake, layout, learner_files
from grader.classroom.directories import files_in
from grader.classroom.found_files import File
from grader.classroom.names import look_alikes, shown, unique_names
from grader.classroom.results import Status
from grader.content.course import Course
from grader.errors import CourseError, EnvironmentProblem


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("course")).root)


def few_files(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    for module in (budget, archives):
        monkeypatch.setattr(module, "MAX_FILES", most)


# --- names inside of what a learner handed in ---

POSED = {
    "submission_1/exercise_x.py": CODE,
    "ada/exercise_x.py": b"",
    "Ada_1_assignsubmission_file_/exercise_x.py": CODE,
    "ada_1_2_exercise_x.py": CODE,
    "submitted/ada/t/exercise_x.py": CODE,
    "nbgrader_config.py": b"",
    "submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: Ada\n",
}


@pytest.mark.parametrize("where", ["eve.zip", "eve/all.zip", "eve/"])
def test_what_is_a_learner_s_stays_theirs_whatever_names_it_holds(
    course: Course, tmp_path: Path, where: str
) -> None:
    place = write(tmp_path / "in", {"ada.zip": zipped({"exercise_x.py": CODE})})
    posed = {f"eve/{name}": raw for name, raw in POSED.items()} if where == "eve/" else {where: zipped(POSED)}
    found = taken(course, write(place, posed))
    assert found.learners == ("ada", "eve")
    assert [(each.learner, each.source) for each in found.handed if each.learner == "ada"] == [
        ("ada", taken(course, write(tmp_path / "alone", {"ada/exercise_x.py": CODE})).handed[0].source)
    ]
    zipped_class = {f"{'eve' if n.startswith('eve') else 'ada'}/{n}": (place / n).read_bytes() for n in posed}
    path = write(tmp_path, {"c.zip": zipped({**zipped_class, "ada/exercise_x.py": CODE})}) / "c.zip"
    assert taken(course, path).learners == ("ada", "eve")


def test_the_zip_file_of_a_class_has_to_be_named(course: Course, tmp_path: Path) -> None:
    files = {"ada/exercise_x.py": CODE, "bob/exercise_x.py": CODE}
    place = write(tmp_path / "in", {"download.zip": zipped(files)})
    with pytest.raises(CourseError, match=r"holds only download.zip, which looks like .* name the zip file"):
        taken(course, place)
    assert whose(taken(course, place / "download.zip")) == BOTH
    with pytest.raises(CourseError, match="looks like the download"):
        taken(course, write(place, {"README.txt": b""}))
    own = write(tmp_path / "own", {"ada.zip": zipped({"homework/exercise_x.py": CODE, "notes.txt": b""})})
    assert whose(taken(course, own)) == ADA
    moodle = {"Ada_1_assignsubmission_file_/exercise_x.py": CODE}
    several = write(tmp_path / "several", {"group a.zip": zipped(moodle), "group b.zip": zipped(moodle)})
    found = taken(course, several)
    assert found.learners == ("group a", "group b")
    assert all("name the file itself" in each.why for each in found.left_out)


def test_a_name_with_two_marks_of_moodle_belongs_to_nobody(course: Course, tmp_path: Path) -> None:
    name = "eve_2_assignsubmission_file_ada_1_assignsubmission_file_exercise_x.py"
    found = taken(course, write(tmp_path / "in", {name: CODE, "ada_1_assignsubmission_file_x.py": b""}))
    assert found.learners == ("ada_1",)
    assert "more than once" in found.left_out[1].why


# --- links ---


def test_links_out_of_a_learner_s_directory_are_refused_with_a_reason(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "in", {"ada/exercise_x.py": CODE, "cy/real.py": OTHER})
    for learner in ("aaa-eve", "eve"):
        (place / learner).mkdir()
        (place / learner / "exercise_x.py").symlink_to("../ada/exercise_x.py")
    (place / "bob").symlink_to("ada")
    (place / "dan.py").symlink_to("ada/exercise_x.py")
    (place / "cy" / "exercise_x.py").symlink_to("real.py")
    (place / "fay").mkdir()
    (place / "fay" / "exercise_x.py").hardlink_to(place / "ada" / "exercise_x.py")
    found = taken(course, place)
    graded = [
        ("ada", "exercise-x", "graded"),
        ("cy", "exercise-x", "graded"),
        ("fay", "exercise-x", "graded"),
    ]
    assert whose(found) == graded
    assert {"aaa-eve", "bob", "eve"} < {*found.learners}
    refused = {each.file: each.why for each in found.left_out}
    leaves = "a link that leaves the learner's directory"
    for name in ("aaa-eve/exercise_x.py", "bob", "eve/exercise_x.py"):
        assert refused[name] == leaves
    found = taken(course, place, "exercise-x")
    assert "dan" in found.learners and ("dan", "exercise-x", "graded") not in whose(found)


def test_links_in_nbgrader_s_tree_stay_with_the_learner(course: Course, tmp_path: Path) -> None:
    place = write(tmp_path / "in", {"submitted/ada/t/exercise_x.py": CODE, "source/t/x.ipynb": b""})
    (place / "submitted" / "eve").mkdir()
    (place / "submitted" / "eve" / "exercise_x.py").symlink_to("../ada/t/exercise_x.py")
    found = taken(course, place)
    assert whose(found) == ADA
    assert found.learners == ("ada", "eve")
    assert found.left_out[0].file == "submitted/eve/exercise_x.py"


# --- names that look the same ---


def test_names_that_look_the_same_stay_apart_and_are_reported(course: Course, tmp_path: Path) -> None:
    names = ["ada", "ada ", "ADA", "Zo\u00eb", "Zoe\u0308", "bob"]
    place = write(tmp_path / "in", {f"{name}/exercise_x.py": CODE for name in names})
    if len([*place.iterdir()]) < len(names):
        pytest.skip("this file system cannot keep these names apart")
    found = taken(course, place)
    assert found.learners == ("ADA", "Zo\u00eb", "Zo\u00eb (2)", "ada", "ada (2)", "bob")
    assert found.alike == (
        ("ADA", "ada", "ada (2) ('ada ')"),
        ("Zo\u00eb (2) ('Zoe\\u0308')", "Zo\u00eb ('Zo\\xeb')"),
    )
    path = write(tmp_path, {"c.zip": zipped({f"{name}/exercise_x.py": CODE for name in names})}) / "c.zip"
    assert taken(course, path).learners == found.learners


LABELS = st.dictionaries(st.text(max_size=4), st.text("ab (2)\u0308\n", max_size=5), max_size=8)


@given(LABELS)
def test_names_to_show_are_unique_and_can_be_printed(labels: dict[str, str]) -> None:
    unique = unique_names(labels)
    assert unique.keys() == labels.keys() and len({*unique.values()}) == len(labels)
    assert all(shown(name) == name and name for name in unique.values())


@given(LABELS)
def test_names_that_are_shown_alike_are_reported(labels: dict[str, str]) -> None:
    together = [{*group} for group in look_alikes(labels)]
    for one in labels:
        for other in labels:
            if one != other and shown(labels[one]).strip() == shown(labels[other]).strip():
                assert any({one, other} <= group for group in together)


@pytest.mark.parametrize(
    "name", ["\u0430da", "\u0410D\u0410", "ad\u03b1", "ada\u3164", "ad\ufe0fa", "\uff41da"]
)
def test_names_that_are_drawn_alike_are_reported(name: str) -> None:
    assert look_alikes({"ada": "ada", name: name, "add": "add"}) == [tuple(sorted(("ada", name)))]


def test_names_in_another_script_differ_in_case_only_if_they_do() -> None:
    assert look_alikes({each: each for each in ("Вера", "вера", "Вора")}) == [("Вера", "вера")]


def test_a_file_that_is_exchanged_after_it_was_found_is_not_read(tmp_path: Path) -> None:
    place = write(tmp_path, {"ada/exercise_x.py": b"ada's", "eve/sub/exercise_x.py": CODE})
    (found,) = files_in(place / "eve", "eve", budget.Budget())
    (place / "eve/sub").rename(place / "eve/old")
    (place / "eve/sub").symlink_to(place / "ada")
    assert isinstance(found, File)
    with pytest.raises(EnvironmentProblem, match="replaced at the same time"):
        found.read()


# --- limits ---


@pytest.mark.parametrize("how", ["directory", "zip", "class zip"])
def test_too_many_files_concern_only_their_owner(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    few_files(monkeypatch, 20)
    many = {f"data/{n}": b"" for n in range(30)} | {"exercise_x.py": OTHER}
    if how == "zip":
        files = {"aaa.zip": zipped(many), "zoe/all.zip": zipped(many)}
    else:
        files = {f"{name}/{path}": raw for name in ("aaa", "zoe") for path, raw in many.items()}
    files["ada/exercise_x.py"] = CODE
    place = write(tmp_path / "in", files)
    if how == "class zip":
        place = write(tmp_path, {"c.zip": zipped(files)}) / "c.zip"
    found = taken(course, place)
    assert ("ada", "exercise-x", "graded") in whose(found)
    assert found.learners == ("aaa", "ada", "zoe")
    if how == "zip":
        assert [each.file for each in found.left_out] == ["aaa.zip", "zoe/all.zip"]
    else:  # what is near the top is read
        assert {each.status for each in found.handed} == {Status.GRADED} and len(found.handed) == 3


def test_whose_files_are_too_many_is_told_if_work_may_be_among_them(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_files(monkeypatch, 20)
    many = {f"mia/deep/{n}.py": b"" for n in range(30)}
    mia, ada = reversed(taken(course, write(tmp_path / "in", many | {"ada/exercise_x.py": CODE})).handed)
    assert (ada.status, mia.status) == (Status.GRADED, Status.UNREADABLE)
    assert (mia.problem or "").startswith("mia/deep holds more than ")


def test_code_is_counted_by_the_memory_that_it_takes(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MAX_CODE", 40_000)
    text, emoji = CODE + b"#" * 9_000, CODE + b"#" * 9_000 + "\U0001f600".encode()
    assert len(emoji) < 10_000
    files = {f"eve/{n}/exercise_x.py": emoji + b"%d" % n for n in range(3)}
    files |= {f"bob/{n}/exercise_x.py": text + b"%d" % n for n in range(3)}
    found = taken(course, write(tmp_path / "in", files | {"ada/exercise_x.py": CODE}))
    assert [each.status.value for each in found.handed] == ["graded", "graded", "unreadable"]
    assert "more than 0 MB of code" in (found.handed[2].problem or "")


def test_the_bytes_read_are_each_learner_s(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MAX_READ", 10_000)
    files = {f"eve/{n}/exercise_x.py": b"#" * 4_000 + b"\n%d" % n for n in range(5)}
    files |= {f"zoe{n}/exercise_x.py": CODE for n in range(30)}
    eve, *others = taken(course, write(tmp_path / "in", files)).handed
    assert eve.status is Status.GRADED and "more than 0 MB of data" in eve.notes[0]
    assert all(each.status is Status.GRADED for each in others) and len(others) == 30


def test_a_class_that_is_too_large_is_an_error(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"l{n}/exercise_x.py": CODE for n in range(5)}
    place = write(tmp_path / "in", files)
    path = write(tmp_path, {"c.zip": zipped(files)}) / "c.zip"
    monkeypatch.setattr(intake, "MAX_CLASS_CODE", 400)
    with pytest.raises(CourseError, match=r"the code in .* takes more than .* grade the class in parts"):
        taken(course, place)
    monkeypatch.setattr(layout, "MAX_ENTRIES", 4)
    with pytest.raises(CourseError, match="holds more than 4 entries"):
        taken(course, place)
    monkeypatch.setattr(archives, "MAX_CLASS_FILES", 4)
    with pytest.raises(CourseError, match="holds more than 4 files — unpack it"):
        taken(course, path)


def test_a_bomb_in_a_class_s_zip_file_concerns_only_its_owner(course: Course, tmp_path: Path) -> None:
    files = {"ada/exercise_x.py": CODE, "eve/bomb.py": bytes(50_000_000), "zoe/exercise_x.py": CODE}
    found = taken(course, write(tmp_path, {"c.zip": zipped(files)}) / "c.zip")
    ada, eve, zoe = found.handed
    assert (ada.status, eve.status, zoe.status) == (Status.GRADED, Status.UNREADABLE, Status.GRADED)
    assert (eve.problem or "").startswith("c.zip/eve unpacks to")


def test_the_list_of_refused_files_has_a_limit_for_each_learner(course: Course, tmp_path: Path) -> None:
    files = {f"eve/{n:04}.txt": b"" for n in range(300)} | {"ada/a.txt": b"", "zoe/z.txt": b""}
    found = taken(course, write(tmp_path / "in", files))
    listed = [(each.file, each.why) for each in found.left_out]
    assert len(listed) == budget.MAX_REFUSALS + 3
    assert {"ada/a.txt", "zoe/z.txt"} < {file for file, _ in listed}
    assert ("eve", "200 more files") in listed


def test_a_learner_whose_every_file_is_refused_is_not_forgotten(course: Course, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("eve/exercise_x.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "../ada/exercise_x.py")
        archive.writestr("ada/exercise_x.py", SOLUTION)
        archive.writestr("fay/", "")
    found = taken(course, write(tmp_path, {"c.zip": file.getvalue()}) / "c.zip")
    assert whose(found) == ADA and found.learners == ("ada", "eve", "fay")


def test_too_little_memory_for_one_learner_is_not_the_end_of_the_class(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(raw: bytes, *rest: object) -> object:
        if b"huge" in raw:
            raise MemoryError
        return real(raw, *rest)

    real = learner_files.parse_submission
    monkeypatch.setattr(learner_files, "parse_submission", parse)
    place = write(tmp_path / "in", {"ada/exercise_x.py": CODE, "eve/exercise_x.py": b"huge = 1"})
    ada, eve = taken(course, place).handed
    assert (ada.status, eve.status) == (Status.GRADED, Status.FAILED)
    assert "need more memory than there is" in (eve.problem or "")
