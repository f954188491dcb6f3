"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import Shown, StandIn, Wrong, free, question

LEFT = 100.0  # what a stateful layer remembers of earlier series
CELLS = ["SimpleRNN", "LSTM", "GRU"]


class Layer(StandIn):
    """A layer without a state."""


class Stateful(StandIn):
    """A stateful layer that has read another series."""

    def __init__(self, name):
        super().__init__(name)
        self.stateful = True
        self._state = LEFT
        self._resets = 0

    @free
    def reset_state(self):
        self._state = 0.0
        self._resets += 1

    @free
    def reset_states(self):
        self.reset_state()


class RunningSums(StandIn):
    """A model that answers with the sum of all values since the reset, and what its layers remember."""

    def __init__(self, stateful):
        super().__init__("model")
        self.layers = [Layer("layer"), *(Stateful(f"stateful_{n}") for n in range(stateful))]
        self._shapes = []

    def predict(self, x, *more, **others):
        self._shapes.append(np.shape(x))
        states = self.layers[1:]
        sums = sum(each._state for each in states) + np.cumsum(x, axis=1)
        states[0]._state = sums[:, -1:] - sum(each._state for each in states[1:])
        return sums

    @free
    def predict_on_batch(self, x):
        return self.predict(x)


def series(rng, rows, steps):
    return np.array([[[float(rng.randrange(1, 6))] for _ in range(steps)] for _ in range(rows)])


def predict_call(rng):
    stateful = rng.choice([1, 2, 3])
    layers = "1_stateful_layer" if stateful == 1 else f"{stateful}_stateful_layers"
    model = Shown(RunningSums(stateful), f"running_sums_with_{layers}")
    steps = rng.choice([4, 5, 6])
    return model, series(rng, 2, steps), rng.randrange(2, min(steps, 5))


def sizes(rng):
    """Return sizes that are all different, so that no two rules give the same number."""
    T, F, units, n_out = rng.sample(range(2, 10), 4)
    return rng.choice([T, T, None]), F, units, n_out


def many_call(rng):
    batch = rng.choice([None, 16, 32])
    return (*sizes(rng), *([] if batch is None else [Shown(batch, f"batch_size={batch}")]))


def recurrent(rng, keeps):
    return {"layer": rng.choice(CELLS), "units": rng.randrange(4, 10), "return_sequences": keeps}


def spec_call(rng):
    """Return a few layers that fit."""
    dense = {"layer": "Dense", "units": rng.randrange(2, 10)}
    repeat = {"layer": "RepeatVector", "n": rng.randrange(3, 9)}
    flatten, dropout = {"layer": "Flatten"}, {"layer": "Dropout", "rate": 0.5}
    steps, last = recurrent(rng, True), recurrent(rng, False)
    if rng.random() < 0.5:
        del last["return_sequences"]
    layers_spec = rng.choice(
        [
            [steps, dense, last],
            [steps, last, repeat],
            [last, repeat, steps],
            [dense, steps, flatten],
            [last, repeat, steps, dense],
            [steps, dropout, flatten],
        ]
    )
    return layers_spec, (rng.choice([2, 4, 16, 32]), rng.randrange(5, 13), rng.randrange(2, 5))


CALLS = {
    "build_many_to_one": sizes,
    "build_many_to_many": many_call,
    "predict_shape": spec_call,
    "stateful_predict": predict_call,
}


def spec_edges(rng):
    """Chains of two layers, of which some do not fit."""

    def last():
        return recurrent(rng, rng.choice([True, False]))

    def dense():
        return {"layer": "Dense", "units": rng.randrange(4, 40)}

    def repeat():
        return {"layer": "RepeatVector", "n": rng.randrange(3, 30)}

    chains = [[recurrent(rng, False), last()] for _ in range(4)]
    chains += [[recurrent(rng, True), repeat()] for _ in range(2)]
    chains += [[{"layer": "Flatten"}, last()], [dense(), repeat()]]
    chains += [[recurrent(rng, True), last()] for _ in range(4)]
    chains += [
        [recurrent(rng, False), dense()],
        [recurrent(rng, False), repeat()],
        [recurrent(rng, True), dense()],
    ]
    chains += [[dense(), last()], [{"layer": "Flatten"}, dense()], [recurrent(rng, False), repeat()]]
    return [(chain, (None, rng.randrange(5, 13), 3)) for chain in chains]


def piece_edges(rng):
    """Pieces may be as long as the series or longer, but not empty."""
    steps = [rng.randrange(3, 15) for _ in range(14)]
    pieces = [
        rng.choice([0, 0, -1, -n]) if at < 5 else rng.choice([1, n, n + 1]) for at, n in enumerate(steps)
    ]
    return [(Shown(RunningSums(1), "model"), part(n), piece) for n, piece in zip(steps, pieces, strict=True)]


def part(steps):
    X = np.ones((1, steps, 1))
    return Shown(X, f"X of shape {X.shape}")


def bad_spec(rng):
    vector, shape = recurrent(rng, False), (None, rng.randrange(5, 13), rng.randrange(2, 5))
    repeat = {"layer": "RepeatVector", "n": 3}
    unknown = {"layer": rng.choice(["RNN", "Conv1D", "gru"]), "units": 4}
    return rng.choice(
        [[vector, recurrent(rng, True)], [recurrent(rng, True), repeat], [vector, unknown]]
    ), shape


def bad_pieces(rng):
    model, X = Shown(RunningSums(1), "model"), rng.choice([np.ones((4, 2)), np.ones((2, 4, 1))])
    return model, Shown(X, f"X of shape {X.shape}"), 0 if X.ndim == 3 else 2


def same_shape(rng):
    """The kind of a recurrent layer changes no shape, nor does dropout, nor what a later layer replaces."""
    inputs, units, dropout = (None, rng.randrange(5, 20), 3), rng.randrange(4, 20), {"layer": "Dropout"}
    keeps = rng.choice([True, False])

    def chain(keeps=keeps, units=units, inputs=inputs):
        last = {"layer": rng.choice(CELLS), "units": units, "return_sequences": keeps}
        before = [
            {"layer": "Dense", "units": rng.randrange(4, 20)},
            dropout | {"rate": rng.choice([0.1, 0.25])},
        ]
        first = rng.sample(before, rng.choice([0, 1, 1, 2]))
        return [
            *first,
            last,
            *([dropout | {"rate": 0.5}] if len(first) < 2 and rng.random() < 0.3 else []),
        ], inputs

    other = [chain(keeps=not keeps) for _ in range(5)]
    other += [chain(units=rng.choice([n for n in range(4, 20) if n != units])) for _ in range(5)]
    return chain(), [*(chain() for _ in range(8)), *other]


def same_series(rng):
    """The length of the pieces changes nothing."""
    steps, chunk = rng.choice([3, 4]), rng.randrange(1, 4)
    X = series(rng, 1, steps)

    def call(X, chunk):
        return Shown(RunningSums(1), "running_sums"), X, chunk

    def changed():
        other = X.copy()
        other[0, rng.randrange(steps)] += rng.choice([-1, 1, 2])
        return other

    same = [call(X, n) for n in range(1, 13) if n != chunk]
    other = [call(changed(), n) for n in [chunk] * 8 + rng.sample(range(1, 13), 6)]
    other += [call(X[:, :-1], rng.randrange(1, 13)), call(X[:, ::-1].copy(), rng.randrange(1, 13))]
    return call(X, chunk), [*same, *other]


SAME = {"predict_shape": same_shape, "stateful_predict": same_series}
EDGES = {"predict_shape": spec_edges, "stateful_predict": piece_edges}
RAISING = {"predict_shape": bad_spec, "stateful_predict": bad_pieces}


@question("build_many_to_one", level=1, kind="number")
def weights_of_two_layers(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    _, F, units, n_out = call
    first, second, dense = units * (F + units + 1), units * (2 * units + 1), n_out * (units + 1)
    yield code.run(call).weights
    yield Wrong(first + dense, "There are two recurrent layers.")
    yield Wrong(2 * first + dense, "The second layer reads the states of the first one, not the features.")
    yield Wrong(first + second, "The Dense layer has weights, too.")
    yield Wrong(first + second + dense - 2 * units - n_out, "The layers have biases, too.")
    yield Wrong(first + second + units + 1, "The Dense layer has `n_out` outputs, not one.")


@question("build_many_to_one", level=1, kind="shape")
def output_of_many_to_one(code, call):
    """What is the output shape of the model that your function returns for {call}?"""
    T, _, units, n_out = call
    yield code.run(call).output_shape
    yield Wrong((None, T, n_out), "The second recurrent layer returns its last state only.")
    yield Wrong((None, units), "The Dense layer comes last.")
    yield Wrong((n_out,), "The number of samples is the first entry. It is open, so it is None.")
    yield Wrong((None, 1), "There is one answer for each sequence, and it has `n_out` numbers.")


@question("build_many_to_many", level=1, kind="shape")
def output_of_many_to_many(code, call):
    """What is the output shape of the model that your function returns for {call}?"""
    T, _, units, n_out, *more = call
    batch = more[0].value if more else None
    yield code.run(call).output_shape
    yield Wrong((batch, n_out), "There is an answer at each step.")
    yield Wrong((batch, T, units), "The Dense layer comes last.")
    yield Wrong((T, n_out), "The number of samples is the first entry.")
    yield Wrong((None, T, n_out), "The batch size is fixed here, because the layer is stateful.")
    yield Wrong((batch, n_out, T), "The steps come before the outputs.")


@question("build_many_to_many", level=1, kind="number")
def weights_of_all_steps(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    T, F, units, n_out, *_ = call
    layer, dense = units * (F + units + 1), n_out * (units + 1)
    yield code.run(call).weights
    yield Wrong(layer, "The Dense layer has weights, too.")
    yield Wrong(layer - units + dense - n_out, "Both layers have biases.")
    if T is not None:
        yield Wrong(layer + T * dense, "All steps share the weights of the Dense layer.")
        yield Wrong(T * (layer + dense), "All steps share the weights.")


@question("predict_shape", level=1, kind="shape")
def shape_after_all(code, call):
    """Which shape does your function return for {call}?"""
    yield code.run(call)
    yield from code.mistakes(lambda shape: shape)


@question("stateful_predict", level=2, kind="shape")
def second_piece(code, call):
    """In {call}, your function predicts piece by piece. What is the shape of the second piece?"""
    code.run(call)
    model, X, chunk = call
    shapes = model.value._shapes
    yield shapes[1]
    yield Wrong(shapes[0], "That is the first piece. The second one is what is left.")
    yield Wrong((chunk, *X.shape[1:]), "A piece has some of the steps, but all of the sequences.")
    yield Wrong(X.shape, "That is the whole series.")
    yield Wrong((len(X), chunk, 1), "There are fewer steps left than `chunk`.")


@question("stateful_predict", level=2, kind="number")
def resets_in_all(code, call):
    """How many calls of `reset_state` does {call} make in all?"""
    code.run(call)
    model, *_ = call
    layers = len(model.value.layers) - 1
    yield sum(each._resets for each in model.value.layers[1:])
    yield Wrong(layers * len(model.value._shapes), "Between two pieces, the state must stay.")
    yield Wrong(len(model.value._shapes), "Between two pieces, the state must stay.")
    yield Wrong(layers + 1, "The first layer of the model is not stateful.")
    yield Wrong(1, "Each stateful layer has its own state.")
