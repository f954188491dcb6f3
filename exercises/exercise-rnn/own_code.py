"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import Shown, Wrong, question

WORDS = ["banana", "noon", "level", "papaya", "tomato", "window", "cocoa", "letter", "kayak", "pepper"]


def vocabulary(word):
    return {character: index for index, character in enumerate(sorted(set(word)))}


def windows_call(rng):
    word = rng.choice(WORDS) + rng.choice(WORDS)
    return word, vocabulary(word), rng.randrange(2, 5)


def encode_call(rng):
    size = rng.randrange(4, 9)
    return (
        np.array([[rng.randrange(size) for _ in range(3)] for _ in range(rng.choice([2, 3]))]),
        size,
        rng.choice(["one_hot", "scaled"]),
    )


def generate_call(rng):
    word = rng.choice(WORDS)
    codes = vocabulary(word)
    size, length = len(codes), rng.choice([2, 3])

    def predict(window, **_):
        """Predict the character after the latest one."""
        scaled = np.ravel(window)[-1]
        return np.eye(size)[[(round(float(scaled) * size) + 1) % size]]

    return (
        Shown(predict, "predict_next_index"),
        word[:3],
        rng.choice([4, 5]),
        codes,
        Shown({index: character for character, index in codes.items()}, "idx_to_char"),
        length,
        "scaled",
    )


CALLS = {
    "build_vocabulary": lambda rng: (rng.choice(WORDS) + rng.choice(["", *WORDS]),),
    "make_char_windows": windows_call,
    "encode": encode_call,
    "build_rnn_model": lambda rng: (rng.randrange(3, 9), rng.randrange(3, 9), rng.randrange(2, 8)),
    "generate_text": generate_call,
}


def windows_edges(rng):
    """Windows that are as long as possible, and one that is too long."""
    words = rng.sample(WORDS, 4)
    too_long = rng.choice(words)
    return [(word, vocabulary(word), len(word) - (word != too_long)) for word in words]


def encode_edges(rng):
    """The largest index that is allowed, and one that is too large."""
    sizes = rng.sample(range(3, 9), 4)
    too_small = rng.choice(sizes)
    return [(np.array([[0, n - (n != too_small)]]), n, rng.choice(["one_hot", "scaled"])) for n in sizes]


def bad_windows(rng):
    word = rng.choice(WORDS)
    codes, n = vocabulary(word), len(word)
    return rng.choice([(word, codes, n), (word, codes, 0), (word + "!", codes, 2)])


def bad_codes(rng):
    size = rng.randrange(3, 6)
    calls = [([[0, size]], "one_hot"), ([[0, -1]], "scaled"), ([[0, 1]], "onehot")]
    indices, mode = rng.choice(calls)
    return np.array(indices), size, mode


def bad_start(rng):
    predict, start, length, codes, back, size, mode = generate_call(rng)
    return predict, rng.choice(["", start + "?"]), length, codes, back, size, mode


EDGES = {"make_char_windows": windows_edges, "encode": encode_edges}
RAISING = {"make_char_windows": bad_windows, "encode": bad_codes, "generate_text": bad_start}


@question("build_vocabulary", level=1, kind="number")
def number_of_a_character(code, call):
    """For {call}, which number does your function give to the last character of the text?"""
    (text,) = call
    _, codes, _ = code.run(call)
    yield codes[text[-1]]
    yield Wrong(len(codes) - 1, "That is the number of the last character in sorted order.")
    yield Wrong(len(text) - 1, "That is its position in the text.")
    yield Wrong([*dict.fromkeys(text)].index(text[-1]), "The characters are numbered in sorted order.")
    yield Wrong(codes[text[-1]] + 1, "The numbers start from 0.")


@question("make_char_windows", level=1, kind="number")
def target_of_a_window(code, call):
    """What is `y_idx[2]`, the target of the third window, for {call}?"""
    text, codes, length = call
    _, y = code.run(call)
    yield y[2]
    yield Wrong(codes[text[2]], "That is where the third window starts.")
    yield Wrong(codes[text[length + 1]], "That is the last character inside the third window.")
    yield from code.mistakes(lambda result: result[1][2])


@question("build_rnn_model", level=1, kind="number")
def weights_of_the_rnn(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    _, size, units = call
    yield code.run(call).weights
    yield Wrong(units * (units + size) + units * size, "Both layers have biases, too.")
    yield Wrong(units * (units + size + 1), "The Dense layer has weights, too.")
    yield Wrong(units * (units + size + 1) + units + 1, "The output has one value per character.")


@question("generate_text", level=2, kind="number")
def calls_of_predict(code, call):
    """How many times does {call} call the function that it is given?"""
    _, start, length, *_ = call
    yield len(code.observed(call))
    yield Wrong(length + 1, "One call for each new character is enough.")
    yield Wrong(length - 1, "Each new character needs a call.")
    yield Wrong(length + len(start), "The characters of `start_text` are given, so they need no call.")
