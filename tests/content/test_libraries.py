"""The libraries of an exercise: what authors may write, and what a machine lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from grader.content.course import Course
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.libraries import (
    import_names,
    install_command,
    installed,
    installed_version,
    listed,
    may_use,
    missing,
    requirement_for,
)
from grader.content.problem import ContentError

HERE = installed_version("packaging") or ""
HEAD = "id: exercise-x\ntitle: X\nlesson: x\ntext: Words.\n"
FUNCTIONS = "functions:\n  - {signature: f(x), text: Do it., returns: {y: int}}\n"


def exercise(libraries: str) -> Exercise:
    return decode(f"{HEAD}libraries:\n{libraries}{FUNCTIONS}", "exercise.yaml", Exercise)


def test_names_and_versions_may_be_listed() -> None:
    assert exercise("  - pandas>=2.2,<4\n  - scikit-learn\n").libraries == ("pandas>=2.2,<4", "scikit-learn")


@pytest.mark.parametrize(
    ("library", "what"),
    [
        ("<3", "is not a library that pip can install by name"),
        ("-e .", "is not a library that pip can install by name"),
        ("./pandas", "is not a library that pip can install by name"),
        ("pandas>=", "is not a library that pip can install by name"),
        ("pandas scipy", "is not a library that pip can install by name"),
        ("pandas>=2; rm -rf /", "is not a library that pip can install by name"),
        ("pandas @ https://example.org/pandas.whl", "is more than a name and versions"),
        ("pandas[excel]", "is more than a name and versions"),
        ('pandas; python_version < "3.12"', "is more than a name and versions"),
    ],
)
def test_anything_else_is_reported_with_its_line(library: str, what: str) -> None:
    with pytest.raises(ContentError) as error:
        exercise(f"  - scipy\n  - '{library}'\n")
    (problem,) = error.value.problems
    assert (problem.file, problem.line, problem.what) == ("exercise.yaml", 7, f"{library!r} {what}")
    assert "write a name and, if needed, versions" in problem.todo


@pytest.mark.parametrize("text", ['"pandas\\n"', '"pandas\\n--pre"', '"pandas\\t"', "|\n    pandas"])
def test_a_library_is_one_line(text: str) -> None:
    with pytest.raises(ContentError, match=r"exercise\.yaml:6: "):
        exercise(f"  - {text}\n")


def test_a_name_to_import_is_not_a_name_to_install() -> None:
    message = r":6: sklearn is the name to import — write the name to install: scikit-learn"
    with pytest.raises(ContentError, match=message):
        exercise("  - sklearn\n")


def test_a_library_that_is_listed_twice_is_reported() -> None:
    with pytest.raises(ContentError, match=r":7: scikit-learn is listed twice"):
        exercise("  - scikit-learn\n  - Scikit_Learn>=1.5\n")


@pytest.mark.parametrize(
    ("library", "is_met"),
    [
        ("packaging", True),
        ("Packaging", True),
        (f"packaging=={HERE}", True),
        (f"packaging>{HERE}", False),
        (f"packaging<{Version(HERE).major}", False),
        ("never-installed", False),
    ],
)
def test_what_is_missing(library: str, is_met: bool) -> None:
    assert missing(["numpy", library]) == (() if is_met else (library,))


def test_a_command_can_be_pasted_into_a_shell() -> None:
    assert install_command(missing(["never-installed >= 2", "not-here"])) == (
        "pip install 'never-installed>=2' not-here"
    )


def test_a_package_may_be_imported_under_another_name() -> None:
    assert "yaml" in import_names("PyYAML>=6")  # installed
    assert import_names("scikit-learn>=1") == ("sklearn",)
    assert import_names("never-installed") == ("never_installed",)


def test_the_requirement_behind_a_module() -> None:
    libraries = ("pandas>=2.2", "scikit-learn >= 1.5")
    assert requirement_for("sklearn.svm", libraries) == "scikit-learn>=1.5"
    assert requirement_for("pandas", libraries) == "pandas>=2.2"
    assert requirement_for("os.path", libraries) is None


def test_installed_versions() -> None:
    assert installed(["packaging>=1", "never-installed"]) == (f"packaging=={HERE}", "never-installed==None")


def test_words_in_a_sentence() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_learners_are_told_what_they_may_use() -> None:
    sentence = (
        "You may use numpy, TensorFlow, Keras and matplotlib, and for this exercise pandas and scikit-learn."
    )
    assert may_use(["pandas>=2.2", "scikit-learn", "numpy>=2"]) == sentence
    assert exercise("  - pandas\n  - scikit-learn\n").full_text == f"Words.\n\n{sentence}"


@pytest.mark.parametrize("libraries", [[], ["numpy", "tensorflow>=2.20"]])
def test_the_usual_libraries_need_no_sentence(libraries: list[str]) -> None:
    assert may_use(libraries) == ""


def test_a_course_lists_each_library_once(tmp_path: Path) -> None:
    for name, libraries in (("a", "[pandas, scipy]"), ("b", "[scipy]"), ("c", "[]")):
        (tmp_path / "exercises" / name).mkdir(parents=True)
        text = HEAD.replace("exercise-x", name) + f"libraries: {libraries}\n{FUNCTIONS}"
        (tmp_path / "exercises" / name / "exercise.yaml").write_text(text)
    assert Course(tmp_path).libraries == ("pandas", "scipy")
