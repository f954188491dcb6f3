"""Count what the result of a hidden test can say, whatever learner code does after it has seen the inputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

from grader.content.exercise import Exercise, Function
from grader.content.relations import RelationKind
from grader.judge import sentences
from grader.judge.jobs import LIMITS
from grader.judge.models import TOO_MANY
from grader.judge.models.comparing import NOISE
from grader.judge.models.compiling import _OPTIMIZERS
from grader.judge.models.layers import _LAYERS, WRAPPERS, _known
from grader.judge.server import tables
from grader.judge.server.apart import is_replaceable
from grader.judge.server.contract import Contract, _usual, allowed, excluded
from grader.judge.server.hidden_errors import ERRORS, OTHER_VALUE, UNSENT, VALUES
from grader.judge.server.learner import _PROMISES, _REASONS
from grader.judge.server.model_stand_in import _CHANGE_TRAINING, _REFUSED, ModelStandIn
from grader.judge.wire import messages as m

MODELS = Path(sentences.__file__).parent / "models"
BLIND = (
    *(RelationKind.CONSTANT, RelationKind.ARGUMENT_IGNORED, RelationKind.PRINTED),
    *(RelationKind.RETURNED, RelationKind.RAISED),
)
REASONS = [reason for reason in sentences.REASONS.values() if reason]


def messages(
    exercise: Exercise, name: str, brief_errors: bool = False, brief_values: bool = False
) -> set[str]:
    """Return what the judge itself can say about a failed call. The source is fixed, and so is advice."""
    function = exercise.function(name)
    assert function is not None
    found = {
        *(sentences.timed_out(name, LIMITS.call), sentences.crashed(name), sentences.out_of_memory(name)),
        *(sentences.bad_reply(name, ""), sentences.blank(name)),
        *(sentences.changed(name, [each]) for each in (() if brief_errors else function.parameters)),
        sentences.changed(name, []),
    }
    for kind in ("", *(() if brief_errors else ERRORS)):
        raised = m.Raised("", (kind,) if kind else (), "", None, None, "")
        found.add(sentences.raised(name, raised, visible=False))
    return found | {*_wrong_values(function, brief_values)}


def of_the_test(exercise: Exercise, name: str) -> set[str]:
    """Return what the judge can say about a test as a whole."""
    others = [f.name for f in exercise.functions if f.name != name and is_replaceable(f)]
    some = [names for count in range(1, len(others) + 1) for names in combinations(others, count)]
    return {
        *("", sentences.not_tried_again(name), sentences.out_of_time(), sentences.out_of_time_here()),
        *(sentences.test_timed_out(LIMITS.test), sentences.unusable(name), sentences.too_large(name)),
        *(sentences.refused_model(TOO_MANY, ""), "a keyword that the function does not take"),
        *map(sentences.passes_after, some),
    }


def _wrong_values(function: Function, brief: bool) -> Iterator[str]:
    kinds = [VALUES[type(None)], OTHER_VALUE] if brief else [*VALUES.values(), *UNSENT.values(), OTHER_VALUE]
    names = [*function.returns]
    if len(names) > 1:
        for got in [*kinds, "another number of values"]:
            yield sentences.wrong_count(function.name, names, got)
    for name, kind in function.returns.items():
        is_part = len(names) > 1
        told = [(got, "") for got in kinds if not (brief and is_part and got == "None")]
        told += [] if brief else [(OTHER_VALUE, sentences.REASONS[reason]) for reason in _REASONS]
        for got, reason in told:
            yield sentences.wrong_kind(function.name, name if is_part else "", _PROMISES[kind], got, reason)
        if kind == "model":
            reasons = {sentences.UNSUPPORTED_PART} if brief else reasons_of_models()
            for reason in {*reasons, *REASONS}:
                yield sentences.refused_model(reason, "")


def reasons_of_models() -> set[str]:
    """Return the reasons for which a model is not judged, as a hidden test shows them."""
    found = set()
    for file in MODELS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("Model"):
                general = [each.value for each in node.keywords if each.arg == "general"] + node.args[2:]
                found |= {ast.unparse(each) for each in (general or node.args)[:1]}
    return found


# --- one hidden test ---


class HiddenTests:
    """The hidden tests of an exercise, and what each can say. The file is the course's own, so it is run."""

    def __init__(self, exercise: Exercise, directory: Path) -> None:
        self._exercise = exercise
        self._solution = (directory / "solution.py").read_text()
        self._shown = _tests_of(ast.parse((directory / "visible_tests.py").read_text()))
        tree = ast.parse((directory / "hidden_tests.py").read_text())
        self._top = {
            node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        self.functions = _tests_of(tree)  # test -> the learner's function
        for node in self._top.values():
            node.decorator_list.clear()  # the mark `points` is unknown to this run of pytest
        self._module: dict[str, Any] = {"__name__": "hidden_tests"}
        exec(compile(tree, "hidden_tests.py", "exec"), self._module)

    def choices(self, test: str) -> set[str]:
        """Return every message that a test can have; names stand for some that hold places of the source."""
        name = self.functions[test]
        node, exercise = self._top[test], self._exercise
        found = of_the_test(exercise, name)
        # the lines of errors that visible tests of the function have shown, with and without eager execution
        shown = [test for test, function in self._shown.items() if function == name]
        found |= {f"line in {test} {eager}" for test in shown for eager in (True, False)}
        calls = {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
        contracts = [self._module[arg.id] for arg in _first_arguments(node) if arg.id in self._module]
        for contract in contracts:
            if isinstance(contract, Contract):
                found |= {*self._of_contract(contract, "check_refusals" in calls)}
        if not contracts or not {"check_results", "check_refusals"} & calls:
            found |= messages(exercise, name) | {*self._by_the_author(node)}
        if any(isinstance(each, type) and ModelStandIn in each.__bases__ for each in self._module.values()):
            found |= of_stand_ins()
        if "assert_same_table" in calls:
            found |= {f"{text}: {what}" for text in self._by_the_author(node) for what in of_tables()}
        if "assert_same_layers" in calls or "assert_same_compiling" in calls:
            found |= of_models(self._solution, "assert_same_compiling" in calls)
        return found

    def _of_contract(self, contract: Contract, refusals: bool) -> Iterator[str]:
        name, rng = contract.function, np.random.default_rng(0)
        used = [*_usual(contract, rng, 1)] if refusals else [*allowed(contract, rng)]
        for label in {case.label for case in used}:
            brief_values = bool(label) or len(contract.results) > 1
            for message in messages(self._exercise, name, bool(label), brief_values):
                yield sentences.happened(message, label)
            for result, rule in contract.results.items():
                yield sentences.wrong_values(rule.says, label)
                if rule.shape:
                    yield sentences.wrong_shape(result, rule.shape, label)
                if rule.dtype:
                    yield sentences.wrong_dtype(result, rule.dtype, label)
        if refusals:
            for case in excluded(contract, rng):
                when = f"for {case.label}"
                yield sentences.no_error(name, "ValueError", when)
                yield sentences.other_error(name, "ValueError", when, "another error")
            yield from messages(self._exercise, name, brief_errors=True, brief_values=True)

    def _by_the_author(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yield the texts of a test and of what it uses, f-strings with everything that may fill them."""
        constants = {each.value for each in ast.walk(node) if _is_text(each)}
        inside = {
            id(part) for each in ast.walk(node) if isinstance(each, ast.JoinedStr) for part in each.values
        }
        for each in ast.walk(node):
            if isinstance(each, ast.JoinedStr):
                yield from self._filled(each, constants)
            elif _is_text(each) and " " in each.value and id(each) not in inside:  # type: ignore[attr-defined]
                yield each.value  # type: ignore[attr-defined]
            elif isinstance(each, ast.Name) and each.id in self._top and each.id not in seen:
                yield from self._by_the_author(self._top[each.id], seen | {each.id})

    def _filled(self, text: ast.JoinedStr, constants: set[str]) -> Iterator[str]:
        options: list[set[str]] = []
        for part in text.values:
            if isinstance(part, ast.Constant):
                options.append({part.value})
                continue
            names = {each.id for each in ast.walk(part) if isinstance(each, ast.Name)}
            returned = {
                each.value.value
                for name in names & self._top.keys()
                for each in ast.walk(self._top[name])
                if isinstance(each, ast.Return) and _is_text(each.value)
            }
            tables = [self._module[name] for name in names if isinstance(self._module.get(name), dict)]
            options.append(returned or {str(v) for table in tables for v in table.values()} or constants)
        yield from map("".join, product(*options))


def of_models(solution: str, compiling: bool) -> set[str]:
    """Return what the comparison of a model with one of the solution's can say, at most."""
    found = {
        sentences.other_input(),
        sentences.other_output(),
        sentences.trained(),
        *map(sentences.extra_layer, NOISE),
    }
    for kind in (kind for kind in _LAYERS if re.search(rf"\b{kind}\b", solution)):
        found |= {sentences.other_layers([kind]), sentences.frozen_layer(kind)}
        numbers = (0, 1, 2) if "keras.Model(" in solution else ()  # a chain has no connections of its own
        found |= {sentences.other_arguments(sentences.numbered(kind, number)) for number in numbers}
        found |= {sentences.other_inner_layer(wrapper, kind) for wrapper in WRAPPERS if wrapper in solution}
        found |= {sentences.other_option(f"{kind} layer", each, default=True) for each in _known(kind)}
    if compiling:
        found = {sentences.not_compiled(), sentences.is_compiled(), sentences.optimizer_has_stepped()}
        found |= {sentences.other_rate(), sentences.other_loss(""), sentences.other_optimizer("Adam")}
        options = {each for table in _OPTIMIZERS.values() for each in table}
        found |= {sentences.other_option("optimizer", each, default=True) for each in options}
        found |= {sentences.other_compile_option(each) for each in ("", *("loss_weights", "jit_compile"))}
    return found


def of_tables() -> set[str]:
    """Return what the comparison of tables of pandas can add to the message of a test."""
    tree = ast.parse(Path(tables.__file__).read_text())
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and each.args]
    first = [each.args[0] for each in calls if ast.unparse(each.func) == "Difference"]
    kinds = [*tables._KINDS.values(), tables._TEXTS, "several kinds of values"]
    return {f"{ast.unparse(each)} {kind}" for each in first for kind in kinds}


def of_stand_ins() -> set[str]:
    """Return what a stand-in for a model can say."""
    methods = {sentences.stand_in_method(name) for name in _REFUSED}
    callbacks = {sentences.stand_in_callback(name) for name in _CHANGE_TRAINING}
    weights = {sentences.weighted_fit(name) for name in ("class_weight", "sample_weight")}
    return methods | callbacks | weights | {sentences.unknown_callback(), sentences.partial_epochs()}


def relations(function: Function) -> int:
    """Return how many explanations of failures code can choose on top of the messages of the tests.

    These are the relations that say nothing about a right value, and none. A known mistake, alone or with
    another one, is named only where every call gives what the mistake gives. Then the messages are those of
    the mistake, so a name takes the place of a choice of messages and adds nothing to it.
    """
    return len(BLIND) + len(function.parameters)


def _tests_of(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for mark in (each for each in node.decorator_list if isinstance(each, ast.Call)):
                for keyword in mark.keywords:
                    found[node.name] = str(ast.literal_eval(keyword.value))
    return found


def _first_arguments(node: ast.AST) -> Iterator[ast.Name]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Name):
            yield each.args[0]


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
