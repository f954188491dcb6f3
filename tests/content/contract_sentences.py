"""What tests each sentence of the contracts: exercise -> function -> (sentence, tests).

The sentences of a function, joined, are its text in `exercise.yaml`. In the place of tests,
GIVEN marks what the tests promise to the learner, ADVICE what no test can or should ask, and
SUMMARY a sentence that the next ones spell out.
"""

from __future__ import annotations

GIVEN = "given"
ADVICE = "advice"
SUMMARY = "summary"

Sentences = dict[str, list[tuple[str, str]]]

CONTRACTS: dict[str, Sentences] = {
    "exercise-rnn": {
        "": [
            ("Write the five functions behind the lesson's first program.", SUMMARY),
            ("They turn a text into numbers and windows, build a network, and generate new text.", SUMMARY),
            (
                "Do not modify the arguments, and do not use global variables: each function receives "
                "everything it needs.",
                "test_texts_of_any_characters test_windows_of_every_length test_windows_of_every_shape"
                " test_every_start_and_length",
            ),
            ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
            ("No function trains a model.", ADVICE),
            ("Training happens only when you run the file as a program.", ADVICE),
        ],
        "build_vocabulary": [
            (
                "Number the distinct characters of a text in sorted order, starting from 0.",
                "test_characters_are_sorted test_there_and_back test_texts_of_any_characters",
            ),
            (
                "Return `(chars, char_to_idx, idx_to_char)`: the sorted list of the `V` distinct characters, "
                "a dictionary from character to index, and a dictionary from index to character.",
                "test_characters_are_sorted test_there_and_back test_texts_of_any_characters",
            ),
            ("Raise `ValueError` if `text` is empty.", "test_empty_texts_are_refused"),
        ],
        "make_char_windows": [
            (
                "Cut a text into overlapping windows of indices, each paired with the index that follows it.",
                "test_windows_follow_each_other test_targets_follow_their_windows",
            ),
            ("With `L = seq_length`, there are `n = len(text) - L` windows.", "test_windows_of_every_length"),
            ("Return `(X_idx, y_idx)`.", "test_windows_of_every_length"),
            ("`X_idx` has shape `(n, L)`, and `y_idx` has shape `(n,)`.", "test_windows_of_every_length"),
            ("Both are int64 arrays.", "test_windows_of_every_length"),
            (
                "The indices come from `char_to_idx`, which may contain characters that are not in the text.",
                "test_windows_of_every_length test_windows_follow_each_other",
            ),
            (
                "Raise `ValueError` if `seq_length` is less than 1 or if there would be no windows.",
                "test_impossible_texts_are_refused",
            ),
            (
                "Also raise it if the text contains a character that is not in `char_to_idx`.",
                "test_impossible_texts_are_refused",
            ),
        ],
        "encode": [
            ("Turn windows of indices into the input of a network, in one of two forms.", SUMMARY),
            ("`X_idx` has shape `(n, L)`, and `V` stands for `vocab_size`.", GIVEN),
            ("The result is a float32 array.", "test_windows_of_every_shape"),
            ('- `mode="one_hot"`: shape `(n, L, V)`.', "test_one_hot test_windows_of_every_shape"),
            (
                "Each character becomes a row of zeros with a single 1 at its index.",
                "test_one_hot test_windows_of_every_shape",
            ),
            ('- `mode="scaled"`: shape `(n, L, 1)`.', "test_scaled test_windows_of_every_shape"),
            (
                "Each character becomes its index divided by `V`.",
                "test_scaled test_windows_of_every_shape",
            ),
            (
                "Raise `ValueError` for any other mode, or if an index is outside 0 to `V - 1`.",
                "test_strange_indices_are_refused",
            ),
        ],
        "build_rnn_model": [
            (
                "Build and compile a network that reads a window and gives each possible next character a "
                "probability.",
                "test_model_is_compiled test_predictions_with_given_weights",
            ),
            (
                "The input shape is `(seq_length, features)`, where `features` is the number of values per "
                "time step.",
                "test_other_features",
            ),
            ("`None` means `vocab_size`, as for one-hot input.", "test_model_structure"),
            (
                "Add one `SimpleRNN` layer with `units` units and its default tanh, then one `Dense` layer "
                "with `vocab_size` outputs and softmax.",
                "test_model_structure test_predictions_with_given_weights",
            ),
            (
                "Compile the model with Adam at `learning_rate` and the loss for one-hot targets.",
                "test_model_is_compiled",
            ),
            (
                "Leave everything else at Keras's defaults, the initializers too; names and metrics are up "
                "to you.",
                "test_model_structure test_model_is_compiled",
            ),
            ("Each call returns a new model.", "test_model_structure"),
            ("Do not train it.", "test_model_structure test_model_is_compiled"),
        ],
        "generate_text": [
            (
                "Generate text: predict a character, append it, move the window forward by one, repeat.",
                "test_the_window_moves",
            ),
            (
                "Return `start_text` followed by `length` new characters; `length` may be 0.",
                "test_the_whole_text_comes_back test_every_start_and_length",
            ),
            ("Let `L = seq_length` and `V = len(char_to_idx)`.", GIVEN),
            (
                '`predict` takes an array of shape `(1, L, V)`, or `(1, L, 1)` for `mode="scaled"`, encoded '
                "as in `encode`.",
                "test_the_window_moves test_scaled_windows",
            ),
            (
                "It returns an array of shape `(1, V)`: the probabilities of the next character, all greater "
                "than 0.",
                GIVEN,
            ),
            (
                "`predict` receives the latest `L` characters of the text, with the newest one last.",
                "test_the_window_moves test_long_starts",
            ),
            (
                "If there are fewer, the empty positions are on the left, and all their values are 0, in "
                "both modes.",
                "test_short_starts test_scaled_windows",
            ),
            (
                "At `temperature` 0, take the most probable character.",
                "test_the_whole_text_comes_back test_every_start_and_length",
            ),
            (
                "At a temperature `T` above 0, draw a character with the numpy `Generator` passed as `rng`.",
                "test_temperature",
            ),
            ("Its probabilities are `p ** (1 / T)`, divided by their sum.", "test_temperature"),
            ("The same state of `rng` then gives the same text.", "test_a_run_can_be_repeated"),
            (
                "Raise `ValueError` if `start_text` is empty or contains a character that is not in "
                "`char_to_idx`.",
                "test_impossible_starts_are_refused",
            ),
        ],
    },
    "exercise-lstm": {
        "": [
            ("Write the six functions behind the lesson's forecasting program.", SUMMARY),
            (
                "They cut a series into windows, split the windows, score a baseline, build a network, make "
                "a forecast, and plot it.",
                SUMMARY,
            ),
            (
                "Unless a contract says otherwise, arguments and results are numpy arrays.",
                "test_sequences_have_the_promised_shapes test_windows_are_counted test_forecast_shape",
            ),
            (
                "Do not modify the arguments: work on copies.",
                "test_sequences_have_the_promised_shapes test_windows_are_counted test_every_baseline"
                " test_forecast_shape test_lines_show_the_values",
            ),
            ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
            ("No function trains a model.", ADVICE),
            ("Training happens only when you run the file as a program.", ADVICE),
        ],
        "create_sequences": [
            (
                "Cut a series into overlapping windows, each paired with the value that follows it.",
                "test_windows_hold_consecutive_values test_each_target_follows_its_window",
            ),
            ("`data` has shape `(N,)`.", GIVEN),
            ("With `L = seq_length`, there are `N - L` windows.", "test_sequences_have_the_promised_shapes"),
            ("Return `(X, y)`.", "test_sequences_have_the_promised_shapes"),
            (
                "`X` is a float64 array of shape `(N - L, L, 1)`, with one feature per time step.",
                "test_sequences_have_the_promised_shapes",
            ),
            ("`y` has shape `(N - L,)`.", "test_sequences_have_the_promised_shapes"),
            (
                "Raise `ValueError` if `data` is not one-dimensional or contains NaN, if `seq_length` is "
                "less than 1, or if there would be no windows.",
                "test_impossible_series_are_refused",
            ),
        ],
        "split_train_test": [
            (
                "Split windows and targets into an earlier part for training and a later part for testing.",
                "test_the_past_trains_the_future_tests",
            ),
            (
                "With `n` windows, the first `int(n * train_fraction)` are for training, and the rest are "
                "for testing.",
                "test_the_past_trains_the_future_tests test_windows_are_counted",
            ),
            ("Keep them in order.", "test_the_past_trains_the_future_tests test_windows_are_counted"),
            ("Return `(X_train, X_test, y_train, y_test)`.", "test_windows_are_counted"),
            (
                "Raise `ValueError` if either part would be empty, as it would be for a fraction above 1.",
                "test_empty_parts_are_refused",
            ),
        ],
        "persistence_mse": [
            ("Score the simplest possible forecast: tomorrow will be like today.", SUMMARY),
            ("`X` has shape `(n, L, 1)`, and `y` has shape `(n,)`.", GIVEN),
            (
                "The forecast for a window is its last value.",
                "test_baseline_on_other_series test_every_baseline",
            ),
            (
                "Return the mean squared error of these forecasts as a float.",
                "test_baseline_on_other_series test_every_baseline",
            ),
        ],
        "build_lstm_model": [
            (
                "Build and compile a network that reads a window and predicts the next value.",
                "test_model_can_learn_the_sine",
            ),
            ("The input shape is `(seq_length, n_features)`.", "test_model_structure"),
            (
                "Add one `LSTM` layer with `units` units and its default tanh, then one `Dense` layer with a "
                "single linear output.",
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
            ("Each call returns a new model.", "test_model_structure"),
            ("Do not train it.", "test_model_structure test_model_is_compiled"),
        ],
        "forecast": [
            (
                "Forecast several steps ahead by feeding each prediction back in.",
                "test_predictions_are_fed_back test_forecast_shape",
            ),
            (
                "`predict` takes an array of shape `(1, L, 1)` and returns one of shape `(1, 1)`, like the "
                "`predict` method of a Keras model.",
                "test_predict_sees_windows",
            ),
            (
                "`window` has shape `(L,)` and contains the latest known values, with the most recent one "
                "last.",
                GIVEN,
            ),
            ("Return the next `steps` values as an array of shape `(steps,)`.", "test_forecast_shape"),
            ("`steps` is at least 1.", GIVEN),
        ],
        "plot_forecast": [
            (
                "Plot the series and both sets of predictions on the same time axis.",
                "test_lines_show_the_values test_predictions_stand_at_their_times",
            ),
            ("`times` and `data` have shape `(N,)`.", GIVEN),
            ("The predictions have shape `(n,)` or `(n, 1)`.", GIVEN),
            (
                "They belong to the windows of `create_sequences(data, seq_length)`, in the same order: "
                "first the training part, then the test part.",
                "test_predictions_stand_at_their_times",
            ),
            (
                "Return a new matplotlib `Figure` with three lines, each with its own label, and a legend.",
                "test_lines_can_be_told_apart",
            ),
        ],
    },
    "exercise-gru": {
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
                "`builders` is a dict from names to functions: `builder(seed)` returns a fresh, compiled "
                "model.",
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
                "`predict` returns an array of shape `(n, 1)`, and `evaluate` returns the mean squared "
                "error.",
                GIVEN,
            ),
            ("The tests use small stand-ins that have only these four methods.", GIVEN),
            (
                "The batch size, validation, and the order in which you visit names and seeds are up to you.",
                GIVEN,
            ),
            (
                "Use no callbacks and no weights for samples: all training data count the same, in every "
                "epoch.",
                ADVICE,
            ),
        ],
    },
}
