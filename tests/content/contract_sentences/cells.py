"""What tests each sentence of exercise-cells."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

_SIZES = "test_simple_rnn_of_any_size test_lstm_of_any_size test_gru_of_any_size test_states_after_every_step"
_LARGE = "Numbers of any size give right state{}, without a `RuntimeWarning` from numpy."
_REFUSED = "Raise `ValueError` if an argument does not have the shape given here."

SENTENCES: Sentences = {
    "": [
        (
            "Write one step of a simple RNN, an LSTM and a GRU, and a function that runs a cell over "
            "sequences.",
            SUMMARY,
        ),
        (
            "With the same weights, your states are those of Keras's layers.",
            "test_five_steps_of_keras_simple_rnn test_five_steps_of_keras_lstm test_five_steps_of_keras_gru",
        ),
        (
            "`B` is the number of sequences that are read side by side, `D` the number of features per step, "
            "and `U` the number of units.",
            GIVEN,
        ),
        ("Each row belongs to one sequence.", GIVEN),
        (
            "The weights have the order and the shapes in which Keras stores them: one column per unit, with "
            "the blocks side by side.",
            GIVEN,
        ),
        ("All arrays are float64 arrays of numpy.", _SIZES),
        ("Do not modify the arguments: work on copies.", _SIZES),
        ("When you raise a `ValueError`, name the wrong shape in its message.", ADVICE),
        ("Use numpy only, without Keras.", ADVICE),
    ],
    "rnn_step": [
        ("Compute one step of a simple RNN.", "test_simple_rnn_of_any_size"),
        ("`x` has shape `(B, D)`, and the old state `h` has shape `(B, U)`.", GIVEN),
        ("`Wx` has shape `(D, U)`, `Wh` has shape `(U, U)`, and `b` has shape `(U,)`.", GIVEN),
        (
            "The activation is tanh, as in Keras's `SimpleRNN`.",
            "test_five_steps_of_keras_simple_rnn test_simple_rnn_of_any_size",
        ),
        ("Return the new state `h_next`, of shape `(B, U)`.", "test_simple_rnn_of_any_size"),
        (_REFUSED, "test_shapes_that_do_not_fit_a_simple_rnn"),
    ],
    "lstm_step": [
        ("Compute one step of an LSTM.", "test_lstm_of_any_size"),
        ("`x` has shape `(B, D)`, and the old states `h` and `c` have shape `(B, U)`.", GIVEN),
        ("`Wx` has shape `(D, 4U)`, `Wh` has shape `(U, 4U)`, and `b` has shape `(4U,)`.", GIVEN),
        (
            "Their columns are four blocks of `U` columns, in Keras's order: input gate, forget gate, "
            "candidate, output gate.",
            "test_five_steps_of_keras_lstm test_the_gates_keep_or_replace_the_cell_state",
        ),
        (
            "Gates use the sigmoid, the candidate and the output tanh.",
            "test_lstm_of_any_size test_the_output_is_limited",
        ),
        ("Return the new states `(h_next, c_next)`, each of shape `(B, U)`.", "test_lstm_of_any_size"),
        (_LARGE.format("s"), "test_large_numbers_in_an_lstm"),
        (_REFUSED, "test_shapes_that_do_not_fit_an_lstm"),
    ],
    "gru_step": [
        (
            "Compute one step of a GRU, as Keras computes it by default (`reset_after=True`).",
            "test_five_steps_of_keras_gru test_gru_of_any_size",
        ),
        ("`x` has shape `(B, D)`, and the old state `h` has shape `(B, U)`.", GIVEN),
        ("`Wx` has shape `(D, 3U)`, and `Wh` has shape `(U, 3U)`.", GIVEN),
        (
            "Their columns are three blocks of `U` columns, in Keras's order: update gate, reset gate, "
            "candidate.",
            "test_the_update_gate_keeps_or_replaces test_gru_of_any_size",
        ),
        (
            "`b` has shape `(2, 3U)`: its first row is added to what comes from `x`, its second row to what "
            "comes from `h`.",
            "test_five_steps_of_keras_gru test_gru_of_any_size",
        ),
        ("Return the new state `h_next`, of shape `(B, U)`.", "test_gru_of_any_size"),
        (_LARGE.format("").replace("give right", "give the right"), "test_large_numbers_in_a_gru"),
        (_REFUSED, "test_shapes_that_do_not_fit_a_gru"),
    ],
    "run_layer": [
        ("Run a cell over sequences, step by step.", "test_each_step_is_run_once"),
        (
            "`X` has shape `(B, T, D)`, with at least one step, and the first state `h0` has shape `(B, U)`.",
            GIVEN,
        ),
        ("`weights` is a tuple of arrays.", GIVEN),
        (
            "Without `c0`, call `step(x, h, *weights)` once per time step, where `x` has shape `(B, D)`.",
            "test_each_step_is_run_once test_states_after_every_step",
        ),
        ("It returns the new `h`.", GIVEN),
        (
            "With `c0`, of shape `(B, U)`, call `step(x, h, c, *weights)`, which returns the new `(h, c)`.",
            "test_states_with_a_cell_state",
        ),
        (
            "Each step receives the states that the step before has returned.",
            "test_states_after_every_step test_states_with_a_cell_state",
        ),
        (
            "Return `H`, the states `h` after every step, as an array of shape `(B, T, U)`.",
            "test_states_after_every_step test_states_with_a_cell_state",
        ),
        (
            "Raise `ValueError` if `X` does not have three axes, or if `h0` or `c0` does not have `B` rows.",
            "test_sequences_without_a_fitting_state",
        ),
    ],
}
