"""The figures of the bundled lesson: made by its scripts, from the numbers that the text gives."""

from __future__ import annotations

import json
import statistics
from types import ModuleType

import pytest

from grader.content.course import Course

COURSE = Course.bundled()
LESSON = COURSE.lesson("day4")
FIGURES = COURSE.root / "lessons" / "figures"


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The modules beside the figures."""
    monkeypatch.syspath_prepend(FIGURES)
    import make_figures
    import plots

    return {"make_figures": make_figures, "plots": plots}


def table(section_id: str) -> dict[str, list[str]]:
    """Return the rows of a section's table by their first cell, without marks for bold type and code."""
    section = LESSON.section(section_id)
    assert section is not None
    rows = (line.replace("**", "").replace("`", "") for line in section.text.splitlines() if "|" in line)
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    return {first: others for first, *others in cells}


def test_the_files_are_what_the_script_makes(scripts: dict[str, ModuleType]) -> None:
    made = dict(scripts["make_figures"].files())
    assert made.keys() == {file.name for file in FIGURES.glob("*.svg")}
    for name, text in made.items():
        # bytes, because a checkout could change line ends
        assert (FIGURES / name).read_bytes() == text.encode(), f"run {FIGURES / 'make_figures.py'}"


def test_the_lesson_shows_every_figure_also_on_a_phone() -> None:
    figures = [figure for section in LESSON.sections for figure in section.figures]
    named = {file for figure in figures for file in figure.files.values()}
    assert named == {file.name for file in FIGURES.glob("*.svg")}
    assert all(figure.narrow for figure in figures)


def test_curves_of_gradients_pass_through_the_numbers_of_the_tables(scripts: dict[str, ModuleType]) -> None:
    plots = scripts["plots"]
    rows = {
        ("3.2", "tanh, Keras default (orthogonal)"): plots.RNN_GRADIENTS["tanh, Keras default"],
        ("3.2", "tanh, recurrent weights times 0.5"): plots.RNN_GRADIENTS["tanh, weights × 0.5"],
        ("3.2", "tanh, recurrent weights times 1.5"): plots.RNN_GRADIENTS["tanh, weights × 1.5"],
        ("3.2", "linear, recurrent weights times 1.2"): plots.RNN_GRADIENTS["linear, weights × 1.2"],
        ("4.3", "simple RNN, Keras default"): plots.GATED_GRADIENTS["simple RNN, Keras default"],
        ("4.3", "LSTM, Keras default (forget bias 1)"): plots.GATED_GRADIENTS["LSTM, Keras default"],
        ("4.3", "LSTM, forget bias 5"): plots.GATED_GRADIENTS["LSTM, forget bias 5"],
    }
    lags = {"3.2": (10, 50, 100), "4.3": (5, 10, 50, 100)}
    for (section, row), curve in rows.items():
        for lag, cell in zip(lags[section], table(section)[row], strict=True):
            value = curve[plots.LAGS.index(lag)]
            assert (value is None) if "too small" in cell else value == float(cell), (row, lag)


def test_measured_errors_are_those_of_the_table() -> None:
    measured = json.loads((FIGURES / "comparison.json").read_text("utf-8"))
    for epochs in (50, 100):
        runs = [run for run in measured["runs"] if run["epochs"] == epochs]
        assert [run["kind"] for run in runs] == ["rnn", "lstm", "gru"]
        shown = [
            f"{short(statistics.mean(run['test_mse']))} ± {short(statistics.stdev(run['test_mse']))}"
            for run in runs
        ]
        assert shown == table("9")[f"tanh, {epochs}"]
    conditions = measured["conditions"]
    assert len(conditions["seeds"]) == 10 == len(measured["runs"][0]["test_mse"])
    assert (
        short(conditions["persistence_mse"]) == table("8")["persistence: the next value equals the last"][0]
    )


def test_numbers_of_weights_are_those_of_the_table() -> None:
    svg = (FIGURES / "parameter-counts.svg").read_text("utf-8")
    for layer in ("SimpleRNN", "LSTM", "GRU, Keras default"):
        assert f">{table('5.3')[layer][-1]}</text>" in svg


def short(value: float) -> str:
    """Return a number as the lesson writes it, such as 1.6e-4."""
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}e{int(exponent)}"


def test_the_example_of_attention_is_that_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FIGURES)
    import attention

    rows = table("12.3")
    shown = [float(rows[word][3]) for word in attention.WORDS]
    assert shown == [round(share, 3) for share in attention.weights([attention.QUERY], attention.KEYS)[0]]
    assert [rows[word][4] for word in attention.WORDS] == [str(value) for value in attention.VALUES]


def test_the_drawing_of_masks_has_the_weights_of_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FIGURES)
    import attention

    section = LESSON.section("12.4")
    assert section is not None
    words = attention.SENTENCE
    tables = [
        attention.weights([attention.ASKS[w] for w in words], [attention.OFFERS[w] for w in words], causal)
        for causal in (False, True)
    ]
    drawn = section.figures[0].drawing or ""
    for word, line, *rows in zip(words, drawn.splitlines()[2:], *tables, strict=True):
        shown = line.replace(word, "").split()
        cells = [[f"{weight:.2f}".removeprefix("0").replace("1.00", "1.0") for weight in row] for row in rows]
        assert shown == [*cells[0], *cells[1], *"-" * (5 - len(cells[1]))]


def test_measured_words_are_those_of_the_tables() -> None:
    measured = json.loads((FIGURES / "words.json").read_text("utf-8"))
    lengths = table("11.4")
    for run in measured["lengths"]:
        assert all(len(shares) == len(measured["conditions"]["seeds"]) for shares in run["right"].values())
        shown = [f"{statistics.mean(run['right'][n]):.0%}" for n in lengths["letters"]]
        assert shown == lengths[f"{run['units']} units"]
    rows = {"h c": "$h$ and $c$", "c h": "$c$ and $h$, swapped", "h h": "$h$ and $h$", "zeros": "zeros"}
    for states, row in rows.items():
        runs = [run for run in measured["connections"] if run["states"] == states and run["shifted"]]
        shares = sorted(run["epochs"]["12"]["words"] for run in runs)
        ends = dict.fromkeys(f"{share:.0%}" for share in (shares[0], shares[-1]))
        assert table("11.1")[row] == [" to ".join(ends)]
