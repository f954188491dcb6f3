"""What tests each sentence of exercise-gru."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
    "": [
        (
            "Write the four functions behind the lesson's comparison: one builder for all three cells, "
            "two functions that count weights without Keras, and the comparison itself.",
            SUMMARY,
        ),
        (
            "A cell's `kind` is `'rnn'`, `'lstm'` or `'gru'`, which stands for the Keras layer "
            "`SimpleRNN`, `LSTM` or `GRU`.",
            "test_model_structure",
        ),
        ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
        ("Do not modify the arguments.", "test_sizes_and_lists"),
        ("The tests do not check which cell wins, because it depends on the conditions.", GIVEN),
    ],
    "build_model": [
        (
            "Build and compile a network that reads a window and predicts the next value.",
            "test_model_is_compiled test_predictions_with_given_weights",
        ),
        ("The input shape is `(seq_length, n_features)`.", "test_model_structure"),
        (
            "Add one recurrent layer of this `kind` with `units` units and Keras's defaults for the "
            "rest, then one `Dense` layer with a single linear output.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "Compile the model with Adam at `learning_rate` and mean squared error as the loss.",
            "test_model_is_compiled",
        ),
        (
            "Leave everything else at Keras's defaults, the initializers too; names and metrics are up "
            "to you.",
            "test_model_structure test_model_is_compiled",
        ),
        (
            "Each call returns a new model with its own optimizer.",
            "test_each_model_has_its_own_optimizer",
        ),
        ("Do not train it.", "test_model_structure test_model_is_compiled"),
        ("Raise `ValueError` for any other kind.", "test_other_kinds_are_no_models"),
    ],
    "count_params": [
        (
            "Count the weights of one recurrent layer with a formula, without Keras.",
            "test_simple_rnn_and_lstm test_gru test_small_and_large_layers",
        ),
        (
            "Count the biases too, but not the output layer.",
            "test_simple_rnn_and_lstm test_gru test_small_and_large_layers",
        ),
        (
            "`reset_after` affects only the GRU and has the same meaning as in Keras, where `True` is "
            "the default.",
            "test_reset_after test_small_and_large_layers",
        ),
        ("Raise `ValueError` for any other kind.", "test_small_layers_and_other_kinds"),
    ],
    "match_units": [
        (
            "Find the largest number of units whose recurrent layer stays within a budget of weights.",
            "test_random_budgets test_budgets_of_every_size",
        ),
        (
            "The layer uses Keras's defaults (for the GRU, `reset_after=True`) and may have at most "
            "`budget` weights.",
            "test_budgets_at_the_edge test_budgets_of_every_size",
        ),
        ("Return the number of units as an int.", "test_budgets_of_every_size"),
        (
            "Raise `ValueError` if not even one unit fits, and for any other kind.",
            "test_budgets_too_small",
        ),
    ],
    "compare": [
        (
            "Train several kinds of model under the same conditions and measure each run.",
            "test_conditions_are_the_same",
        ),
        (
            "`builders` is a dict from names to functions: `builder(seed)` returns a fresh, compiled model.",
            GIVEN,
        ),
        ("`data` is `(X_train, X_test, y_train, y_test)`, and the targets have shape `(n,)`.", GIVEN),
        (
            "For each name and each of the `seeds`, build a fresh model.",
            "test_each_run_has_a_fresh_model test_conditions_are_the_same test_unusual_comparisons",
        ),
        (
            "Train it on the training data for `epochs` epochs, with a single call to `fit`.",
            "test_each_run_has_a_fresh_model test_conditions_are_the_same",
        ),
        (
            "After training, measure its mean squared error on the training data and on the test data.",
            "test_training_errors test_test_errors",
        ),
        ("Return a dict with one entry per name.", "test_sizes_and_lists"),
        (
            'Each entry is a dict with these keys: - `"train_mse"` and `"test_mse"`: lists of floats, '
            "one per seed, in the order of `seeds`",
            "test_training_errors test_test_errors test_sizes_and_lists test_unusual_comparisons",
        ),
        ('- `"params"`: the number of weights of one such model, as an int', "test_sizes_and_lists"),
        (
            "The models have the methods `fit`, `predict`, `evaluate` and `count_params`, as in Keras.",
            GIVEN,
        ),
        (
            "`predict` returns an array of shape `(n, 1)`, and `evaluate` returns the mean squared error.",
            GIVEN,
        ),
        ("The tests use small stand-ins that have only these four methods.", GIVEN),
        (
            "The batch size, validation, and the order in which you visit names and seeds are up to you.",
            GIVEN,
        ),
        (
            "Use no callbacks and no weights for samples: all training data count the same, in every epoch.",
            ADVICE,
        ),
    ],
}
