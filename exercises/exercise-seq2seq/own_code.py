"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import Shown, Wrong, question

SYMBOLS = 9


def targets(rng, end=8):
    """Sequences of different symbols between the start symbol 0 and the end symbol."""
    rows, steps = rng.choice([(2, 4), (3, 3), (3, 4), (4, 3)])
    return np.array([[*rng.sample(range(1, end), steps - 1), end] for _ in range(rows)])


def step(symbol, state):
    """Make the sum of symbol and state the most probable symbol."""
    return np.eye(SYMBOLS)[(symbol + state) % SYMBOLS], state + 2


STEP = Shown(step, f"lambda symbol, state: (np.eye({SYMBOLS})[(symbol + state) % {SYMBOLS}], state + 2)")


def decoded(state, start, end, max_len):
    """Return the symbols that the decoder writes, and True if it ends by itself."""
    symbols, symbol = [], start
    while len(symbols) < max_len:
        symbol, state = (symbol + state) % SYMBOLS, state + 2
        if symbol == end:
            return symbols, True
        symbols.append(symbol)
    return symbols, False


def decode_call(rng):
    """At least three steps; the start symbol does not come up, and no symbol does twice in a row."""
    while True:
        state, start, end = rng.randrange(1, 6), *rng.sample(range(SYMBOLS), 2)
        max_len = rng.randrange(3, 7)
        symbols, ended = decoded(state, start, end, max_len)
        if start not in symbols and len(symbols) + ended >= 3 and len({*symbols}) == len(symbols):
            return STEP, state, start, end, max_len


CALLS = {
    "teacher_forcing": lambda rng: (targets(rng), 0),
    "build_seq2seq": lambda rng: (*rng.sample(range(3, 10), 2), rng.randrange(2, 7)),
    "greedy_decode": decode_call,
}


def with_start(rng, start):
    """Targets that contain the start symbol."""
    symbols = targets(rng)
    symbols[rng.randrange(len(symbols)), rng.randrange(symbols.shape[1] - 1)] = start
    return symbols


def teacher_edges(rng):
    """Targets without their start symbol, and some that contain it."""
    starts = rng.choices([0, 9, 9, 10], k=14)
    return [(with_start(rng, s) if number < 6 else targets(rng), s) for number, s in enumerate(starts)]


def bad_targets(rng):
    return rng.choice([(with_start(rng, 0), 0), (targets(rng)[0], 0)])


def decode_edges(rng):
    """The shortest results that are allowed, and shorter ones."""
    lengths = [0, 0, 0, -1, -1, -2, 1, 1, 1, 1, 2, 2, 10, 11, 12, 20]
    symbols = [rng.sample(range(SYMBOLS), 2) for _ in lengths]
    return [(STEP, rng.randrange(1, 30), *pair, n) for pair, n in zip(symbols, lengths, strict=True)]


def same_decoding(rng):
    """If the end symbol comes first, a larger limit changes nothing."""
    starts = [(state, *rng.sample(range(SYMBOLS), 2)) for state in rng.choices(range(1, 12), k=200)]
    found = [each for each in starts if 4 <= len(decoded(*each, 9)[0]) <= 7]
    state, start, end = found[0]
    symbols, _ = decoded(state, start, end, 9)
    limit = rng.randrange(len(symbols), len(symbols) + 3)
    others = [each for each in range(SYMBOLS) if each not in (end, *symbols)]  # never written
    same = [(STEP, state, start, end, n) for n in range(len(symbols), 16) if n != limit]
    other = [(STEP, state, start, end, n) for n in range(1, len(symbols))]
    other += [(STEP, state, start, rng.choice(others), rng.randrange(2, 16)) for _ in range(3)]
    other += [(STEP, state, start, rng.choice(symbols), rng.randrange(1, 16)) for _ in range(3)]
    other += [(STEP, state + rng.choice([1, 10, 20]), start, end, rng.randrange(1, 16)) for _ in range(3)]
    return (STEP, state, start, end, limit), [*same, *other]


SAME = {"greedy_decode": same_decoding}
EDGES = {"teacher_forcing": teacher_edges, "greedy_decode": decode_edges}
RAISING = {"teacher_forcing": bad_targets}


@question("teacher_forcing", level=1, kind="number")
def input_of_a_step(code, call):
    """What is `dec_in[1, 2]` for {call}?"""
    symbols, start = call
    dec_in, _ = code.run(call)
    yield dec_in[1, 2]
    yield Wrong(
        symbols[1, 2],
        "That is what the decoder should predict at this step.",
        "decoder-reads-its-answer",
    )
    yield Wrong(start, "The decoder reads the start symbol only at the first step.")
    yield Wrong(symbols[0, 2], "That symbol is in the row above.", "samples-follow-each-other")
    yield from code.mistakes(lambda result: result[0][1, 2])


@question("teacher_forcing", level=1, kind="number")
def start_symbols(code, call):
    """How often does the start symbol 0 occur in `dec_in` for {call}?"""
    symbols, start = call
    dec_in, _ = code.run(call)
    yield int((dec_in == start).sum())
    yield Wrong(1, "Each sequence has a first step of its own.", "samples-follow-each-other")
    yield Wrong(symbols.shape[1], "That is the number of steps of each sequence.")
    yield Wrong(0, "What does the decoder read when it predicts the first symbol?")


@question("build_seq2seq", level=1, kind="number")
def weights_of_both_parts(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    source, target, units = call
    encoder, decoder = (4 * units * (units + size + 1) for size in (source, target))
    dense = (units + 1) * target
    yield code.run(call).weights
    yield Wrong(
        decoder + dense,
        "The encoder has its own weights.",
        "encoder-and-decoder-are-one",
    )
    yield Wrong(2 * encoder + dense, f"The decoder reads vectors of length {target}.")
    yield Wrong(encoder + decoder, "The Dense layer has weights, too.")
    yield Wrong(
        encoder + decoder + (units + 1) * source,
        "The decoder chooses among the symbols of the target.",
        "output-speaks-the-input-language",
    )
    yield Wrong(4 * units * (2 * units + source + target) + units * target, "The biases are missing.")


@question("build_seq2seq", level=1, kind="shape")
def outputs_of_the_model(code, call):
    """What is the output shape of the model that your function returns for {call}?"""
    source, target, units = call
    yield code.run(call).output_shape
    yield Wrong(
        (None, target),
        "The decoder makes a prediction at each step.",
        "one-output-per-step-confusion",
    )
    yield Wrong((None, target, target), "The sequences can have any length.")
    yield Wrong(
        (None, None, source),
        "The decoder chooses among the symbols of the target.",
        "output-speaks-the-input-language",
    )
    yield Wrong((None, None, units), "That is what the decoder's LSTM passes on.")


@question("greedy_decode", level=2, kind="number")
def calls_of_step(code, call):
    """How many times does {call} call the function that it is given?"""
    *_, max_len = call
    symbols, ended = decoded(*call[1:])
    yield code.calls(call, len)
    if ended:
        yield Wrong(len(symbols), "The end symbol comes from a call, too.", "end-symbol-needs-room")
        yield Wrong(max_len, "The end symbol comes earlier.", "length-is-known-beforehand")
    yield Wrong(max_len + 1, "No call is needed after the last symbol.")
    yield Wrong(len(symbols) - 1, "Each symbol needs a call.")


@question("greedy_decode", level=2, kind="number")
def third_state(code, call):
    """Your function calls the function that it is given several times for {call}. Which state does this
    function receive in the third call?"""
    _, state, *_ = call
    symbol, received = code.calls(call, lambda calls: calls[2].given)
    yield received
    yield Wrong(state, "That is the first state. Each call returns a new one.", "state-keeps-itself")
    yield Wrong(received - 2, "That is the state in the second call.")
    yield Wrong(received + 2, "That is the state that the third call returns.")
    yield Wrong(symbol, "That is the symbol that it receives.")
