"""What tests each sentence of exercise-bidirectional."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
    "": [
        (
            "Write three functions about networks that read a sequence in both directions.",
            SUMMARY,
        ),
        (
            "The first one computes a bidirectional layer step by step, and the second one builds such a "
            "network with Keras.",
            SUMMARY,
        ),
        ("The third one finds out whether a network uses inputs of later steps.", SUMMARY),
        (
            "In the contracts, `B` is the number of sequences, `T` the number of time steps, `F` the number "
            "of features, and `U` the number of units.",
            GIVEN,
        ),
        ("Do not modify the arguments.", "test_rows_belong_to_their_steps test_sequences_of_any_size"),
        ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
    ],
    "bidirectional_forward": [
        (
            "Run one cell forward and one backward over the sequences, and join their states at each step.",
            "test_rows_belong_to_their_steps",
        ),
        ("`X` has shape `(B, T, F)`.", "test_sequences_of_any_size"),
        (
            "`step_f` and `step_b` are functions `step(x, h)` that compute one step of a cell and return its "
            "new state, of shape `(B, U)`.",
            GIVEN,
        ),
        (
            "`x` contains the inputs of one time step, of shape `(B, F)`.",
            "test_cells_read_in_their_order",
        ),
        (
            "`h` is the state that this cell returned last, or `None` in its first call.",
            "test_cells_read_in_their_order",
        ),
        (
            "`step_f` reads the time steps from the first to the last, and `step_b` from the last to the "
            "first.",
            "test_cells_read_in_their_order",
        ),
        ("Call each of them once per time step.", "test_cells_read_in_their_order"),
        (
            "Row `t` of the result joins the states that the two cells have right after they have read step "
            "`t`.",
            "test_rows_belong_to_their_steps",
        ),
        (
            "With `merge='concat'`, the forward state comes first, then the backward state.",
            "test_rows_belong_to_their_steps test_modes_of_merging",
        ),
        (
            "With `'sum'`, they are added, and with `'ave'`, the result is their mean.",
            "test_modes_of_merging",
        ),
        (
            "Return a float64 array of shape `(B, T, 2U)` for `'concat'`, and `(B, T, U)` for the other two "
            "modes.",
            "test_sequences_of_any_size",
        ),
        (
            "Raise `ValueError` for any other mode, and if `X` does not have three axes.",
            "test_other_modes_and_shapes",
        ),
    ],
    "build_bidirectional": [
        (
            "Build and compile a network that reads a whole sequence in both directions and has outputs for "
            "each of its steps.",
            "test_model_is_compiled test_predictions_with_given_weights",
        ),
        ("The input shape is `(T, F)`.", "test_model_structure"),
        (
            "Wrap one `LSTM` layer with `units` units in Keras's `Bidirectional`, which adds the second "
            "direction.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "The layer returns its outputs for all time steps.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "`merge` is its merge mode: `'concat'`, `'sum'` or `'ave'`.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "Then add one `Dense` layer with `n_out` linear outputs, which is applied at each step.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "Compile the model with Adam at its default rate and mean squared error as the loss.",
            "test_model_is_compiled",
        ),
        (
            "Leave everything else at Keras's defaults, the initializers too; names and metrics are up to "
            "you.",
            "test_model_structure test_model_is_compiled",
        ),
        ("Each call returns a new model.", "test_model_structure"),
        ("Do not train it.", "test_model_structure test_model_is_compiled"),
        ("Raise `ValueError` for any other mode.", "test_other_modes_give_no_model"),
    ],
    "is_causal": [
        (
            "Find out whether a network uses later inputs: change inputs, and see which outputs change.",
            SUMMARY,
        ),
        (
            "`predict` takes an array of shape `(n, T, F)`, for any number `n` of sequences, and returns an "
            "array of shape `(n, T, K)`, which has `K` numbers for each time step.",
            "test_whole_networks test_single_numbers test_networks_of_any_size",
        ),
        ("It is like the `predict` method of a Keras model.", GIVEN),
        (
            "Return `True` if no output depends on an input of a later time step, and `False` if at least "
            "one does.",
            "test_whole_networks test_single_steps test_networks_of_any_size",
        ),
        ("An output may depend on the input of its own step.", "test_whole_networks test_single_steps"),
        ("You choose the inputs.", GIVEN),
        (
            "In the tests, the sequences do not influence each other, and equal inputs give equal outputs.",
            GIVEN,
        ),
        (
            "If an output depends on one of the numbers in the input and you change only this number, the "
            "output changes at least as much.",
            GIVEN,
        ),
    ],
}
