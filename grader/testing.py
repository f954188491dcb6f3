"""Everything that an exercise's tests may import. Nothing deeper in `grader` is public.

A test is a pytest function with the fixtures `learner` and `reference` (a `Learner` that
calls the submission, and one that calls the solution), `rng` (a `numpy.random.Generator`)
and `train` (a `Trainer`). Visible tests also run in notebooks
without this package, so they take only `learner` and `rng` and only the names that
`grader/notebook/tools.py` offers; `course nbgrader build` reports anything else.
"""

from grader.judge.models import optimizer_token
from grader.judge.own_code.authored import Shown, Wrong, named, question, varied
from grader.judge.server.asserts import (
    Mismatch,
    NotJudged,
    assert_allclose,
    assert_array_equal,
    assert_same_table,
    assert_shape,
)
from grader.judge.server.contract import (
    Contract,
    Domain,
    Result,
    at_each_place,
    check_refusals,
    check_results,
)
from grader.judge.server.learner import Learner
from grader.judge.server.model_asserts import (
    assert_independent,
    assert_same_compiling,
    assert_same_layers,
    assert_same_model,
)
from grader.judge.server.model_stand_in import ModelStandIn
from grader.judge.server.stateful_stand_in import LayerStandIn, StatefulLayerStandIn, StatefulModelStandIn
from grader.judge.server.training import Recipe, Trainer
from grader.judge.wire.stand_in import Draws, StandIn, free, free_arguments
from grader.judge.wire.values import Generator

__all__ = [
    "Contract",
    "Domain",
    "Draws",
    "Generator",
    "LayerStandIn",
    "Learner",
    "Mismatch",
    "ModelStandIn",
    "NotJudged",
    "Recipe",
    "Shown",
    "Result",
    "StandIn",
    "StatefulLayerStandIn",
    "StatefulModelStandIn",
    "Trainer",
    "Wrong",
    "assert_allclose",
    "assert_array_equal",
    "assert_independent",
    "assert_same_compiling",
    "assert_same_layers",
    "assert_same_model",
    "assert_same_table",
    "assert_shape",
    "at_each_place",
    "check_refusals",
    "check_results",
    "free",
    "free_arguments",
    "named",
    "question",
    "varied",
    "optimizer_token",
]
