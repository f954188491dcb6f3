"""Hidden tests, which only the judge reads. Inputs come from its seed, and messages never reveal them."""

import numpy as np
import pytest

from grader.testing import (
    Contract,
    Domain,
    Mismatch,
    Result,
    assert_allclose,
    assert_array_equal,
    assert_independent,
    assert_same_compiling,
    assert_same_layers,
    assert_shape,
    check_refusals,
    check_results,
)

# --- teacher_forcing: 1 point ---


def sequences(rng, n, length, start_id):
    """Return targets (n, length) of random symbols, without the start symbol."""
    symbols = rng.integers(0, 40, size=(n, length))
    return np.where(symbols == start_id, 40, symbols)


@pytest.mark.points(0.5, function="teacher_forcing")
def test_inputs_are_one_step_behind(learner, rng):
    """The decoder reads the start symbol first, and then the right symbol of the step before."""
    n, length, start_id = 7, 9, int(rng.integers(5, 30))
    target_idx = sequences(rng, n, length, start_id)
    dec_in, dec_out = learner.teacher_forcing(target_idx, start_id)
    learner.assert_unchanged()
    assert_shape(dec_out, (n, length), "dec_out does not have the shape (n, T)")
    assert_array_equal(
        dec_out, target_idx, "dec_out does not hold the symbols that the decoder should predict"
    )
    assert_shape(dec_in, (n, length), "dec_in does not have the shape (n, T)")
    assert (dec_in[:, 0] == start_id).all(), "dec_in does not begin with start_id in each row"
    message = "After the first step, dec_in does not hold the right symbols of the steps before"
    assert_array_equal(dec_in[:, 1:], target_idx[:, :-1], message)


def with_start(target_idx, start_id, at):
    changed = target_idx.copy()
    changed[round(at * (len(changed) - 1)), round(at * (changed.shape[1] - 1))] = start_id
    return changed


TEACHER_FORCING = Contract(
    "teacher_forcing",
    {
        "target_idx": Domain(
            lambda rng, start_id: sequences(rng, int(rng.integers(4, 9)), int(rng.integers(4, 9)), start_id),
            edges={
                "a single sequence": lambda target_idx: target_idx[:1],
                "sequences of one symbol": lambda target_idx: target_idx[:, :1],
                "as many sequences as symbols in each": lambda target_idx: target_idx[:4, :4],
                "targets of dtype int32": lambda target_idx: target_idx.astype(np.int32),
            },
            excluded={
                "a single sequence without the first axis": lambda target_idx: target_idx[0],
                "one-hot targets": lambda target_idx: np.eye(50, dtype=np.int64)[target_idx],
                "a start symbol at the beginning of a target": lambda target_idx, start_id: with_start(
                    target_idx, start_id, 0
                ),
                "a start symbol in the middle of a target": lambda target_idx, start_id: with_start(
                    target_idx, start_id, 0.5
                ),
                "a start symbol at the end of a target": lambda target_idx, start_id: with_start(
                    target_idx, start_id, 1
                ),
            },
        ),
        "start_id": Domain(
            lambda rng: int(rng.integers(5, 30)),
            edges={"a start symbol with the index 0": 0, "a start symbol with the largest index": 41},
        ),
    },
    {
        "dec_in": Result("dec_in is not the start symbol, followed by the targets", "(n, T)", "int64"),
        "dec_out": Result("dec_out does not hold the targets", "(n, T)", "int64"),
    },
)


@pytest.mark.points(0.25, function="teacher_forcing")
def test_every_set_of_targets(learner, reference, rng):
    """Any number and length of sequences gives two int64 arrays of shape (n, T)."""
    check_results(TEACHER_FORCING, learner, reference, rng)


@pytest.mark.points(0.25, function="teacher_forcing")
def test_impossible_targets_are_refused(learner, reference, rng):
    """Targets without exactly two axes, or with the start symbol, raise ValueError; others do not."""
    check_refusals(TEACHER_FORCING, learner, reference, rng)


# --- build_seq2seq: 2 points ---


@pytest.mark.points(0.75, function="build_seq2seq")
def test_model_structure(learner, reference, rng):
    """An encoder and a decoder are connected by both states, and a softmax follows at every step."""
    source, target, units = (int(n) for n in rng.integers((4, 10, 3), (9, 15, 20)))
    # equal sizes first: only then can one layer be called on both inputs
    for sizes, given in [
        ((source, source), {"units": units}),
        ((source, target), {"units": 4}),
        ((6, 5), {}),
    ]:
        model = learner.build_seq2seq(*sizes, **given)
        assert_same_layers(model, reference.build_seq2seq(*sizes, **given))
    assert_independent(*(learner.build_seq2seq(5, 6, units=4) for _ in range(2)))


@pytest.mark.points(0.5, function="build_seq2seq")
def test_model_is_compiled(learner, reference, rng):
    """The model is compiled with Adam, the given learning rate, and the cross-entropy for indices."""
    for given in ({"learning_rate": float(rng.uniform(0.002, 0.008))}, {}):
        model = learner.build_seq2seq(5, 6, units=4, **given)
        assert_same_compiling(model, reference.build_seq2seq(5, 6, units=4, **given))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_twin(X, h, c, W, U, b):
    """Return an LSTM's outputs (n, T, units) and its last two states, with gates in the order i, f, c, o."""
    outputs = []
    for t in range(X.shape[1]):
        i, f, g, o = np.split(X[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@pytest.mark.points(0.75, function="build_seq2seq")
def test_predictions_with_given_weights(learner, rng):
    """With given weights, the model predicts what the encoder, the decoder and a softmax predict."""
    source, target, units, n = 4, 6, 3, 12
    model = learner.build_seq2seq(source, target, units=units)
    shapes = [(source, 12), (units, 12), (12,), (target, 12), (units, 12), (12,), (units, target), (target,)]
    if sorted(tuple(weight.shape) for weight in model.weights) != sorted(shapes):
        raise Mismatch("The weights do not have the shapes that src_vocab, tgt_vocab and units require")
    if [tuple(weight.shape) for weight in model.weights] != shapes:
        raise Mismatch("The layers are not connected as encoder, decoder and output")
    weights = [rng.normal(size=shape) for shape in shapes]
    model.set_weights(weights)
    X = np.eye(source)[rng.integers(source, size=(n, 5))]
    Y = np.eye(target)[rng.integers(target, size=(n, 7))]
    nothing = np.zeros((n, units))
    _, h, c = lstm_twin(X, nothing, nothing, *weights[:3])
    outputs, _, _ = lstm_twin(Y, h, c, *weights[3:6])
    got = predicted(model, X, Y)
    if got.shape != (n, 7, target):
        raise Mismatch(
            "The model does not predict tgt_vocab probabilities at each step of the decoder's input"
        )
    assert_allclose(
        got,
        softmax(outputs @ weights[6] + weights[7]),
        "The predictions differ from those of a decoder with both states of the encoder and a softmax",
        rtol=1e-3,
        atol=1e-5,
    )


def predicted(model, source, target):
    try:
        return np.asarray(model([source, target], training=False))
    except (LookupError, TypeError, ValueError):  # Keras checks the states only when it computes
        raise Mismatch(
            "The model is built, but it cannot predict. Call yours with arrays of zeros and read the error"
        ) from None


# --- greedy_decode: 1.5 points ---


class Speller:
    """A decoder that writes a number of symbols and then the end symbol.

    Its answers depend only on the symbol and the state that it receives, and they change
    with both. The state counts its steps, so without it there is no end.
    """

    def __init__(self, rng, length, size, start_id=None, end_id=None):
        first, second = (int(n) for n in rng.permutation(size)[:2])
        self.start_id = first if start_id is None else start_id
        self.end_id = end_id if end_id is not None else (second if second != self.start_id else first)
        self.size = size
        self.length = length
        self.letters = [n for n in range(size) if n not in (self.start_id, self.end_id)]
        self.factors = rng.integers(1, 1000, size=3)
        self.rest = rng.uniform(0.1, 0.4, size=(len(self.letters), size)) / size
        self.first = int(rng.integers(10, 90)), int(rng.integers(1000))
        self.seen = []

    def pair(self):
        """Return the first state in the form of an LSTM's: a list of two arrays."""
        return [np.full((1, 4), float(n)) for n in self.first]

    def answer(self, symbol, state):
        """Return probabilities and the numbers of the next state."""
        count, other = (int(np.ravel(part)[0]) for part in state)
        mixed = int(self.factors @ [symbol + 1, count, other])
        p = self.rest[mixed % len(self.letters)].copy()
        done = count - self.first[0] >= self.length
        p[self.end_id if done else self.letters[mixed % len(self.letters)]] = 0.9
        return p / p.sum(), (count + 1, mixed % 1009)

    def step(self, symbol, state):
        assert isinstance(symbol, int | np.integer), "step should receive the index of one symbol, an int"
        kinds = (dict, list, tuple)
        good = isinstance(state, kinds) and len(state) == 2
        assert good, "step should receive a state as it was passed in or returned, without changes"
        self.seen.append((int(symbol), state))
        parts = list(state.values()) if isinstance(state, dict) else state
        p, numbers = self.answer(symbol, parts)
        new = [np.zeros_like(part) + n for part, n in zip(parts, numbers, strict=True)]
        if isinstance(state, dict):
            return p, dict(zip(state, new, strict=True))
        return p.astype(np.float32), type(state)(new)

    def written(self, count):
        """Return what a right decoder reads in its first `count` steps: symbols and states as two numbers."""
        symbol, state, read = self.start_id, self.first, []
        for _ in range(count):
            read.append((symbol, state))
            p, state = self.answer(symbol, state)
            symbol = int(np.argmax(p))
        return read


def speller(rng, length=None):
    length = int(rng.integers(4, 9)) if length is None else length
    return Speller(rng, length, int(rng.integers(8, 15)))


@pytest.mark.points(0.5, function="greedy_decode")
def test_symbols_and_states_are_fed_back(learner, rng):
    """Each step receives the most probable symbol and the state of the step before."""
    one = speller(rng)
    learner.greedy_decode(one.step, one.pair(), one.start_id, one.end_id, 20)
    assert one.seen, "step is not called"
    assert one.seen[0][0] == one.start_id, "The first symbol that step receives is not start_id"
    for (symbol, state), (right, numbers) in zip(one.seen, one.written(one.length + 1), strict=False):
        same = [int(np.ravel(part)[0]) for part in state] == [*numbers]
        assert same, "step does not receive the latest state at every step"
        assert symbol == right, "step does not receive the most probable symbol of the step before"
    assert len(one.seen) > one.length, "step is not called until the end symbol is the most probable"


@pytest.mark.points(0.5, function="greedy_decode")
def test_it_stops(learner, rng):
    """Decoding stops at the end symbol, or once there are max_len symbols."""
    one = speller(rng)
    right = [symbol for symbol, _ in one.written(one.length + 1)][1:]
    for max_len in (20, one.length - 2):
        one.seen.clear()
        symbols = learner.greedy_decode(one.step, one.pair(), one.start_id, one.end_id, max_len)
        learner.assert_unchanged()
        wanted = right[:max_len]
        assert one.start_id not in symbols, "The result contains start_id"
        assert one.end_id not in symbols, "The result contains end_id"
        assert len(symbols) <= max_len, "The result has more than max_len symbols"
        assert symbols == wanted, "The result does not hold the most probable symbols up to the end"
        calls = len(right) + 1 if max_len > len(right) else max_len
        assert len(one.seen) == calls, "step is called more often than needed"


GREEDY_DECODE = Contract(
    "greedy_decode",
    {
        "step": Domain(
            lambda rng: speller(rng).step,
            edges={
                "a decoder that ends at once": lambda rng: speller(rng, 0).step,
                "a decoder that writes one symbol": lambda rng: speller(rng, 1).step,
                "a decoder that never ends": lambda rng: speller(rng, 1000).step,
                "a start symbol with the index 0": lambda rng: Speller(rng, 5, 9, 0, 8).step,
                "an end symbol with the index 0": lambda rng: Speller(rng, 5, 9, 8, 0).step,
                "three symbols": lambda rng: Speller(rng, 3, 3).step,
            },
        ),
        "state": Domain(
            lambda step: step.__self__.pair(),
            edges={
                "a state that is a tuple of whole numbers": lambda step: step.__self__.first,
                "a state that is a dictionary": lambda step: dict(
                    zip("hc", step.__self__.pair(), strict=True)
                ),
            },
        ),
        "start_id": Domain(lambda step: step.__self__.start_id),
        "end_id": Domain(lambda step: step.__self__.end_id),
        "max_len": Domain(
            20,
            edges={
                "max_len=1": 1,
                "a sequence of exactly max_len symbols": lambda step: max(step.__self__.length, 1),
            },
            excluded={"max_len=0": 0, "a negative max_len": -3},
        ),
    },
    {"symbols": Result("The result does not hold the most probable symbols up to the end")},
)


@pytest.mark.points(0.25, function="greedy_decode")
def test_every_decoder_and_state(learner, reference, rng):
    """Decoders that end early, late or never, and states of any type, give the promised symbols."""
    check_results(GREEDY_DECODE, learner, reference, rng)


@pytest.mark.points(0.25, function="greedy_decode")
def test_impossible_lengths_are_refused(learner, reference, rng):
    """A max_len below 1 raises ValueError; others do not."""
    check_refusals(GREEDY_DECODE, learner, reference, rng)
