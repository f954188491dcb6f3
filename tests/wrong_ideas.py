"""Twenty wrong ideas that are no known mistakes, each written in ten ways, and right answers in ten ways."""

from __future__ import annotations

from pathlib import Path

from judging import write_exercise

from grader.content.course import Course

FUNCTIONS = {
    "smooth(x, width)": {"y": "array"},
    "score(y, p)": {"error": "float"},
    "pairs(x, lag)": {"pairs": "list"},
    "label(x, limit)": {"labels": "list"},
}
RIGHT = {
    "smooth": ["sum(x[i:i + width]) / width for i in range(len(x) - width + 1)", "np.array"],
    "score": ["sum(abs(a - b) for a, b in zip(y, p)) / len(y)", "float"],
    "pairs": ["(float(x[i]), float(x[i + lag])) for i in range(len(x) - lag)", "list"],
    "label": ["'high' if v > limit else 'low' for v in x", "list"],
}
# the function, and two ways to compute the wrong result
IDEAS: dict[str, tuple[str, str, str]] = {
    "last_counts_twice": (
        "smooth",
        "np.array([(sum(x[i:i + width]) + x[i + width - 1]) / width for i in range(len(x) - width + 1)])",
        "np.convolve(x, [2 / width] + [1 / width] * (width - 1), 'valid')",
    ),
    "with_ends": (
        "smooth",
        "np.convolve(x, np.ones(width) / width, 'full')",
        "np.array([sum(x[max(0, i - width + 1):i + 1]) / width for i in range(len(x) + width - 1)])",
    ),
    "middle_one": (
        "smooth",
        "np.array([np.median(x[i:i + width]) for i in range(len(x) - width + 1)])",
        "np.array([sorted(x[i:i + width])[width // 2] for i in range(len(x) - width + 1)])",
    ),
    "largest": (
        "smooth",
        "np.array([max(x[i:i + width]) for i in range(len(x) - width + 1)])",
        "np.array([np.max(x[i:i + width]) for i in range(len(x) - width + 1)])",
    ),
    "wider_each_time": (
        "smooth",
        "np.array([np.mean(x[:i + width]) for i in range(len(x) - width + 1)])",
        "np.cumsum(x)[width - 1:] / np.arange(width, len(x) + 1)",
    ),
    "squared": (
        "score",
        "float(np.mean((np.asarray(y) - p) ** 2))",
        "sum((a - b) ** 2 for a, b in zip(y, p)) / len(y)",
    ),
    "root": (
        "score",
        "float(np.sqrt(np.mean((np.asarray(y) - p) ** 2)))",
        "(sum((a - b) ** 2 for a, b in zip(y, p)) / len(y)) ** 0.5",
    ),
    "no_count": ("score", "float(np.abs(np.asarray(y) - p).sum())", "sum(abs(a - b) for a, b in zip(y, p))"),
    "signs_cancel": (
        "score",
        "float(np.mean(np.asarray(y) - p))",
        "sum(a - b for a, b in zip(y, p)) / len(y)",
    ),
    "worst": ("score", "float(np.max(np.abs(np.asarray(y) - p)))", "max(abs(a - b) for a, b in zip(y, p))"),
    "relative": (
        "score",
        "float(np.mean(np.abs((np.asarray(y) - p) / y)))",
        "sum(abs((a - b) / a) for a, b in zip(y, p)) / len(y)",
    ),
    "products": (
        "pairs",
        "[float(x[i] * x[i + lag]) for i in range(len(x) - lag)]",
        "[float(a) for a in np.asarray(x)[lag:] * np.asarray(x)[:-lag]]",
    ),
    "with_differences": (
        "pairs",
        "[(float(x[i]), float(x[i + lag] - x[i])) for i in range(len(x) - lag)]",
        "[(float(a), float(b - a)) for a, b in zip(x, x[lag:])]",
    ),
    "neighbors": (
        "pairs",
        "[(float(x[i]), float(x[i + 1])) for i in range(len(x) - lag)]",
        "[(float(a), float(b)) for a, b in zip(x[:-lag], x[1:])]",
    ),
    "differences": (
        "pairs",
        "[float(x[i + lag] - x[i]) for i in range(len(x) - lag)]",
        "[float(d) for d in np.asarray(x)[lag:] - np.asarray(x)[:-lag]]",
    ),
    "with_places": (
        "pairs",
        "[(i, float(x[i + lag])) for i in range(len(x) - lag)]",
        "[(i, float(b)) for i, b in enumerate(x[lag:])]",
    ),
    "own_size": (
        "label",
        "['high' if abs(v) > limit else 'low' for v in x]",
        "['low' if -limit <= v <= limit else 'high' for v in x]",
    ),
    "capital_letters": (
        "label",
        "['HIGH' if v > limit else 'LOW' for v in x]",
        "[('high' if v > limit else 'low').upper() for v in x]",
    ),
    "only_high": (
        "label",
        "['high' for v in x if v > limit]",
        "['high'] * int(sum(np.asarray(x) > limit))",
    ),
    "true_or_false": ("label", "[bool(v > limit) for v in x]", "[not v <= limit for v in x]"),
}
_WAYS = [
    "def {name}({arguments}):\n    return {result}\n",
    "def {name}({arguments}):\n    # as in the lesson\n    answer = {result}\n    return answer\n",
    "{name} = lambda {arguments}: {result}\n",
    "def _helper({arguments}):\n    return {result}\n\ndef {name}({arguments}):\n"
    "    return _helper({arguments})\n",
    "def {name}({arguments}):\n    print('working')\n    if len({first}) > 0:\n        return {result}\n"
    "    return {result}\n",
]


def write_course(root: Path) -> Course:
    """Write a course with an exercise that knows none of the ideas."""
    visible = '''
    @pytest.mark.points(1, function="score")
    def test_no_error(learner):
        """Equal numbers have no error."""
        assert learner.score(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0, "It should be 0"
    '''
    hidden = '''
    @pytest.mark.points(1, function="smooth")
    @pytest.mark.parametrize("width", [3, 5])
    def test_smooth(learner, reference, rng, width):
        """Any series is smoothed."""
        x = rng.normal(size=40)
        assert_allclose(learner.smooth(x, width), reference.smooth(x, width), "That is not the mean")

    @pytest.mark.points(1, function="score")
    def test_score(learner, reference, rng):
        """Any errors are counted."""
        y, p = rng.normal(size=12), rng.normal(size=12)
        assert_allclose(learner.score(y, p), reference.score(y, p), "That is not the error")

    @pytest.mark.points(1, function="pairs")
    def test_pairs(learner, reference, rng):
        """Values are paired."""
        x = rng.normal(size=11)
        got, right = learner.pairs(x, 3), reference.pairs(x, 3)
        assert got == right, "These are not the pairs"

    @pytest.mark.points(1, function="label")
    def test_label(learner, reference, rng):
        """Values are labeled."""
        x = rng.normal(size=20)
        assert learner.label(x, 0.3) == reference.label(x, 0.3), "These are not the labels"
    '''
    return write_exercise(root, FUNCTIONS, right(0), visible, hidden)


def wrong(idea: str, way: int) -> str:
    """Return a submission that is right but for one idea, written in one of ten ways."""
    function, *results = IDEAS[idea]
    return _program(way, {function: results[way % 2]})


def right(way: int) -> str:
    return _program(way, {})


def _program(way: int, wrong_results: dict[str, str]) -> str:
    parts = ["import numpy as np\n"]
    for signature in FUNCTIONS:
        name, _, arguments = signature.rstrip(")").partition("(")
        inner, kind = RIGHT[name]
        result = f"{kind}({inner})" if kind == "float" else f"{kind}([{inner}])"
        form = _WAYS[way // 2] if name in wrong_results else _WAYS[way % len(_WAYS)]
        result = wrong_results.get(name, result)
        parts.append(
            form.format(
                name=name, arguments=arguments, result=result, first=arguments.partition(",")[0]
            ).replace("_helper", f"_helper_{name}")
        )
    return "\n".join(parts)
