"""What tests each sentence of exercise-attention."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
    "": [
        ("Write two functions.", SUMMARY),
        ("The first computes attention with numpy and shows who looks at what.", SUMMARY),
        ("The second builds a network in which the steps of a sequence look at each other.", SUMMARY),
        (
            "Arguments and results of the first function are numpy arrays, apart from `scale` and a mask of "
            "`None`.",
            "test_attention_of_every_size test_every_kind_of_values_and_masks",
        ),
        (
            "Do not modify the arguments: work on copies.",
            "test_out_is_the_weighted_average_of_the_values test_attention_of_every_size",
        ),
        ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
        ("No function trains a model.", ADVICE),
        ("Training happens only when you run the file as a program.", ADVICE),
    ],
    "attention": [
        ("Compute dot-product attention for a batch of sequences.", SUMMARY),
        ("`q` has shape `(B, Tq, d)`, with a query for each of `Tq` steps.", GIVEN),
        (
            "`k` has shape `(B, Tk, d)`, and `v` has shape `(B, Tk, dv)`, with a key and a value for each of "
            "`Tk` steps.",
            GIVEN,
        ),
        ("They hold floats or whole numbers.", "test_attention_of_every_size"),
        (
            "The score of a query and a key is their dot product.",
            "test_weights_are_a_softmax_over_the_keys",
        ),
        (
            "If `scale` is True, divide every score by the square root of `d`.",
            "test_scores_are_divided_by_the_root_of_d test_every_kind_of_values_and_masks",
        ),
        (
            "The weights of a query are the softmax of its scores, taken over the keys.",
            "test_weights_are_a_softmax_over_the_keys test_attention_of_every_size",
        ),
        (
            "Scores can be anything from -1e8 to 1e8, and the softmax must not overflow.",
            "test_scores_of_any_size",
        ),
        (
            "The result of a query is the average of the values with these weights.",
            "test_out_is_the_weighted_average_of_the_values test_pairs_may_come_in_any_order",
        ),
        (
            "`mask` is None or a boolean array of shape `(B, Tq, Tk)`.",
            "test_every_kind_of_values_and_masks",
        ),
        (
            "True at `[b, i, j]` means that query `i` of sequence `b` may look at key `j`.",
            "test_hidden_keys_play_no_part test_every_kind_of_values_and_masks",
        ),
        (
            "All other keys get a weight of 0 for this query, and the weights of the allowed keys add up "
            "to 1.",
            "test_hidden_keys_play_no_part",
        ),
        ("Return `(out, weights)`.", "test_attention_of_every_size"),
        (
            "`out` has shape `(B, Tq, dv)`, and `weights` has shape `(B, Tq, Tk)`.",
            "test_attention_of_every_size",
        ),
        (
            "Raise `ValueError` if `q`, `k` or `v` does not have three axes, if `B`, `d` or `Tk` is not the "
            "same in all arrays that have it, if `mask` has another shape, or if it leaves a query no key.",
            "test_what_does_not_fit_is_refused",
        ),
    ],
    "build_attention_model": [
        ("Build and compile a network in which the steps of a sequence look at each other.", SUMMARY),
        ("The input shape is `(seq_length, n_features)`.", "test_model_structure"),
        (
            "Add one `LSTM` layer with `units` units that returns its states at all steps.",
            "test_model_structure test_order_matters test_predictions_with_given_weights",
        ),
        (
            "One `Attention` layer of Keras gets these states as queries and as values; they are also the "
            "keys.",
            "test_model_structure test_predictions_with_given_weights",
        ),
        ("Average its results over the steps.", "test_predictions_with_given_weights"),
        (
            "A `Dense` layer with `n_out` linear outputs reads this average.",
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
}
