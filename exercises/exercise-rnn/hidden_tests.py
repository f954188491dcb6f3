"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

import string

import numpy as np
import pytest

from grader.testing import (
    Contract,
    Domain,
    Draws,
    Mismatch,
    Result,
    assert_allclose,
    assert_array_equal,
    assert_independent,
    assert_same_compiling,
    assert_same_layers,
    assert_shape,
    at_each_place,
    check_refusals,
    check_results,
)

LETTERS = list(string.ascii_letters + string.digits)
BEYOND_ASCII = list("äÄßéñøλЖ中語€😀")
SPACES = list("ab \n\t.,!")
BOTH_CASES = list("aAbBcCdD")


def some_letters(rng, count):
    """Return distinct characters in random order."""
    return [str(c) for c in rng.permutation(LETTERS)[:count]]


def vocabulary(rng, count):
    """Return the dictionaries of a random vocabulary. It is unsorted, so it cannot be rebuilt from a text."""
    characters = some_letters(rng, count)
    return {c: i for i, c in enumerate(characters)}, dict(enumerate(characters))


def a_text(rng, characters, length):
    """Return a random text of these characters."""
    return "".join(str(c) for c in rng.choice(list(characters), size=length))


# --- build_vocabulary: 1.5 points ---


@pytest.mark.points(0.5, function="build_vocabulary")
def test_characters_are_sorted(learner, rng):
    """The list contains each character once, in sorted order."""
    characters = some_letters(rng, 20)
    text = "".join(characters) + a_text(rng, characters, 30)
    chars, _, _ = learner.build_vocabulary(text)
    assert len(chars) == 20, "The list should contain each distinct character once"
    assert chars == sorted(characters), "The list does not contain the text's characters in sorted order"


@pytest.mark.points(0.5, function="build_vocabulary")
def test_there_and_back(learner, rng):
    """The dictionaries map each character to its position in the list, and back."""
    text = a_text(rng, some_letters(rng, 15), 40)
    chars, char_to_idx, idx_to_char = learner.build_vocabulary(text)
    assert set(char_to_idx) == set(text), "char_to_idx should contain the text's characters and no others"
    message = "does not map each character to its position in the list, counted from 0"
    assert char_to_idx == {c: i for i, c in enumerate(chars)}, f"char_to_idx {message}"
    assert idx_to_char == dict(enumerate(chars)), "idx_to_char does not map each index back to its character"


def text_of(characters):
    """Return a draw of a text that contains all these characters, some of them several times."""
    return lambda rng: "".join(str(c) for c in rng.permutation([*characters, *characters[::2]]))


BUILD_VOCABULARY = Contract(
    "build_vocabulary",
    {
        "text": Domain(
            lambda rng: a_text(rng, some_letters(rng, 15), 40),
            edges={
                "a single character": lambda text: text[0],
                "one character, several times": lambda text: text[0] * 5,
                "letters in both cases": text_of(BOTH_CASES),
                "spaces, line breaks and punctuation": text_of(SPACES),
                "characters beyond ASCII": text_of(BEYOND_ASCII),
                "a text that ends with a space and a line break": lambda text: text + " \n",
            },
            excluded={"an empty text": ""},
        )
    },
    {
        "chars": Result("The list does not contain the text's characters in sorted order"),
        "char_to_idx": Result("char_to_idx does not map each character to its position in the list"),
        "idx_to_char": Result("idx_to_char does not map each index back to its character"),
    },
)


@pytest.mark.points(0.25, function="build_vocabulary")
def test_texts_of_any_characters(learner, reference, rng):
    """Spaces, capital letters and characters beyond ASCII are characters like any other."""
    check_results(BUILD_VOCABULARY, learner, reference, rng)


@pytest.mark.points(0.25, function="build_vocabulary")
def test_empty_texts_are_refused(learner, reference, rng):
    """An empty text raises ValueError; others do not."""
    check_refusals(BUILD_VOCABULARY, learner, reference, rng)


# --- make_char_windows: 3 points ---


def text_and_codes(rng, length):
    """Return a random text, its indices, and a vocabulary with more characters than the text has."""
    char_to_idx, _ = vocabulary(rng, 12)
    text = a_text(rng, list(char_to_idx)[:9], length)
    return text, np.array([char_to_idx[c] for c in text]), char_to_idx


@pytest.mark.points(0.75, function="make_char_windows")
def test_windows_follow_each_other(learner, rng):
    """Each window contains consecutive characters and starts one step after the previous window."""
    text, codes, char_to_idx = text_and_codes(rng, int(rng.integers(25, 40)))
    length = int(rng.integers(3, 8))
    X_idx, _ = learner.make_char_windows(text, char_to_idx, length)
    n = len(text) - length
    assert_shape(X_idx, (n, length), "The shape of X_idx is not (n, L) with n = len(text) - L")
    expected = [codes[i : i + length] for i in range(n)]
    assert_array_equal(X_idx, expected, "X_idx does not contain the windows' indices, one window per row")
    learner.assert_unchanged()


@pytest.mark.points(0.75, function="make_char_windows")
def test_targets_follow_their_windows(learner, rng):
    """Each target is the character right after its window."""
    text, codes, char_to_idx = text_and_codes(rng, int(rng.integers(25, 40)))
    length = int(rng.integers(3, 8))
    _, y_idx = learner.make_char_windows(text, char_to_idx, length)
    # compare only the first ones; another test checks how many there are
    known = min(len(np.ravel(y_idx)), 15)
    assert known > 0, "There are no targets"
    message = "y_idx does not contain the characters that follow the windows"
    assert_array_equal(np.ravel(y_idx)[:known], codes[length : length + known], message)
    assert y_idx.ndim == 1, "y_idx should have a single axis"


def codes_of(characters):
    """Return a draw of a vocabulary of these characters."""
    return lambda rng: {str(c): i for i, c in enumerate(rng.permutation(characters))}


def with_unknown(text, at):
    place = round(at * len(text))
    return text[:place] + "?" + text[place:]


VOCABULARY = Domain(
    lambda rng: vocabulary(rng, 12)[0],
    edges={
        "letters in both cases": codes_of(BOTH_CASES),
        "spaces, line breaks and punctuation": codes_of(SPACES),
        "characters beyond ASCII": codes_of(BEYOND_ASCII),
    },
)
MAKE_CHAR_WINDOWS = Contract(
    "make_char_windows",
    {
        "text": Domain(
            # the vocabulary has more characters than the text
            lambda rng, char_to_idx: a_text(rng, [*char_to_idx][:-2], int(rng.integers(14, 40))),
            edges={
                "a text of two characters": lambda text: text[:2],
                "one character, several times": lambda text: text[0] * 9,
            },
            excluded=at_each_place("a character that is not in char_to_idx", with_unknown),
        ),
        "char_to_idx": VOCABULARY,
        "seq_length": Domain(
            lambda rng, text: int(rng.integers(1, min(8, len(text)))),
            edges={
                "windows of length 1": 1,
                "windows of which there are two": lambda text: max(len(text) - 2, 1),
                "the longest possible window": lambda text: len(text) - 1,
            },
            excluded={
                "windows as long as the text": lambda text: len(text),
                "windows longer than the text": lambda text: len(text) + 3,
                "windows of length 0": 0,
                "a window length of -1": -1,
                "a negative window length": -3,
            },
        ),
    },
    {
        "X_idx": Result("X_idx does not contain the windows' indices, one window per row", "(n, L)", "int64"),
        "y_idx": Result("y_idx does not contain the characters that follow the windows", "(n,)", "int64"),
    },
)


@pytest.mark.points(0.75, function="make_char_windows")
def test_windows_of_every_length(learner, reference, rng):
    """Every valid text and window length gives the promised arrays, including the shortest and longest."""
    check_results(MAKE_CHAR_WINDOWS, learner, reference, rng)


@pytest.mark.points(0.75, function="make_char_windows")
def test_impossible_texts_are_refused(learner, reference, rng):
    """Invalid texts and lengths raise ValueError; valid ones do not."""
    check_refusals(MAKE_CHAR_WINDOWS, learner, reference, rng)


# --- encode: 2 points ---


@pytest.mark.points(0.75, function="encode")
def test_one_hot(learner, rng):
    """In one-hot mode, each character has a single 1, at its index, on the last axis."""
    for top in (0, 3):  # the vocabulary may be larger than these windows need
        size = int(rng.integers(9, 14))
        X_idx = rng.integers(0, size - top, size=(6, 5))
        X = learner.encode(X_idx, size, "one_hot")
        assert_shape(X, (6, 5, size), "The shape is not (n, L, V)")
        expected = np.arange(size) == X_idx[..., np.newaxis]
        assert_array_equal(X, expected, "Each character should have a single 1, at its index")
        assert X.dtype == np.float32, "The result should be float32"
        learner.assert_unchanged()


@pytest.mark.points(0.75, function="encode")
def test_scaled(learner, rng):
    """In scaled mode, each character is one number, its index divided by V, on its own axis."""
    for top in (3, 0):
        size = int(rng.integers(9, 14))
        X_idx = rng.integers(0, size - top, size=(6, 5))
        X_idx[2, 3] = size - top - 1
        X = learner.encode(X_idx, size, "scaled")
        assert_shape(X, (6, 5, 1), "The shape is not (n, L, 1)")
        expected = X_idx[..., np.newaxis] / size
        assert_allclose(X, expected, "The numbers are not the indices divided by V", rtol=1e-5)
        assert X.dtype == np.float32, "The result should be float32"
        learner.assert_unchanged()


def with_index(index):
    """Return a change of windows: at one place, they hold this index plus V, or a negative one."""

    def change(X_idx, vocab_size, at):
        changed = X_idx.copy()
        changed.flat[round(at * (changed.size - 1))] = index if index < 0 else index + vocab_size
        return changed

    return change


ENCODE = Contract(
    "encode",
    {
        "X_idx": Domain(
            lambda rng, vocab_size: rng.integers(0, vocab_size, size=(6, 5)),
            edges={
                "a single window": lambda X_idx: X_idx[:1],
                "windows of length 1": lambda X_idx: X_idx[:, :1],
                "as many windows as time steps": lambda X_idx: X_idx[:5],
                "windows that contain only the first character": lambda X_idx: X_idx * 0,
                "windows that contain the last character": lambda X_idx, vocab_size: (
                    X_idx * 0 + vocab_size - 1
                ),
            },
            # far outside first: code without any check fails there, not at the edge
            excluded={
                **at_each_place("an index far above V - 1", with_index(1000)),
                **at_each_place("an index of V", with_index(0)),
                **at_each_place("an index of -1", with_index(-1)),
            },
        ),
        "vocab_size": Domain(
            lambda rng: int(rng.integers(9, 14)),
            edges={"a vocabulary of one character": 1, "a large vocabulary": 300},
        ),
        "mode": Domain(
            choices=("one_hot", "scaled"),
            excluded={
                "an unknown mode": "two_hot",
                "a mode in capital letters": "ONE_HOT",
                "a mode that starts with a capital letter": "Scaled",
                "a mode with a hyphen": "one-hot",
                "an empty mode": "",
            },
        ),
    },
    {
        "X": Result(
            "X does not encode the indices as promised", "(n, L, V) or (n, L, 1)", "float32", rtol=1e-5
        )
    },
)


@pytest.mark.points(0.25, function="encode")
def test_windows_of_every_shape(learner, reference, rng):
    """Both modes encode small and large windows and vocabularies."""
    check_results(ENCODE, learner, reference, rng)


@pytest.mark.points(0.25, function="encode")
def test_strange_indices_are_refused(learner, reference, rng):
    """Unknown modes and indices outside 0 to V - 1 raise ValueError; valid ones do not."""
    check_refusals(ENCODE, learner, reference, rng)


# --- build_rnn_model: 3.25 points ---


def sizes(rng):
    """Return seq_length, vocab_size and units, all different."""
    return (int(n) for n in rng.integers((4, 10, 16), (9, 15, 24)))


@pytest.mark.points(0.75, function="build_rnn_model")
def test_model_structure(learner, reference, rng):
    """The model has one SimpleRNN layer and one Dense layer, and makes one prediction per window."""
    length, size, units = sizes(rng)
    for given in ({"units": units}, {}):
        model = learner.build_rnn_model(length, size, **given)
        assert_same_layers(model, reference.build_rnn_model(length, size, **given))
    assert_independent(*(learner.build_rnn_model(3, size, units=4) for _ in range(2)))


@pytest.mark.points(0.75, function="build_rnn_model")
def test_model_is_compiled(learner, reference, rng):
    """The model is compiled with Adam, the right learning rate, and the loss for one-hot targets."""
    for given in ({}, {"learning_rate": float(rng.uniform(0.02, 0.1))}):
        model = learner.build_rnn_model(4, 6, units=3, **given)
        assert_same_compiling(model, reference.build_rnn_model(4, 6, units=3, **given))


def rnn_twin(X, W, U, b):
    """Return the last state (n, units) of a SimpleRNN with tanh."""
    h = np.zeros((len(X), U.shape[0]))
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W + h @ U + b)
    return h


def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@pytest.mark.points(1, function="build_rnn_model")
def test_predictions_with_given_weights(learner, rng):
    """With given weights, the model predicts what a SimpleRNN and a softmax predict."""
    length, size, units = 5, 7, 3
    model = learner.build_rnn_model(length, size, units=units)
    shapes = [(size, units), (units, units), (units,), (units, size), (size,)]
    if [tuple(weight.shape) for weight in model.weights] != shapes:
        raise Mismatch("The weights do not have the shapes that vocab_size and units require")
    if model.input_shape != (None, length, size):
        raise Mismatch("The input shape is not (seq_length, vocab_size)")
    W, U, b, V, d = weights = [rng.normal(size=shape) for shape in shapes]
    model.set_weights(weights)
    X = np.eye(size)[rng.integers(0, size, size=(12, length))]
    got = np.asarray(model(X, training=False))
    assert_shape(got, (12, size), "There should be one row of predictions per window")
    message = "The predictions for one window do not add up to 1"
    assert_allclose(got.sum(axis=1), np.ones(12), message, rtol=1e-4)
    expected = softmax(rnn_twin(X, W, U, b) @ V + d)
    message = "The predictions differ from those of a SimpleRNN with tanh and a softmax"
    assert_allclose(got, expected, message, rtol=1e-4, atol=1e-5)


@pytest.mark.points(0.75, function="build_rnn_model")
def test_other_features(learner, rng):
    """`features` sets the number of values per time step and does not change the output."""
    length, size, units = sizes(rng)
    for features in (1, int(rng.integers(2, 4))):
        model = learner.build_rnn_model(length, size, units=units, features=features)
        assert model.input_shape == (None, length, features), "The input shape is not (seq_length, features)"
        assert model.output_shape == (None, size), "There should be one row of vocab_size numbers per window"
        count = units * (units + features + 1) + size * (units + 1)
        assert model.count_params() == count, "The number of parameters does not match the required layers"


# --- generate_text: 3.75 points ---


class Teller:
    """A predictor whose answer depends on every number in the window and on its position.

    It computes with whole numbers, so that a float64 window and a float32 window
    get the same answer.
    """

    def __init__(self, rng, length, size, scaled=False):
        self.features = 1 if scaled else size
        self.size = size
        self.factors = rng.integers(1, 10_000, size=length * self.features)
        self.rest = rng.uniform(0.01, 0.02, size=size)
        self.seen = []

    def answer(self, window):
        scale = self.size if window.shape[-1] == 1 else 1
        whole = np.rint(np.ravel(window) * scale)
        favorite = int(whole @ np.resize(self.factors, whole.size)) % self.size
        p = self.rest.copy()
        p[favorite] = 1 + self.rest[favorite] - self.rest.sum()
        return p[np.newaxis]

    def predict(self, window, **_):
        window = np.array(window, dtype=np.float64)
        self.seen.append(window)
        return self.answer(window)

    def windows(self, codes, length, count):
        """Return the correct windows of the first `count` steps after these indices."""
        codes, windows = list(codes), []
        for _ in range(count):
            recent = np.array(codes[-length:])
            rows = recent[:, np.newaxis] / self.size if self.features == 1 else np.eye(self.size)[recent]
            empty = np.zeros((length - len(recent), self.features))
            windows.append(np.concatenate([empty, rows])[np.newaxis])
            codes.append(int(np.argmax(self.answer(windows[-1]))))
        return windows

    def check(self, expected, message):
        """Check that the first windows are the expected ones. Another test checks the number of calls."""
        assert len(self.seen) >= len(expected), "predict should be called for every new character"
        for got, wanted in zip(self.seen[: len(expected)], expected, strict=True):
            assert_shape(got, wanted.shape, "predict does not receive the required shape at every step")
            assert_allclose(got, wanted, message, rtol=1e-5, atol=1e-6)


def start_of(rng, char_to_idx, length):
    text = a_text(rng, char_to_idx, length)
    return text, [char_to_idx[c] for c in text]


@pytest.mark.points(0.75, function="generate_text")
def test_the_window_moves(learner, rng):
    """Every call receives the latest characters, oldest first, each with a single 1."""
    length, size = int(rng.integers(3, 6)), int(rng.integers(8, 12))
    char_to_idx, idx_to_char = vocabulary(rng, size)
    teller, (start, codes) = Teller(rng, length, size), start_of(rng, char_to_idx, length)
    learner.generate_text(teller.predict, start, 14, char_to_idx, idx_to_char, length)
    expected = teller.windows(codes, length, 8)
    teller.check(expected, "predict does not receive the latest L characters at every step, oldest first")


@pytest.mark.points(0.5, function="generate_text")
def test_short_starts(learner, rng):
    """A short start is at the right end of the window; empty positions are zero until they are filled."""
    size = int(rng.integers(8, 12))
    char_to_idx, idx_to_char = vocabulary(rng, size)
    for known in (2, 3):
        teller, (start, codes) = Teller(rng, 6, size), start_of(rng, char_to_idx, known)
        learner.generate_text(teller.predict, start, 11, char_to_idx, idx_to_char, 6)
        expected = teller.windows(codes, 6, 8)
        teller.check(expected, "The characters of a short start and the zeros are not in the right positions")


@pytest.mark.points(0.5, function="generate_text")
def test_long_starts(learner, rng):
    """If the start is longer than the window, predict receives its end."""
    length, size = int(rng.integers(3, 6)), int(rng.integers(10, 14))
    char_to_idx, idx_to_char = vocabulary(rng, size)
    teller, codes = Teller(rng, length, size), rng.permutation(size)[: length + 4].tolist()
    start = "".join(idx_to_char[i] for i in codes)  # all different, so its beginning never equals its end
    learner.generate_text(teller.predict, start, 16, char_to_idx, idx_to_char, length)
    expected = teller.windows(codes, length, 5)
    teller.check(expected, "predict does not receive the last L characters of a long start")


@pytest.mark.points(0.5, function="generate_text")
def test_scaled_windows(learner, rng):
    """In scaled mode, every window contains indices divided by V, one per step, with zeros on the left."""
    length, size = int(rng.integers(4, 7)), int(rng.integers(8, 12))
    char_to_idx, idx_to_char = vocabulary(rng, size)
    for known in (length, 2):
        teller, (start, codes) = Teller(rng, length, size, scaled=True), start_of(rng, char_to_idx, known)
        vocabulary_ = (char_to_idx, idx_to_char)
        learner.generate_text(teller.predict, start, 12, *vocabulary_, length, mode="scaled")
        expected = teller.windows(codes, length, 6)
        teller.check(expected, "predict does not receive the latest characters as indices divided by V")


def dictated(script, size):
    """Return a predictor that gives these indices one after another, whatever the window.

    Like the program's, it also takes Keras's `verbose`, and it returns float32.
    """
    left = list(script)

    def predict(window, verbose=0):
        favorite = left.pop(0) if left else 0
        return np.where(np.arange(size) == favorite, 0.9, 0.1 / (size - 1))[np.newaxis].astype(np.float32)

    return predict


@pytest.mark.points(0.25, function="generate_text")
def test_the_whole_text_comes_back(learner, rng):
    """The text is the start followed by `length` new characters, however long the start is."""
    size = int(rng.integers(8, 12))
    char_to_idx, idx_to_char = vocabulary(rng, size)
    for known, length in [(4, 9), (2, 13), (7, 10)]:
        start, script = a_text(rng, char_to_idx, known), rng.integers(0, size, size=length).tolist()
        predict = dictated(script, size)
        text = learner.generate_text(predict, start, length, char_to_idx, idx_to_char, 4)
        learner.assert_unchanged()
        assert text.startswith(start), "The text does not begin with the whole start_text"
        assert len(text) == known + length, "The text does not have the required length"
        expected = start + "".join(idx_to_char[i] for i in script)
        assert text == expected, "The text is not the start followed by the most probable characters"


GENERATE_TEXT = Contract(
    "generate_text",
    {
        "predict": Domain(
            lambda rng, seq_length, char_to_idx: Teller(rng, seq_length, len(char_to_idx)).predict
        ),
        "start_text": Domain(
            lambda rng, char_to_idx: a_text(rng, char_to_idx, int(rng.integers(2, 9))),
            edges={
                "a start of one character": lambda start_text: start_text[0],
                "a start as long as the window": lambda rng, char_to_idx, seq_length: a_text(
                    rng, char_to_idx, seq_length
                ),
                "a long start": lambda rng, char_to_idx: a_text(rng, char_to_idx, 30),
            },
            excluded={
                "an empty start": "",
                **at_each_place(
                    "a character that is not in char_to_idx",
                    lambda start_text, at: with_unknown(start_text, at),
                ),
            },
        ),
        "length": Domain(
            lambda rng: int(rng.integers(3, 7)), edges={"a single new character": 1, "a length of 0": 0}
        ),
        "char_to_idx": VOCABULARY,
        "idx_to_char": Domain(lambda char_to_idx: {i: c for c, i in char_to_idx.items()}),
        "seq_length": Domain(lambda rng: int(rng.integers(3, 6)), edges={"windows of length 1": 1}),
        "mode": Domain("one_hot", edges={"mode='scaled'": "scaled"}, optional=True),
        "temperature": Domain(0.0, optional=True),
    },
    {"text": Result("The text is not the start followed by the most probable characters")},
)


@pytest.mark.points(0.25, function="generate_text")
def test_every_start_and_length(learner, reference, rng):
    """Short and long starts, windows and texts of any characters give the promised text."""
    check_results(GENERATE_TEXT, learner, reference, rng)


@pytest.mark.points(0.25, function="generate_text")
def test_impossible_starts_are_refused(learner, reference, rng):
    """An empty start and unknown characters raise ValueError; valid starts do not."""
    check_refusals(GENERATE_TEXT, learner, reference, rng)


def frequencies(learner, rng, p, temperature):
    """Return how often 400 draws at a temperature give each character. The window plays no role.

    Also return the probabilities of single draws, if the function shows them to the generator.
    """
    char_to_idx, idx_to_char = vocabulary(rng, len(p))

    def predict(window, **_):
        return p[np.newaxis].copy()

    start, draws = a_text(rng, char_to_idx, 2), Draws(int(rng.integers(2**31)))
    call = (predict, start, 400, char_to_idx, idx_to_char, 2)
    text = learner.generate_text(*call, temperature=temperature, rng=draws)
    # count from the end, which always contains drawn characters; another test checks the length
    drawn = text[-399:]
    assert drawn, "The text is empty"
    seen = [probabilities for draw in draws.seen if (probabilities := draw.by_index(char_to_idx))]
    return np.array([drawn.count(c) for c in char_to_idx]) / len(drawn), seen


@pytest.mark.points(0.75, function="generate_text")
def test_temperature(learner, rng):
    """Temperature 1 keeps the probabilities; higher temperatures flatten them, lower ones sharpen them."""
    uneven = rng.permutation([0.55, 0.3, 0.1, 0.05])
    # close together, so that to draw at a low temperature is not the same as to take the most probable one
    even = rng.permutation([0.4, 0.3, 0.2, 0.1])
    # With 399 draws, a correct frequency is off by 0.18 with a probability below 1e-11 (Hoeffding).
    # The order matters: text drawn from p ** T at T = 40 is always the same, however it is drawn.
    for temperature, p, message in [
        (1.0, uneven, "At temperature 1, the characters do not occur as often as predict says"),
        (40.0, uneven, "At a high temperature, the characters do not occur about equally often"),
        (2.0, uneven, "At temperature 2, the characters do not occur as often as they should"),
        (0.25, even, "At a low temperature, the characters do not occur as often as they should"),
    ]:
        expected = p ** (1 / temperature) / np.sum(p ** (1 / temperature))
        got, seen = frequencies(learner, rng, p, temperature)
        if temperature < 1:
            assert got.max() < 1, "At a low temperature, characters should be drawn, too"
        assert np.all(np.abs(got - expected) < 0.18), message
        # float32 probabilities are precise to 1e-6; small ones may be rounded
        assert all(np.allclose(each, expected, rtol=1e-3, atol=1e-6) for each in seen), message
