"""Accuracy of mastery in a simulated class that answers the bundled course's questions."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.content.course import Course
from grader.progress.evidence import Contents

LEARNERS, SEED = 500, 1
BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "mastery.py"


def _loaded() -> ModuleType:
    """Import the benchmark, which is not part of a package."""
    spec = importlib.util.spec_from_file_location("benchmark_of_mastery", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


benchmark = _loaded()


@pytest.fixture(scope="module")
def contents() -> Contents:
    return Contents.of(Course.bundled())


def simulated(world: Any, contents: Contents, learners: int = LEARNERS) -> Any:
    return benchmark.simulated(world, contents, learners, SEED)


@pytest.mark.parametrize("world", benchmark.STATIC, ids=lambda world: str(world.share))
def test_concepts_called_mastered_are_known_and_known_ones_are_called_mastered(
    world: Any, contents: Contents
) -> None:
    """The rule holds for any share of knowers; it assumes a share of 0.3, and that the others may learn."""
    figures = benchmark.figures(simulated(world, contents), benchmark.by_tracing)
    assert figures.precision >= 0.9
    assert figures.recall >= 0.6


@pytest.mark.parametrize("world", benchmark.LEARNING[1:], ids=lambda world: str(world.learns))
def test_the_rule_also_holds_for_learners_who_learn_from_explanations(world: Any, contents: Contents) -> None:
    figures = benchmark.figures(simulated(world, contents, 200), benchmark.by_tracing)
    assert figures.precision >= 0.9
    assert figures.recall >= 0.6


def test_it_takes_fewer_questions_than_five_right_answers_in_a_row(contents: Contents) -> None:
    cases = simulated(benchmark.STATIC[1], contents, 200)
    ours, theirs = (
        benchmark.figures(cases, rule) for rule in (benchmark.by_tracing, benchmark.by_five_in_a_row)
    )
    assert ours.mean <= 0.75 * theirs.mean
    assert ours.recall >= theirs.recall


def test_a_level_of_seventy_percent_means_that_seventy_percent_know_the_concept(contents: Contents) -> None:
    """The class matches the assumptions of mastery.py, so Bayes' rule must be right."""
    bins = benchmark.calibration(simulated(benchmark.AS_ASSUMED, contents))
    for each in bins:
        # six standard errors instead of three, because the answers of one case are not independent
        spread = (each.predicted * (1 - each.predicted) / each.answers) ** 0.5
        assert each.true == pytest.approx(each.predicted, abs=6 * spread), each
    assert len(bins) == len(benchmark.BINS) - 1
    assert sum(each.answers for each in bins) > 50_000


def test_the_same_seed_gives_the_same_class(contents: Contents) -> None:
    world = benchmark.AS_ASSUMED
    assert simulated(world, contents, 5) == simulated(world, contents, 5)
    assert benchmark.simulated(world, contents, 5, SEED + 1) != simulated(world, contents, 5)
