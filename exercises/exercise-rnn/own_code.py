"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import Shown, Wrong, question

WORDS = ["banana", "noon", "level", "papaya", "tomato", "window", "cocoa", "letter", "kayak", "pepper"]
CODINGS = ["one_hot", "scaled"]


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
        rng.choice(CODINGS),
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
    """Windows that are as long or as short as possible, and some that are too long or too short."""
    right = [(word, rng.choice([-1, -1, -2, 1 - len(word)])) for word in rng.choices(WORDS, k=9)]
    wrong = [(word, rng.choice([0, 0, 1, -len(word)])) for word in rng.choices(WORDS, k=6)]
    return [(word, vocabulary(word), len(word) + more) for word, more in (*right, *wrong)]


def encode_edges(rng):
    """The largest index that is allowed, and indices that are too large or too small."""
    right = [(n, [0, n - 1], rng.choice(CODINGS)) for n in rng.choices(range(3, 13), k=9)]
    wrong = [
        (n, rng.choice([[0, n], [0, n], [-1, n - 1]]), rng.choice(CODINGS))
        for n in rng.choices(range(3, 13), k=6)
    ]
    return [(np.array([rng.sample(pair, 2)]), n, mode) for n, pair, mode in (*right, *wrong)]


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


def same_characters(rng):
    """Neither the order nor the number of the characters matters, only which ones there are."""
    word = rng.choice([each for each in WORDS if len({*each}) > 2])
    known, unknown = sorted({*word}), [each for each in "cdgisuxz" if each not in word]

    def text(characters):
        more = rng.choices(characters, k=rng.randrange(4))
        return ("".join(rng.sample([*characters, *more], len(characters) + len(more))),)

    same = [text(known) for _ in range(7)]
    other = [text([*known, rng.choice(unknown)]) for _ in range(3)]
    for _ in range(4):
        fewer = rng.sample(known, len(known) - 1)
        other += [text(fewer), text([*fewer, rng.choice(unknown)])]
    return (word,), [*same, *other]


def same_codes(rng):
    """The numbers matter, not the characters, and not the order in which a dictionary lists them."""
    word, length = rng.choice([each for each in WORDS if len({*each}) in (3, 4)]), rng.choice([2, 3])
    codes = vocabulary(word)

    def call(text, codes, length=length):
        return text, dict(rng.sample([*codes.items()], len(codes))), length

    def renamed(more=0):
        names = dict(zip(codes, rng.sample("efghijkqrsuvx", len(codes)), strict=True))
        numbers = [*codes.values()]
        return "".join(names[c] for c in word), dict(
            zip(names.values(), numbers[more:] + numbers[:more], strict=True)
        )

    same = [call(word, codes) for _ in range(2)] + [call(*renamed()) for _ in range(3)]
    same += [call(word, codes | {character: len(codes)}) for character in rng.sample("qxyz", 2)]
    more = codes | {"z": len(codes)}
    other = [call(word, each, length + change) for each in (codes, more) for change in (-1, 1)]
    other += [
        call(each, codes) for each in (word[::-1], word[1:], word + word[0], word + word[1], word[0] + word)
    ]
    other += [call(*renamed(1)) for _ in range(3)] + [
        call(*renamed(), length - 1),
        call(*renamed(), length + 1),
    ]
    return (word, codes, length), [*same, *other]


SAME = {"build_vocabulary": same_characters, "make_char_windows": same_codes}
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
