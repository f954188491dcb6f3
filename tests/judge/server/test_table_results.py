"""Tables of pandas and sets as results. Hidden tests name no label and no value of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hidden_choices import of_tables
from judging import by_id, submission, write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.report import Outcome, Report
from grader.judge.server.asserts import Mismatch, assert_same_table, short
from grader.judge.server.tables import difference

pandas: Any = pytest.importorskip("pandas")


def table() -> Any:
    return pandas.DataFrame(
        {"n": [1, 2, 3], "share": [0.5, 0.25, None], "word": ["a", "b", None], "long": [True, False, True]},
        index=["x", "y", "z"],
    )


def changed(column: str, row: int, value: Any) -> Any:
    frame = table()
    frame[column] = frame[column].astype(object)
    frame.iloc[row, [*frame.columns].index(column)] = value
    return frame.infer_objects()


SAME: dict[str, Callable[[], Any]] = {
    "rounding": lambda: changed("share", 0, 0.5 + 1e-9),
    "floats": lambda: table().astype({"n": "float32"}),
    "nullable": lambda: table().convert_dtypes(),
    "objects": lambda: table().astype(object),
    "category": lambda: table().astype({"word": "category"}),
    "names of labels": lambda: table().rename_axis("who").rename_axis("what", axis=1),
}
OTHER: dict[str, tuple[Callable[[], Any], str, str]] = {
    "a series": (lambda: table()["n"], "it is not a pandas DataFrame", ""),
    "columns": (
        lambda: table().rename(columns={"n": "m"}),
        "its columns are not the right ones",
        "the columns are ['m', 'share', 'word', 'long'], expected ['n', 'share', 'word', 'long']",
    ),
    "order of columns": (
        lambda: table()[["share", "n", "word", "long"]],
        "its columns have another order",
        "",
    ),
    "rows": (
        lambda: table().head(2),
        "it has another number of rows",
        "2 rows came back, expected 3",
    ),
    "labels": (
        lambda: table().rename(index={"y": "Y"}),
        "the labels of its rows are not the right ones",
        "row 1 has the label 'Y', expected 'y'",
    ),
    "order of rows": (lambda: table().iloc[::-1], "its rows have another order", ""),
    "a number": (
        lambda: changed("n", 1, 7),
        "a value in a column of numbers is not right",
        "the column 'n' has 7 in row 1, expected 2",
    ),
    "a missing number": (
        lambda: changed("share", 1, None),
        "a value in a column of numbers is not right",
        "",
    ),
    "a text": (
        lambda: changed("word", 0, "c"),
        "a value in a column of texts is not right",
        "the column 'word' has 'c' in row 0, expected 'a'",
    ),
    "texts of numbers": (
        lambda: table().assign(n=["1", "2", "3"]),
        "a column of numbers holds something else",
        "the column 'n' holds texts, expected numbers",
    ),
    "numbers of truth values": (
        lambda: table().assign(long=[1, 0, 1]),
        "a column of truth values holds something else",
        "the column 'long' holds numbers, expected truth values",
    ),
}


@pytest.mark.parametrize("made", SAME.values(), ids=SAME)
def test_the_same_values_are_the_same_table(made: Callable[[], Any]) -> None:
    assert_same_table(made(), table(), "The table is not right")


@pytest.mark.parametrize(("made", "what", "details"), OTHER.values(), ids=OTHER)
def test_the_first_difference_is_told(made: Callable[[], Any], what: str, details: str) -> None:
    with pytest.raises(Mismatch) as caught:
        assert_same_table(made(), table(), "The table is not right")
    assert caught.value.message == f"The table is not right: {what}"
    assert details in caught.value.details


def test_dates_are_compared() -> None:
    dates = pandas.Series(pandas.to_datetime(["2026-01-01", None]))
    assert difference(dates.astype("datetime64[s]"), dates, 0, 0) is None
    later = difference(dates + pandas.Timedelta(days=1), dates, 0, 0)
    assert later and later.what == "a value in a column of dates is not right"


def test_tables_and_sets_are_shown_in_one_line() -> None:
    assert short(table()) == "DataFrame with 3 rows and the columns ['n', 'share', 'word', 'long']"
    assert short(table()["n"]) == "Series with 3 rows"
    assert short({3, 1, 2}) == "{1, 2, 3}" and short(set()) == "set()"
    assert short(set(range(9))) == "{0, 1, 2, 3, 4, 5, …}"


SOLUTION = """
import pandas as pd

def table(words):
    counts = pd.Series(words).value_counts()
    return counts.sort_index().rename_axis("word").reset_index(name="count")

def letters(words):
    return set("".join(words))
"""
WORDS = '["be", "to", "be", "or"]'
VISIBLE = f'''
    @pytest.mark.points(1, function="table")
    def test_table(learner, rng):
        """Two words."""
        import pandas
        right = pandas.DataFrame({{"word": ["be", "or", "to"], "count": [2, 1, 1]}})
        assert_same_table(learner.table({WORDS}), right, "The table is not right")

    @pytest.mark.points(1, function="letters")
    def test_letters(learner):
        """Letters."""
        assert learner.letters({WORDS}) == set("beort"), "They should be b, e, o, r and t"
'''
HIDDEN = '''
    RULE = Contract("table", {"words": Domain(usual=lambda rng: [*map(str, rng.integers(0, 5, size=9))])},
                    {"table": Result("The counts are not right", shape="(words, 2)")})

    @pytest.mark.points(1, function="table")
    def test_contract(learner, reference, rng):
        """Any words."""
        check_results(RULE, learner, reference, rng)

    @pytest.mark.points(1, function="table")
    def test_hidden_table(learner, reference, rng):
        """Any words."""
        words = [*map(str, rng.integers(100, 105, size=9))]
        assert_same_table(learner.table(words), reference.table(words), "The counts are not right")

    @pytest.mark.points(1, function="letters")
    def test_hidden_letters(learner, reference):
        """Any letters."""
        assert learner.letters(["xyz"]) == reference.letters(["xyz"]), "The letters are not right"
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    functions = {"table(words)": {"table": "DataFrame"}, "letters(words)": {"letters": "set"}}
    write_exercise(root, functions, SOLUTION, VISIBLE, HIDDEN)
    with (root / "exercises/exercise-x/exercise.yaml").open("a") as file:
        file.write("libraries: [pandas]\n")
    return Course(root)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def check(judge: Judge, course: Course, source: str) -> Report:
    return judge.check(course, "exercise-x", submission(source), seed=1)


def test_the_solution_passes(judge: Judge, course: Course) -> None:
    assert check(judge, course, SOLUTION).passed


def test_visible_tests_tell_the_place_and_hidden_ones_do_not(judge: Judge, course: Course) -> None:
    wrong = SOLUTION.replace("    return counts.", "    counts = counts + (counts > 1)\n    return counts.")
    results = by_id(check(judge, course, wrong.replace('set("".join(words))', "[*{*''.join(words)}]")))
    shown = " ".join(results["test_table"].message.split())
    assert "the column 'count' has 3 in row 0, expected 2" in shown
    assert results["test_hidden_table"].message == (
        "The counts are not right: a value in a column of numbers is not right"
    )
    assert results["test_contract"].message == "The counts are not right."
    for name in ("test_letters", "test_hidden_letters"):
        assert results[name].outcome is Outcome.FAILED
        assert "letters should return a set, but it returned a list" in results[name].message


def test_a_table_that_cannot_be_sent_is_described(judge: Judge, course: Course) -> None:
    source = "import pandas as pd\ndef table(words): return pd.DataFrame({'w': [words]})\n"
    results = by_id(check(judge, course, source))
    assert "it returned a pandas table that holds list" in results["test_table"].message
    assert "it returned a value of another type" in results["test_hidden_table"].message


def test_pandas_must_be_listed(tmp_path: Path) -> None:
    from grader.authoring.libraries import library_problems
    from grader.authoring.material import ExerciseFiles, Material

    course = write_exercise(tmp_path, {"table(words)": {"table": "Series"}}, SOLUTION, VISIBLE, HIDDEN)
    material = Material.of(course)
    problems, _ = library_problems(ExerciseFiles(material, material.exercises["exercise-x"]))
    assert [problem.what for problem in problems] == [
        "table returns a Series, but the exercise does not list pandas"
    ]


def test_few_words_are_added_to_a_hidden_test() -> None:
    """Every kind of column counts for every sentence, which is too many, and yet fewer than 6 bits."""
    assert len(of_tables()) < 64
