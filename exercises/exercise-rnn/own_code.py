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
    word = rng.choice(WORDS)
    codes, n = vocabulary(word), len(word)
    good = [(word, codes, 1), (word, codes, n - 1), (word, codes, 2)]
    bad = rng.choice([(word, codes, n), (word, codes, 0), (word + "!", codes, 2)])
    return [*good, bad]


def encode_edges(rng):
    size = rng.randrange(3, 6)
    good = [(np.array([[0, size - 1]]), size, "one_hot"), (np.array([[0, 0]]), size, "scaled"),
            (np.array([[1, size - 1]]), size, "scaled")]  # fmt: skip
    bad = rng.choice(
        [
            (np.array([[0, size]]), size, "one_hot"),
            (np.array([[0, -1]]), size, "scaled"),
            (np.array([[0, 1]]), size, "onehot"),
        ]
    )
    return [*good, bad]


def generate_edges(rng):
    predict, start, length, codes, back, size, mode = generate_call(rng)
    good = [(predict, start, n, codes, back, size, mode) for n in (0, 1)]
    good.append((predict, start[0], length, codes, back, size, mode))
    bad = rng.choice(["", start + "?"])
    return [*good, (predict, bad, length, codes, back, size, mode)]


EDGES = {"make_char_windows": windows_edges, "encode": encode_edges, "generate_text": generate_edges}


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
