"""What tests each sentence of exercise-seq2seq."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
    "": [
        ("Write the three functions behind a program that reads a word and writes it backward.", SUMMARY),
        (
            "They prepare the decoder's training data, build the network, and let the trained decoder write.",
            SUMMARY,
        ),
        (
            "Do not modify the arguments.",
            "test_inputs_are_one_step_behind test_every_set_of_targets test_it_stops "
            "test_every_decoder_and_state",
        ),
        ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
        ("No function trains a model.", ADVICE),
        ("Training happens only when you run the file as a program.", ADVICE),
    ],
    "teacher_forcing": [
        ("Make the decoder's inputs and targets for training.", SUMMARY),
        (
            "`target_idx` has shape `(n, T)` and contains `n` sequences of `T` indices, each "
            "with its end symbol.",
            GIVEN,
        ),
        (
            "At every step, the decoder should predict the symbol of that step.",
            "test_inputs_are_one_step_behind test_every_set_of_targets",
        ),
        (
            "It reads the *right* symbol of the step before, and `start_id` at the first step.",
            "test_inputs_are_one_step_behind test_every_set_of_targets",
        ),
        ("Return `(dec_in, dec_out)`: what the decoder reads and what it should predict.", SUMMARY),
        ("Both are int64 arrays of shape `(n, T)`.", "test_every_set_of_targets"),
        (
            "Raise `ValueError` if `target_idx` does not have two dimensions, or if it contains `start_id`.",
            "test_impossible_targets_are_refused",
        ),
    ],
    "build_seq2seq": [
        ("Build and compile an encoder and a decoder as one functional model.", "test_model_structure"),
        (
            "The model takes a list of two inputs: first the source, of shape `(None, "
            "src_vocab)`, then the decoder's input, of shape `(None, tgt_vocab)`.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "Both are sequences of one-hot vectors, of any length.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "The encoder is one `LSTM` layer with `units` units that reads the source.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "The decoder is another such layer that reads the second input.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "It starts from the last hidden state and the last cell state of the encoder, and "
            "returns its output at every step.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "One `Dense` layer with a softmax turns each output into `tgt_vocab` probabilities.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        (
            "Compile the model with Adam at `learning_rate` and the loss "
            "`sparse_categorical_crossentropy`, because the targets are indices.",
            "test_model_is_compiled",
        ),
        (
            "Leave everything else at Keras's defaults, the initializers too; names and metrics "
            "are up to you.",
            "test_model_structure test_model_is_compiled",
        ),
        ("Each call returns a new model.", "test_model_structure"),
        ("Do not train it.", "test_model_structure test_model_is_compiled"),
    ],
    "greedy_decode": [
        ("Generate a sequence with a trained decoder, one symbol at a time.", SUMMARY),
        ("`step(symbol, state)` runs the decoder for one step.", GIVEN),
        ("It takes the index of a symbol, an int, and a state.", GIVEN),
        (
            "It returns `(probabilities, new_state)`, where `probabilities` is an array of shape `(V,)`.",
            GIVEN,
        ),
        ("`state` is what the encoder passes on.", GIVEN),
        ("A state may be of any type: only pass it on.", "test_every_decoder_and_state"),
        ("The first symbol that `step` receives is `start_id`.", "test_symbols_and_states_are_fed_back"),
        (
            "After that, each step receives the most probable symbol and the state of the step before.",
            "test_symbols_and_states_are_fed_back",
        ),
        (
            "Stop as soon as `end_id` is the most probable symbol, or when there are `max_len` symbols.",
            "test_it_stops test_every_decoder_and_state",
        ),
        ("Do not call `step` again after that.", "test_it_stops"),
        (
            "Return a list of the generated symbols, without `start_id` and `end_id`.",
            "test_it_stops test_every_decoder_and_state",
        ),
        ("Raise `ValueError` if `max_len` is less than 1.", "test_impossible_lengths_are_refused"),
    ],
}
