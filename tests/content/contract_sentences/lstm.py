"""What tests each sentence of exercise-lstm."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
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
            "`window` has shape `(L,)` and contains the latest known values, with the most recent one last.",
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
}
