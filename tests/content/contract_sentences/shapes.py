"""What tests each sentence of exercise-shapes."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
    "": [
        ("Write four functions about what goes into recurrent layers and what comes out.", SUMMARY),
        ("Two build models with `keras.Sequential` or `keras.Model(inputs, outputs)`.", ADVICE),
        ("One predicts shapes without Keras.", SUMMARY),
        ("One predicts a long series piece by piece.", SUMMARY),
        ("`T` is the number of time steps, and `F` is the number of features.", GIVEN),
        (
            "Do not modify the arguments: work on copies.",
            "test_chains_of_layers test_nothing_remains_of_earlier_series test_pieces_of_every_length",
        ),
        ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
        ("No function trains a model.", ADVICE),
    ],
    "build_many_to_one": [
        (
            "Build and compile a network that reads a sequence and gives one answer at the end.",
            "test_one_answer",
        ),
        ("The input shape is `(T, F)`.", "test_many_to_one_layers"),
        ("`T` may be `None`: then the model reads sequences of any length.", "test_many_to_one_layers"),
        ("Stack two `SimpleRNN` layers with `units` units each.", "test_many_to_one_layers"),
        ("The second one reads the states of the first one.", "test_answer_from_the_last_state"),
        (
            "Then add one `Dense` layer with `n_out` linear outputs.",
            "test_many_to_one_layers test_answer_from_the_last_state",
        ),
        (
            "Compile the model with Adam and mean squared error as the loss.",
            "test_many_to_one_is_compiled",
        ),
        (
            "Leave everything else at Keras's defaults; names and metrics are up to you.",
            "test_many_to_one_layers test_many_to_one_is_compiled",
        ),
        ("Each call returns a new model.", "test_many_to_one_layers"),
        ("Do not train it.", "test_many_to_one_layers test_many_to_one_is_compiled"),
    ],
    "build_many_to_many": [
        ("Build and compile a network that gives one answer at each step.", "test_an_answer_per_step"),
        ("The input shape is `(T, F)`.", "test_many_to_many_layers"),
        ("`T` may be `None`.", "test_many_to_many_layers"),
        (
            "Add one `SimpleRNN` layer with `units` units, then one `Dense` layer with `n_out` linear "
            "outputs at each step.",
            "test_many_to_many_layers test_answers_do_not_see_the_future",
        ),
        ("All steps share the weights of both layers.", "test_all_steps_share_the_weights"),
        (
            "Compile the model with Adam and mean squared error as the loss.",
            "test_many_to_many_is_compiled",
        ),
        (
            "If `batch_size` is given, the recurrent layer is stateful, and the model reads batches of "
            "exactly this size.",
            "test_states_survive_if_asked",
        ),
        (
            "Otherwise, the layer is not stateful, and the size of a batch is open.",
            "test_states_survive_if_asked",
        ),
        (
            "Leave everything else at Keras's defaults; names and metrics are up to you.",
            "test_many_to_many_layers test_many_to_many_is_compiled",
        ),
        ("Each call returns a new model.", "test_many_to_many_layers"),
        ("Do not train it.", "test_many_to_many_layers test_many_to_many_is_compiled"),
    ],
    "predict_shape": [
        ("Predict the output shape of a chain of layers in plain Python, without Keras.", SUMMARY),
        (
            "`layers_spec` is a list with one dictionary per layer, in order.",
            "test_chains_of_layers test_shapes_of_every_kind",
        ),
        ('The key `"layer"` holds the name of the layer.', GIVEN),
        ("Its options are further keys.", GIVEN),
        (
            'For example, `{"layer": "LSTM", "units": 8, "return_sequences": True}` describes an LSTM '
            "that returns the states of all steps.",
            "test_two_layers",
        ),
        (
            "| layer | options | axes of its input | |---|---|---| | `SimpleRNN`, `LSTM`, `GRU` | `units`,"
            " and `return_sequences`, which is `False` if it is missing | exactly 3 | | `Dense` | `units`"
            " | 2 or more | | `Dropout` | `rate` | 2 or more | | `RepeatVector` | `n` | exactly 2 | |"
            " `Flatten` | none | 2 or more |",
            "test_recurrent_layers test_other_layers",
        ),
        (
            "`input_shape` is a tuple with two or three entries, the number of samples first, such as "
            "`(None, 10, 3)`.",
            GIVEN,
        ),
        (
            "The numbers of samples and of steps may be `None`, which stands for an open length.",
            "test_shapes_of_every_kind test_open_lengths",
        ),
        ("Return the shape of the last output as a tuple of the same form.", "test_shapes_of_every_kind"),
        (
            "It is the shape that Keras gives; section 2.4 has the rules.",
            "test_other_layers test_shapes_of_every_kind",
        ),
        ("Without layers, it is the input shape.", "test_shapes_of_every_kind"),
        (
            "Raise `ValueError` if a name is not in the table, or if a recurrent layer or a "
            "`RepeatVector` layer gets the wrong number of axes.",
            "test_layers_that_do_not_fit",
        ),
    ],
    "stateful_predict": [
        ("Predict a long series piece by piece with a stateful model.", SUMMARY),
        ("`X` has shape `(B, T, F)`: B sequences of T steps.", GIVEN),
        ("`model` has two things that Keras models have.", GIVEN),
        (
            "`model.predict(piece)` returns an array with one prediction per sequence and step of the "
            "piece, and its stateful layers keep their states for the next call.",
            GIVEN,
        ),
        ("`model.layers` is the list of its layers.", GIVEN),
        ("A stateful layer has a method `reset_state()`; other layers do not have it.", GIVEN),
        (
            "The tests pass such an object, not a Keras model, so ask a layer for the method, not for "
            "its class.",
            GIVEN,
        ),
        (
            "First, reset all stateful layers.",
            "test_nothing_remains_of_earlier_series test_pieces_of_every_length",
        ),
        (
            "Then predict pieces of `chunk` steps in the order of time.",
            "test_pieces_make_the_whole test_pieces_have_the_length",
        ),
        ("The last piece is shorter if `chunk` does not divide T.", "test_pieces_have_the_length"),
        ("Each piece contains all B sequences.", "test_pieces_make_the_whole"),
        (
            "Return the predictions for all steps as one array of shape `(B, T, n)`.",
            "test_pieces_make_the_whole test_pieces_of_every_length",
        ),
        (
            "They are those of the whole series in one piece, whatever the model has read before.",
            "test_pieces_make_the_whole test_nothing_remains_of_earlier_series",
        ),
        (
            "Raise `ValueError` if `X` does not have three axes, or if `chunk` is less than 1.",
            "test_impossible_pieces",
        ),
    ],
}
