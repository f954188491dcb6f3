"""Every sentence of the judge, as learners read it."""

from __future__ import annotations

from pathlib import Path

from judging import exercise_of
from snapshots import assert_snapshot

from grader.content.relations import RelationKind
from grader.judge import sentences as s
from grader.judge.wire import messages as m

ERROR = m.Raised("KeyError", ("KeyError", "LookupError"), "'a'", "my.py", 3, "")
SYNTAX = m.Stop("code cell 2", 1, "SyntaxError", (), "invalid syntax", ("f",), 7, syntax=True)
STOPS = m.Stop("my.py", 3, "ValueError", ("ValueError",), "no\nway", ("f",))
ENDS = m.Stop("my.py", 3, "SystemExit", ("SystemExit",), "0")
ENDS_INSIDE = m.Raised("SystemExit", ("SystemExit",), "0", "my.py", 3, "")
SLOW = m.Stop("my.py", 3, "TimeUp", (), "", timed_out=True)
FLOODS = m.Stop("my.py", 3, "PrintedTooMuch", (), "")
ASKS = m.Stop("my.py", 3, "EOFError", ("EOFError",), "")
IMPORTS = m.Raised("ModuleNotFoundError", ("ModuleNotFoundError",), "No module named 'x'", "my.py", 1, "")
IMPORTS_OLD = m.Raised(
    "ModuleNotFoundError", ("ModuleNotFoundError",), "No module named 'keras.layers.core'", "my.py", 1, ""
)
SPLIT, SCORE = exercise_of(
    {"split(data, rate)": {"X": "array", "y": "array"}, "score(X)": {"mse": "float"}}
).functions

SENTENCES = [
    s.line_of("my.py", 3),
    s.stopped(SYNTAX, "  x = = 3", 20),
    s.stopped(STOPS, "f()", 20),
    s.stopped(ENDS, "exit()", 20),
    s.stopped(m.Stop("my.py", 3, "SystemExit", ("SystemExit",), "usage: my.py"), "exit()", 20),
    s.stopped(SLOW, "train()", 20),
    s.stopped(FLOODS, "main()", 20),
    s.stopped(ASKS, "input()", 20),
    s.stop_below_its_cell(STOPS),
    s.stop_below_its_cell(FLOODS),
    s.without_ipython(),
    s.load_timed_out(60),
    s.load_crashed(),
    s.cells_timed_out(60),
    s.cells_crashed(),
    s.missing("f"),
    s.missing("f", near="F"),
    s.missing("f", SYNTAX),
    s.missing("f", STOPS),
    s.overwritten("f"),
    s.renamed_parameters("f", {"a": "x"}),
    s.renamed_parameters("f", {"a": "x", "b": "y"}),
    s.keyword_fails("f", ["a", "b"], "a", "x"),
    s.keyword_fails("f", ["a", "b"], "a", ""),
    s.not_callable("f"),
    s.blank("f"),
    s.parameters("f", ["a", "b"], ["b"], []),
    s.parameters("f", ["a", "b"], [], ["c", "d"]),
    s.raised("f", ERROR, True),
    s.raised("f", ERROR, False),
    s.raised("f", ENDS_INSIDE, True),
    s.raised("f", IMPORTS, True),
    s.called_wrongly("step", ["x", "h", "c"], 2, []),
    s.called_wrongly("fit", ["X", "epochs=…"], 1, ["rate", "size"]),
    s.raised("f", IMPORTS_OLD, True),
    s.renamed("`lr=`", "`learning_rate=`", "Keras 3"),
    s.removed("`tf.assign`", "Use `variable.assign(value)`", "TensorFlow 2"),
    s.with_advice(s.raised("f", ERROR, False), s.renamed("`K.mean`", "`keras.ops.mean`", "Keras 3")),
    s.with_advice(s.blank("f"), ""),
    s.eager_off("my.py", 9),
    s.other_dtype("my.py", 9),
    s.no_library("pandas", "numpy and Keras"),
    s.no_library("", "numpy and Keras"),
    s.install_library("pandas", "pandas>=2.2"),
    s.no_network(),
    s.no_files(),
    s.no_access(),
    s.timed_out("f", 10),
    s.printed_too_much("f"),
    s.not_tried_again("f"),
    s.out_of_time(),
    s.out_of_time_here(),
    s.test_timed_out(60),
    s.crashed("f(1)"),
    s.out_of_memory("f"),
    s.bad_reply("f", ""),
    s.bad_reply("f", "the shape of an array is too large"),
    s.wrong_count("f", ["X", "y"], "None"),
    s.wrong_count("f", ["X", "y"], "3"),
    s.wrong_kind("f", "", "a float", "None", ""),
    s.wrong_kind("f", "X", "a numpy array", "a list", ""),
    s.wrong_kind("f", "", "a Keras model", "a value of type Mine", s.REASONS["custom_model"]),
    s.no_error("f", "ValueError", "for an empty series"),
    s.other_error("f", "ValueError", "for an empty series", "IndexError"),
    s.changed("f", ["X"]),
    s.changed("f", ["X", "y"]),
    s.warned("f"),
    s.in_call("f(2)"),
    s.in_one_call("f(2)", 1, 4),
    s.last_call("f(2)", 4),
    s.wrong_shape("X", "(N - L, L, 1)", "whole numbers"),
    s.wrong_shape("X", "(N - L, L, 1)", ""),
    s.wrong_dtype("X", "float64", "whole numbers"),
    s.wrong_keys("grads", "a single step"),
    s.wrong_length("clipped", "a single array"),
    s.no_array('grads["Wx"]', ""),
    s.wrong_values("X does not contain the windows in order", "windows of length 1"),
    s.wrong_values("X does not contain the windows in order.", "windows of length 2"),
    s.happened("f raised IndexError (line 3 of my.py).", "windows of length 1"),
    s.happened("A cell should receive an array", "windows of length 1"),
    s.unusable("f"),
    s.passes_after(["g"]),
    s.passes_after(["g", "h"]),
    s.judge_broken("KeyError in hidden_tests.py, line 3"),
    s.stand_in_method("train_on_batch"),
    s.stand_in_callback("EarlyStopping"),
    s.unknown_callback(),
    s.weighted_fit("sample_weight"),
    s.partial_epochs(),
    s.other_input(),
    s.other_output(),
    s.other_kind_of_input(named=False),
    s.other_connections(),
    s.other_arguments(s.numbered("Attention")),
    s.other_arguments(s.numbered("LSTM", 2)),
    s.other_layers_of_graph(["LSTM", "LSTM", "Dense"]),
    s.extra_layer("Dropout"),
    s.other_layers(["LSTM", "Dense"]),
    s.other_layers(["LSTM"]),
    s.other_inner_layer("Bidirectional", "LSTM"),
    s.other_activation("Dense", "softmax"),
    s.frozen_layer("LSTM"),
    s.other_option("LSTM layer", "dropout", default=True),
    s.other_option("LSTM layer", "units", default=False),
    s.not_compiled(),
    s.is_compiled(),
    s.other_optimizer("Adam"),
    s.other_rate(),
    s.other_loss("mean_squared_error"),
    s.loss_of_logits("sparse_categorical_crossentropy"),
    s.other_loss(""),
    s.other_compile_option("loss_weights"),
    s.other_compile_option(""),
    s.trained(),
    s.optimizer_has_stepped(),
    s.not_independent(),
    s.one_optimizer(),
    s.too_large("make_windows"),
    s.ended_the_judge(),
    s.not_runnable("build_model", "it contains a Conv1D layer, which the page does not support"),
    s.training_timed_out("build_model"),
    s.not_judged("it contains another model", ""),
    s.not_judged("it uses an unsupported operation", "FFT"),
    s.refused_model("its layers do not fit together", ""),
    s.refused_model("its layers do not fit together", "found ndim=2"),
    *(
        s.relation(kind, SPLIT, ["X", "y"], argument="rate", other="y_test", side="last")
        for kind in RelationKind
    ),
    s.relation(RelationKind.REORDERED, SPLIT, ["X", "y"], together=True, sometimes=True),
    s.relation(RelationKind.ROOTED, SCORE, ["mse"]),
    *(s.refused_model(reason, "") for reason in s.REASONS.values() if reason),
]


def test_sentences_are_as_they_were_agreed_on() -> None:
    assert_snapshot("sentences", "\n".join(SENTENCES))


def test_none_is_missing_here() -> None:
    functions = {
        name for name, value in vars(s).items() if callable(value) and value.__module__ == s.__name__
    }
    spoken = {name for name in functions if not name.startswith("_")} - {"place"}
    source = Path(__file__).read_text()
    assert {name for name in spoken if f"s.{name}(" not in source} == set()


def test_a_function_that_python_cannot_read_is_known_by_its_sentence() -> None:
    place = s.line_of(SYNTAX.label, SYNTAX.line)
    assert s.missing("f", SYNTAX).startswith(s.left_out("f", place))
    assert not s.missing("f", STOPS).startswith(s.left_out("f", s.line_of(STOPS.label, STOPS.line)))


def test_the_reason_why_a_function_is_not_defined_names_the_place() -> None:
    for stop in (SYNTAX, STOPS):
        reasons = s.because_of(s.line_of(stop.label, stop.line))
        assert any(reason in s.missing("f", stop) for reason in reasons)
