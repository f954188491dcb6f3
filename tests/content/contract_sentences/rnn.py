"""What tests each sentence of exercise-rnn."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
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
}
