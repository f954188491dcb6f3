"""Calls and questions about learners' own code. A gate at ±50 is open or closed, and tanh of ±20 is ±1."""

import numpy as np

from grader.testing import Shown, Wrong, named, question, varied


def array(*numbers):
    return np.array([float(number) for number in numbers])


def rnn_call(rng):
    """Unit 0 reads the input, and one unit reads the old state of the other."""
    into = rng.choice([0, 1])
    Wh = np.zeros((2, 2))
    Wh[1 - into, into] = 40
    return named(
        x=array(rng.choice([-1, 0, 1])).reshape(1, 1),
        h=array(*rng.sample([-1, 0, 1], 2)).reshape(1, 2),
        Wx=array(20, 0).reshape(1, 2),
        Wh=Wh,
        b=array(0, rng.choice([-20, 20])),
    )


def lstm_call(rng):
    """Return a step whose gates depend on their biases alone, and whose candidate is ±1."""
    i, f = rng.choice([*[(50, -50), (-50, 50), (50, 50)] * 2, (-50, -50)])
    o = rng.choice([-50, 50, 50])
    return named(
        x=array(rng.choice([-1, 1])).reshape(1, 1),
        h=array(rng.choice([-0.5, 0.5])).reshape(1, 1),
        c=array(rng.choice([2, 3, 4, -2, -3])).reshape(1, 1),
        Wx=array(0, 0, 20, 0).reshape(1, 4),
        Wh=np.zeros((1, 4)),
        b=array(i, f, 0, o),
    )


def gru_call(rng):
    """Return a step whose gates depend on their biases alone. A bias of 0 opens a gate halfway."""
    return named(
        x=array(rng.choice([-1, 1])).reshape(1, 1),
        h=array(rng.choice([-0.5, 0.5, 0.25, -0.2])).reshape(1, 1),
        Wx=array(0, 0, 20).reshape(1, 3),
        Wh=np.zeros((1, 3)),
        b=np.array([[rng.choice([-50.0, 0.0, 50.0]), rng.choice([-50.0, 50.0]), 0.0],
                    [0.0, 0.0, rng.choice([-40.0, 40.0])]]),
    )  # fmt: skip


def add(x, h, w):
    return h + w * x


def double(x, h, w):
    return w * h + x


def count(x, h, c):
    return x + c, c + 1


def layer_call(rng):
    """Return a sequence or two, and a step that can be computed at a glance."""
    rows = rng.choice([1, 1, 2])
    steps = rng.choice([3, 4, 5]) if rows == 1 else 3
    numbers = [-4, -3, -2, -1, 1, 2, 3, 4, 5, 6]
    X = np.array([[[float(rng.choice(numbers))] for _ in range(steps)] for _ in range(rows)])
    h0 = np.array([[float(rng.randrange(4))] for _ in range(rows)])
    weights = (array(rng.choice([2, 3, -1])),)
    kind = rng.choice(["add", "double", "count"])
    if kind == "count":
        c0 = np.array([[float(rng.choice([10, 20]))] for _ in range(rows)])
        return Shown(count, "lambda x, h, c: (x + c, c + 1)"), X, h0, (), c0
    if kind == "double":
        return Shown(double, "lambda x, h, w: w * h + x"), X, h0, weights
    return Shown(add, "lambda x, h, w: h + w * x"), X, h0, weights


CALLS = {"rnn_step": rnn_call, "lstm_step": lstm_call, "gru_step": gru_call, "run_layer": layer_call}


def shapes_of(blocks, rows, features, units, cell_state=False, two_biases=False):
    """Return the shapes of a cell's arguments."""
    states = [(rows, units)] * (1 + cell_state)
    columns = blocks * units
    return [
        (rows, features),
        *states,
        (features, columns),
        (units, columns),
        (2, columns) if two_biases else (columns,),
    ]


def shapes_edges(**cell):
    """Return calls with arrays of zeros. In some, one array has a shape that numpy would repeat."""

    def edges(rng):
        def sizes(least):
            rows, units = rng.randrange(least, 4), rng.randrange(least, 4)
            return shapes_of(rows=rows, features=rng.randrange(1, 12), units=units, **cell)

        calls = [sizes(1) for _ in range(9)]
        for _ in range(6):
            wrong = sizes(2)
            place = rng.choice([1, len(wrong) - 1])  # the state or the bias
            wrong[place] = (1, *wrong[place][1:]) if len(wrong[place]) > 1 else (1,)
            calls.append(wrong)
        return [tuple(map(np.zeros, shapes)) for shapes in calls]

    return edges


def bad_shapes(**cell):
    """Return a call in which one array does not fit."""

    def bad(rng):
        shapes = shapes_of(rows=2, features=3, units=2, **cell)
        place = rng.randrange(len(shapes))
        first, *rest = shapes[place]
        shapes[place] = rng.choice([(first + 1, *rest), (first,)]) if rest else (first + 1,)
        return tuple(map(np.zeros, shapes))

    return bad


def layer_edges(rng):
    """A state for each sequence is fine, and a state for all of them is not."""
    sizes = [(rng.randrange(1, 6), rng.randrange(1, 13), rng.randrange(1, 4)) for _ in range(15)]
    rows = [
        n if number < 9 else rng.choice([2, 3] if n == 1 else [1, n + 1])
        for number, (n, *_) in enumerate(sizes)
    ]
    return [
        (Shown(last, "step"), np.zeros((n, steps, 1)), np.zeros((count, units)), ())
        for (n, steps, units), count in zip(sizes, rows, strict=True)
    ]


def last(x, h, *c):
    return (h, *c) if c else h


def bad_layer(rng):
    X, h0, c0 = rng.choice(
        [((2, 3), (2, 1), (2, 1)), ((2, 3, 1), (1, 2), (2, 2)), ((2, 3, 1), (2, 2), (1, 2))]
    )
    return Shown(last, "step"), np.zeros(X), np.zeros(h0), (), np.zeros(c0)


def same_rnn_step(rng):
    """As tanh of ±20 is ±1, only the sign of the input matters; and one unit is not read."""
    first = rnn_call(rng)
    x, h, Wh = (first[at].value for at in (0, 1, 3))
    read = int(np.argmax(Wh.any(axis=1)))
    signs = [-1.0, 0.0, 1.0]

    def call(sign, value):
        size, state = rng.choice([1, 1, 2, 3, 10]), np.full((1, 2), rng.choice(signs))
        state[0, read] = value
        return varied(first, x=np.array([[size * sign]]) + 0.0, h=state)

    right = float(x[0, 0]), float(h[0, read])
    pairs = [(sign, value) for sign in signs for value in signs if sign == right[0] or value == right[1]]
    same = [call(*right) for _ in range(8)]
    return first, [*same, *(call(*pair) for pair in pairs * 3 if pair != right)]


def same_lstm_step(rng):
    """What a closed gate multiplies does not matter."""
    i, f = rng.choice([(50, -50), (-50, 50)])
    x, h, c = rng.choice([-1, 1]), rng.choice([-0.5, 0.5]), rng.choice([2, 3, 4, -2, -3])
    first = named(
        x=array(x).reshape(1, 1),
        h=array(h).reshape(1, 1),
        c=array(c).reshape(1, 1),
        Wx=array(0, 0, 20, 0).reshape(1, 4),
        Wh=np.zeros((1, 4)),
        b=array(i, f, 0, 50),
    )

    def call(x=x, h=h, c=c, i=i, f=f, o=50):
        small = [array(n).reshape(1, 1) for n in (x, h, c)]
        return varied(first, **dict(zip("xhc", small, strict=True)), b=array(i, f, 0, o))

    numbers = [n for n in (2, 3, 4, 10, -2, -3, -12) if n != c]
    states = [0.5, -0.5, 0.25, 1, 0]
    if f < 0:
        same = [call(h=rng.choice(states), c=n) for n in numbers]
        other = [call(-x, rng.choice(states), n) for n in numbers]
    else:
        same = [call(n, rng.choice(states)) for n in (-x, -x, x, -2 * x, 2 * x, 10 * x)]
        other = [call(rng.choice([x, -x]), rng.choice(states), n) for n in numbers]
    other += [call(i=f, f=i), call(i=50, f=50), call(i=-50, f=-50), call(o=-50), call(x, -h, c, i, f, -50)]
    return first, [*same, *other]


def same_gru_step(rng):
    """If the update gate is open, only the old state matters; if it is closed, only the candidate."""
    z, x, h = rng.choice([-50.0, 50.0]), rng.choice([-1, 1]), rng.choice([-0.5, 0.5, 0.25, -0.2])
    more, states = rng.choice([-40.0, 40.0]), [-0.5, 0.5, 0.25, -0.2, 0.75, 1, 0]

    def call(x=x, h=h, z=z, r=-50.0):
        b = np.array([[z, r, 0.0], [0.0, 0.0, more]])
        return named(
            x=array(x).reshape(1, 1),
            h=array(h).reshape(1, 1),
            Wx=array(0, 0, 20).reshape(1, 3),
            Wh=np.zeros((1, 3)),
            b=b,
        )

    def other(*numbers):
        x, h, *_, b = call(*numbers)
        return varied(call(), x=x.value, h=h.value, b=b.value)

    sizes, resets = [1, -1, 2, -2, 10, -10], [-50.0, 0.0, 50.0]
    if z > 0:
        same = [other(n, h, z, rng.choice(resets)) for n in sizes]
        wrong = [other(rng.choice(sizes), n, z, rng.choice(resets)) for n in states * 2 if n != h]
        wrong += [other(n, h, -z) for n in sizes]
    else:
        same = [other(abs(n) * x, rng.choice(states)) for n in sizes]
        wrong = [other(-abs(n) * x, rng.choice(states)) for n in sizes]
        wrong += [other(n * x, rng.choice(states), -z) for n in sizes]
    wrong += [other(x, h, 0.0), other(x, -h, 0.0)]
    return call(), [*same, *wrong]


def same_states(rng):
    """A factor can move from the inputs to the weight."""
    X, h0, w = array(*rng.sample(range(1, 7), 2)), float(rng.randrange(4)), rng.choice([2.0, 3.0, -1.0])

    def call(inputs=1.0, weight=1.0, more=0.0):
        arrays = (X * inputs).reshape(1, -1, 1), array(h0 + more).reshape(1, 1)
        return Shown(add, "lambda x, h, w: h + w * x"), *arrays, (array(w * weight),)

    factors = [2.0, -1.0, 0.5, 4.0, -2.0, -0.5, 10.0]
    same = [call(factor, 1 / factor) for factor in factors]
    other = [call(factor) for factor in factors] + [call(1.0, factor) for factor in factors]
    other += [
        call(factor, 1 / factor, more) for factor, more in zip(factors, (1, 2, 3, 10, 1, 2, 1), strict=True)
    ]
    return call(), [*same, *other]


KINDS = {
    "rnn_step": {"blocks": 1},
    "lstm_step": {"blocks": 4, "cell_state": True},
    "gru_step": {"blocks": 3, "two_biases": True},
}
EDGES = {name: shapes_edges(**cell) for name, cell in KINDS.items()} | {"run_layer": layer_edges}
RAISING = {name: bad_shapes(**cell) for name, cell in KINDS.items()} | {"run_layer": bad_layer}


SAME = {
    "rnn_step": same_rnn_step,
    "lstm_step": same_lstm_step,
    "gru_step": same_gru_step,
    "run_layer": same_states,
}


@question("rnn_step", level=1)
def next_state(code, call):
    """Which two numbers are in the state that your function returns for {call}? Tanh of ±20 is ±1."""
    first, second = code.run(call)[0]
    yield np.array([first, second])
    yield from code.mistakes(lambda h: np.clip(h[0], -1, 1))
    yield Wrong(np.array([first, -second]), "Add up again what the second unit gets.")
    yield Wrong(np.array([-first, second]), "Add up again what the first unit gets.")
    yield Wrong(np.array([second, first]), "Each column of the weights belongs to one unit. The order stays.")


@question("lstm_step", level=1)
def next_cell_state(code, call):
    """What is in `c_next` for {call}? A gate is 1 at 50 and 0 at -50."""
    yield code.run(call)[1]
    x, c = call[0].value, call[2].value
    yield Wrong(c, "So it would be with an open forget gate and a closed input gate.")
    yield Wrong(x, "So it would be with a closed forget gate and an open input gate.")
    yield Wrong(c + x, "So it would be with both of these gates open.")
    yield Wrong(0 * c, "So it would be with both of these gates closed.")


@question("lstm_step", level=1)
def next_output(code, call):
    """What is in `h_next` for {call}? A gate is 1 at 50 and 0 at -50, and tanh of ±1 is ±0.762."""
    h, c = code.run(call)
    yield h
    yield Wrong(np.tanh(c), "So it would be with an open output gate.")
    yield Wrong(0 * c, "So it would be with a closed output gate, or with a `c_next` of 0.")
    yield Wrong(np.tanh(call[2].value), "That comes from the old `c`.")
    yield Wrong(np.tanh(call[0].value), "That comes from the candidate alone.")
    yield Wrong(c, "That is `c_next`.")


@question("gru_step", level=1)
def next_state_of_the_gru(code, call):
    """What is in `h_next` for {call}? A gate is 1 at 50, 0.5 at 0, and 0 at -50."""
    yield code.run(call)
    x, old, _, _, b = (each.value for each in call)
    candidate, other = np.sign(20 * x + (b[0, 1] > 0) * b[1, 2]), np.sign(20 * x + (b[0, 1] < 0) * b[1, 2])
    yield Wrong(old, "That is the old state. It stays only if the update gate is 1.")
    yield Wrong(candidate, "That is the candidate. It replaces the old state only if the update gate is 0.")
    yield Wrong((old + candidate) / 2, "So it would be with an update gate of 0.5.")
    yield Wrong((old + other) / 2, "The reset gate multiplies what comes from the old state, with its bias.")
    yield Wrong(other, "The reset gate multiplies what comes from the old state, with its bias.")


@question("run_layer", level=2)
def third_state_given(code, call):
    """Which state `h` does {call} give to the step in its third call?"""
    states = code.observed(call, 1)
    yield states[2]
    yield Wrong(states[1], "That is `h` in the second call.")
    yield Wrong(states[0], "That is the first state. Each call gets the state that the last one returned.")
    yield Wrong(code.run(call)[:, 2], "That is what the third call returns.")


@question("run_layer", level=1, kind="shape")
def shape_of_all_states(code, call):
    """What is the shape of the array that your function returns for {call}?"""
    H = code.run(call)
    rows, steps, units = H.shape
    yield H.shape
    yield Wrong((steps, rows, units), "The sequences come first, as in `X`.")
    yield Wrong((rows, steps + 1, units), "The state before the first step is not in the result.")
    yield Wrong((rows, units), "That would be the last states only.")
    yield Wrong((rows, steps), "A state has an axis of its own, even with a single unit.")
