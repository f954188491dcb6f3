"""What tests each sentence of exercise-bptt."""

from __future__ import annotations

from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY, Sentences

SENTENCES: Sentences = {
    "": [
        (
            "Write the five functions behind section 3: run a simple RNN forward, send the error back "
            "through time, measure how large it is at each state, clip gradients, and truncate the "
            "backward pass.",
            SUMMARY,
        ),
        ("You need nothing but numpy.", ADVICE),
        (
            "Unless a contract says otherwise, arguments and results are numpy arrays.",
            "test_every_sequence test_every_backward_pass test_every_sequence_of_norms test_every_gradient",
        ),
        ("There is at least one step, one feature and one unit.", GIVEN),
        (
            "Do not modify the arguments: work on copies.",
            "test_every_sequence test_every_backward_pass test_every_sequence_of_norms "
            "test_every_gradient test_only_the_last_steps_contribute",
        ),
        ("When you raise a `ValueError`, name the wrong value in its message.", ADVICE),
    ],
    "rnn_forward": [
        ("Run a simple RNN over a sequence and return all of its states.", SUMMARY),
        ("`X` has shape `(T, D)`, one input per row.", GIVEN),
        ("`Wx` has shape `(D, U)`, `Wh` has shape `(U, U)`, and `b` has shape `(U,)`.", GIVEN),
        (
            "An input `x` and a state `h` are rows, as in Keras, so the new state is `tanh(x @ Wx + h "
            "@ Wh + b)`, where `h` is the state before the step.",
            "test_each_state_follows_from_the_one_before test_every_sequence",
        ),
        ("Return `H`, a float64 array of shape `(T + 1, U)`.", "test_every_sequence"),
        (
            "Row 0 is the state before the first step, which is zero.",
            "test_each_state_follows_from_the_one_before test_every_sequence",
        ),
        (
            "Row `t` is the state after step `t`, so `X[t - 1]` leads from `H[t - 1]` to `H[t]`.",
            "test_each_state_follows_from_the_one_before test_every_sequence",
        ),
    ],
    "rnn_backward": [
        (
            "Send the error back through all steps and return the gradients of the loss.",
            "test_gradients_of_the_weights test_gradients_of_the_inputs",
        ),
        (
            "`X`, `Wx` and `Wh` are those of `rnn_forward`, and `H` holds the states that it "
            "computed, except that row 0 need not be zero.",
            "test_gradients_of_the_weights test_every_backward_pass",
        ),
        (
            "The loss depends only on the last state.",
            "test_gradients_of_the_weights test_gradients_of_the_inputs",
        ),
        ("`dh_T`, of shape `(U,)`, is the gradient of the loss for that state, `H[T]`.", GIVEN),
        ("Return a dict of four float64 arrays.", "test_every_backward_pass"),
        (
            'The gradients of the loss for the weights, `"Wx"`, `"Wh"` and `"b"`, have the shapes of '
            "these weights.",
            "test_gradients_of_the_weights test_every_backward_pass",
        ),
        (
            '`"x"`, of shape `(T, D)`, holds the gradients for the inputs, one row per input, in the '
            "order of `X`.",
            "test_gradients_of_the_inputs test_every_backward_pass",
        ),
    ],
    "gradient_norms": [
        ("Measure the gradient of the loss at every state of a sequence.", SUMMARY),
        ("`Wh` has shape `(U, U)`.", GIVEN),
        ("`H` has shape `(T + 1, U)` and contains states as in `rnn_backward`.", GIVEN),
        (
            "`dh_T`, of shape `(U,)`, is the gradient of the loss for the last state, on which alone "
            "the loss depends.",
            GIVEN,
        ),
        (
            "Return a float64 array of shape `(T + 1,)`: entry `t` is the Euclidean norm of the "
            "gradient of the loss for the state `H[t]`.",
            "test_powers_of_the_factor test_norms_of_real_states test_every_sequence_of_norms",
        ),
        ("The last entry is therefore the norm of `dh_T`.", "test_powers_of_the_factor"),
    ],
    "clip_by_global_norm": [
        ("Scale several gradients down together if their common norm is larger than a limit.", SUMMARY),
        ("`grads` is a list of arrays with any number of axes, at least one.", GIVEN),
        (
            "Their common norm is the Euclidean norm of all their numbers taken together.",
            "test_one_factor_for_all test_every_gradient",
        ),
        (
            "If it is larger than `max_norm`, multiply all arrays by the one factor that brings it to "
            "`max_norm`.",
            "test_one_factor_for_all test_every_gradient",
        ),
        ("Otherwise, keep their values.", "test_every_gradient"),
        (
            "Return `(clipped, norm)`: a list of the resulting arrays, in the same order and shapes, "
            "and the common norm *before* clipping, as a float.",
            "test_one_factor_for_all test_every_gradient",
        ),
        ("Raise `ValueError` if `max_norm` is not above 0.", "test_impossible_limits_are_refused"),
    ],
    "truncated": [
        ("Send the error back through the last `k` steps only.", SUMMARY),
        ("The other arguments are those of `rnn_backward`.", GIVEN),
        ("Return a dict with the same keys and shapes.", "test_only_the_last_steps_contribute"),
        (
            'Only the last `k` steps contribute to `"Wx"`, `"Wh"` and `"b"`.',
            "test_only_the_last_steps_contribute",
        ),
        ('The rows of `"x"` that belong to earlier steps are zero.', "test_only_the_last_steps_contribute"),
        ("The states stay as they are: only the way back is cut.", "test_only_the_last_steps_contribute"),
        (
            "If the sequence has `k` steps or fewer, the result is that of `rnn_backward`.",
            "test_only_the_last_steps_contribute",
        ),
        ("Raise `ValueError` if `k` is less than 1.", "test_impossible_numbers_of_steps_are_refused"),
    ],
}
