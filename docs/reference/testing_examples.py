"""An example of each name that tests and own_code.py may import, for the page about testing."""

from __future__ import annotations

FIXTURES: dict[str, tuple[str, str]] = {
    "learner": (
        "Calls the functions of the submission by name. It checks each result against the kind that "
        "`exercise.yaml` promises.",
        'assert learner.longest("Two green apes") == "green", "It should be green"',
    ),
    "reference": (
        "Calls the functions of your solution in the same way. Only hidden tests may take it.",
        'assert learner.words(text) == reference.words(text), "Some words, or their order, are not right"',
    ),
    "rng": (
        "A `numpy.random.Generator`. Each test has its own, which the seed and the test's name determine.",
        "x = rng.normal(size=int(rng.integers(3, 9)))",
    ),
    "train": (
        "Trains the judge's own copy of a model by a `Recipe`, and remembers the result. Only hidden "
        "tests may take it.",
        "trained = train(model, X, y, Recipe(steps=60, seed=1))",
    ),
}

METHODS: dict[str, str] = {
    "raises": 'with learner.raises(ValueError, "for a text without words"):\n    learner.longest("1, 2, 3.")',
    "assert_unchanged": "learner.scaled(x)\nlearner.assert_unchanged()",
    "assert_no_warning": "learner.sigmoid(np.array([-1000.0]))\nlearner.assert_no_warning()",
    "plot": 'learner.plot("Forecast", {"forecast": (hours, learner.forecast(hours))}, xlabel="hours")',
}

ASSERTIONS: dict[str, str] = {
    "assert_allclose": 'assert_allclose(learner.mean(x), reference.mean(x), "The mean is wrong", rtol=1e-4)',
    "assert_array_equal": 'assert_array_equal(learner.ranks(x), reference.ranks(x), "The ranks are wrong")',
    "assert_shape": 'assert_shape(learner.windows(x, 3), (7, 3), "There should be seven windows of 3")',
    "assert_same_table": (
        'assert_same_table(learner.counts(table), reference.counts(table), "The counts are not right")'
    ),
    "assert_same_model": "assert_same_model(learner.build(8), reference.build(8))",
    "assert_same_layers": "assert_same_layers(learner.build(8), reference.build(8))",
    "assert_same_compiling": (
        "assert_same_compiling(learner.build(learning_rate=0.01), reference.build(learning_rate=0.01))"
    ),
    "assert_independent": "assert_independent(learner.build(8), learner.build(8))",
    "optimizer_token": (
        "one, other = learner.build_two()\n"
        'assert optimizer_token(one) != optimizer_token(other), "Give each model its own optimizer"'
    ),
    "Mismatch": 'if not np.isfinite(y).all():\n    raise Mismatch("The result is not finite", f"got {y}", y)',
    "NotJudged": 'if len(model.layers) > 9:\n    raise NotJudged("This model has too many layers")',
}

CONTRACTS: dict[str, str] = {
    "Contract": (
        "MEAN = Contract(\n"
        '    "mean",\n'
        '    {"x": Domain(lambda rng: rng.normal(size=5))},\n'
        '    {"m": Result("The mean is not right")},\n'
        ")"
    ),
    "Domain": (
        "Domain(\n"
        "    lambda rng: rng.normal(size=5),\n"
        '    edges={"a single number": lambda x: x[:1]},\n'
        '    excluded={"an empty array": np.array([])},\n'
        ")"
    ),
    "Result": 'Result("The windows are not right", shape="(n, length)", dtype="float64", rtol=1e-4)',
    "check_results": "check_results(MEAN, learner, reference, rng)",
    "check_refusals": "check_refusals(MEAN, learner, reference, rng)",
    "at_each_place": (
        "def with_nan(x, at):\n"
        "    x = x.copy()\n"
        "    x[round(at * (len(x) - 1))] = np.nan\n"
        "    return x\n\n\n"
        'Domain(lambda rng: rng.normal(size=5), excluded=at_each_place("NaN", with_nan))'
    ),
}

ARGUMENTS: dict[str, str] = {
    "Generator": "sample = learner.draw(10, rng=Generator(7))",
    "Draws": 'draws = Draws(7)\nlearner.draw(10, rng=draws)\nassert draws.seen, "Draw by probabilities"',
    "StandIn": (
        "class Scaler(StandIn):\n"
        "    def transform(self, x):\n"
        "        return 2 * x\n\n\n"
        'y = learner.scaled(Scaler("scaler"), x)'
    ),
    "free": 'class Scaler(StandIn):\n    @free\n    def describe(self):\n        return "doubles"',
    "free_arguments": (
        'class Model(StandIn):\n    @free_arguments("verbose")\n    def predict(self, x, verbose="auto"):\n'
        "        return x.sum(axis=1)"
    ),
    "ModelStandIn": (
        "class Line(ModelStandIn):\n"
        "    def _learn(self, x, y):\n"
        "        self.slope = float((x * y).sum() / (x * x).sum())\n\n"
        "    def _answer(self, x):\n"
        "        return self.slope * x[:, 0]\n\n\n"
        'history = learner.trained(Line("model", params=1), x, y)'
    ),
    "LayerStandIn": 'LayerStandIn("dense", lambda x: x @ weights)',
    "StatefulLayerStandIn": 'StatefulLayerStandIn("rnn", (2, 3), lambda x, h: np.tanh(x @ Wx + h @ Wh))',
    "StatefulModelStandIn": (
        'StatefulModelStandIn("model", [StatefulLayerStandIn("rnn", (2, 3), step), LayerStandIn("d", last)])'
    ),
    "Recipe": "train(model, X, y, Recipe(steps=60, learning_rate=0.01, seed=1))",
}

OWN_CODE: dict[str, str] = {
    "question": (
        '@question("rnn_forward", level=1, kind="shape")\n'
        "def shape_of_the_states(code, call):\n"
        '    """What is the shape of the array that your function returns for {call}?"""\n'
        "    H = code.run(call)\n"
        "    yield H.shape\n"
        '    yield Wrong((len(H) - 1, H.shape[1]), "The state before the first step has a row, too.")'
    ),
    "Wrong": 'Wrong(7, "That counts every word.", misconception="part-by-rest")',
    "named": "call = named(X=np.zeros((4, 2)), part=0.5)",
    "varied": "other = varied(call, part=0.25)",
    "Shown": 'call = (Shown(np.tanh, "np.tanh"), Shown(3, "3"))',
}

# types that fixtures have, with the fixture that says more
TYPES: dict[str, str] = {"Learner": "learner", "Trainer": "train"}

SECTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "Assertions": (
        "Most take a message. All learners read it; only visible tests add what differs. A plain "
        '`assert condition, "message"` works, too. The assertions of numpy and unittest do not: learners '
        "cannot read their words.",
        ASSERTIONS,
    ),
    "Contracts": (
        "Write the domain of each argument and the rule of each result once, above the tests of a function. "
        "One line then checks all inputs.",
        CONTRACTS,
    ),
    "Arguments for learners' functions": (
        "Functions and objects that a test passes to a submission stay in the judge.",
        ARGUMENTS,
    ),
    "Questions about learners' own code": ("For the file `own_code.py` of an exercise.", OWN_CODE),
}
