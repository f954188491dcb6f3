"""Measure how accurately mastery is detected, in a simulated class.

    python benchmarks/mastery.py [--learners 500] [--seed 1]

Each simulated learner knows each concept of the bundled lesson or does not, at
random. A learner who knows it answers right with probability 1 - slip; otherwise
the probability is the question's `guess`. Each question on a concept is asked once,
in the course's order. Then the drawn questions are repeated in turn until 15
questions were asked. A case is one learner and one concept; a question on two
concepts is asked separately for each.

The answers are evaluated by `grader.progress.mastery`, and for comparison by the
rule "five right answers in a row".
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain, cycle, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.content.course import Course
from grader.content.questions import SingleQuestion
from grader.content.value_questions import is_drawn
from grader.progress.evidence import Contents
from grader.progress.mastery import HELPED, REPEATED, SLIP, Piece, is_mastered, level

LIMIT = 15  # number of questions asked per concept
IN_A_ROW = 5
BINS = (0, 0.15, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1)

Array = NDArray[Any]


# --- the class ---


class World(NamedTuple):
    """The true behavior of simulated learners, independent of what mastery.py assumes."""

    title: str
    share: float = 0.5  # share of learners who know a concept before its first question
    learns: float = 0.0  # probability of learning the concept from one explained question
    slip: float = SLIP  # probability of a wrong answer although the concept is known
    single: float = 0.0  # lowest probability of guessing a single-choice question
    value: float = 0.0  # the same for all other kinds of questions
    copied: float = 0.0  # the same for a drawn question that was asked and explained before
    hinted: float = 0.0  # share of questions whose hints are read
    helped: float = HELPED  # lowest probability of a right answer after reading hints


STATIC = tuple(World(f"{share:.0%} know it, nobody learns", share) for share in (0.3, 0.5, 0.7))
# PRIOR, LEARN and REPEATED match this class exactly
AS_ASSUMED = World("30 % know it, others learn: 0.1, copy: 0.3", 0.3, learns=0.1, copied=REPEATED)
LEARNING = (
    AS_ASSUMED,
    World("50 % know it, others learn: 0.1", learns=0.1),
    World("50 % know it, others learn: 0.3", learns=0.3),
)
MISJUDGED = (
    World("slips: 0.05", slip=0.05),
    World("slips: 0.2", slip=0.2),
    World("single choices guessed: 0.4", single=0.4),
    World("numbers etc. guessed: 0.1", value=0.1),
    World("guessed 0.4 and 0.1, slips 0.2", slip=0.2, single=0.4, value=0.1),
    World("recipes copied: 0.1", copied=0.1),
    World("recipes copied: 0.3", copied=0.3),
    World("half with hints, which help: 0.5", hinted=0.5),
    World("half with hints, which help: 0.7", hinted=0.5, helped=0.7),
    World("all with hints, which help: 0.5", hinted=1.0),
)


class AskedQuestion(NamedTuple):
    """The properties of an asked question on which the simulated answers depend."""

    guess: float  # probability of guessing it when it is asked for the first time
    single: bool  # single choice
    again: bool  # asked before, with other numbers


class Case(NamedTuple):
    """One learner and one concept."""

    concept: str
    known: list[bool]  # whether the learner knows it before the first question and after each one
    pieces: tuple[Piece, ...]


def asked_on(contents: Contents, concept: str) -> list[AskedQuestion]:
    """Return the questions on a concept in the order of asking."""
    fitting = [question for question in contents.questions.values() if concept in question.concepts]
    again = cycle([question for question in fitting if is_drawn(question)])
    order = chain(((q, False) for q in fitting), ((q, True) for q in again))
    return [AskedQuestion(q.guess, isinstance(q, SingleQuestion), seen) for q, seen in islice(order, LIMIT)]


def simulated(world: World, contents: Contents, learners: int, seed: int) -> list[Case]:
    """Return the cases of a class. All worlds use the same random numbers, so results are comparable."""
    return [
        case
        for number, concept in enumerate(contents.concepts)
        for case in _on_concept(world, contents, concept, learners, np.random.default_rng([seed, number]))
    ]


def _on_concept(
    world: World, contents: Contents, concept: str, learners: int, rng: np.random.Generator
) -> Iterable[Case]:
    questions = asked_on(contents, concept)
    answering, learning, reading = (rng.random((learners, len(questions))) for _ in range(3))
    known = rng.random(learners) < world.share
    hinted = reading < world.hinted
    truths, verdicts = [known], []
    for step, question in enumerate(questions):
        alone = _luck(world, question)
        luck = np.where(hinted[:, step], max(alone, world.helped), alone)
        verdicts.append(answering[:, step] < np.where(known, 1 - world.slip, luck))
        known = known | (learning[:, step] < world.learns)
        truths.append(known)
    # the same rule as in `pieces_of`
    guesses = [max(question.guess, REPEATED if question.again else 0.0) for question in questions]
    assumed = np.maximum(guesses, np.where(hinted, HELPED, 0.0))
    return _cases(concept, np.transpose(truths), np.transpose(verdicts), assumed)


def _luck(world: World, question: AskedQuestion) -> float:
    """Return the true probability of a right answer without knowing and without hints."""
    least = world.single if question.single else world.value
    return max(question.guess, least, world.copied if question.again else 0.0)


def _cases(concept: str, truths: Array, verdicts: Array, assumed: Array) -> Iterable[Case]:
    for known, right, guess in zip(truths.tolist(), verdicts.tolist(), assumed.tolist(), strict=True):
        yield Case(concept, known, tuple(map(_piece, right, guess)))


@cache  # few distinct pieces, each used very often
def _piece(right: bool, guess: float) -> Piece:
    return Piece("question", "2026-01-02T03:04:05.678Z", right, guess)


# --- rules that call a concept mastered ---

Rule = Callable[[Case], int | None]  # returns the number of questions until mastery, or None


def by_tracing(case: Case) -> int | None:
    """Apply the rule of grader.progress.mastery."""
    return _mastered_after(case.pieces)


@cache  # the same answers occur often, in all worlds
def _mastered_after(pieces: tuple[Piece, ...]) -> int | None:
    counts = range(1, len(pieces) + 1)
    return next((count for count in counts if is_mastered([*pieces[:count]])), None)


def by_five_in_a_row(case: Case) -> int | None:
    """Apply the rule "five right answers in a row"."""
    row = 0
    for count, piece in enumerate(case.pieces, 1):
        row = row + 1 if piece.right else 0
        if row == IN_A_ROW:
            return count
    return None


class Figures(NamedTuple):
    """The accuracy of a rule."""

    called: int  # number of cases called mastered
    truly: int  # number of these in which the learner knew the concept at that moment
    knowers: int  # number of cases in which the learner knows the concept in the end
    needed: list[float]  # questions until each knower was rightly called mastered, sorted; inf if never

    @property
    def precision(self) -> float:
        """The share of cases called mastered that truly are."""
        return self.truly / self.called if self.called else math.nan

    @property
    def recall(self) -> float:
        """The share of knowers whose concept is rightly called mastered."""
        return self.truly / self.knowers if self.knowers else math.nan

    @property
    def mean(self) -> float:
        """The mean number of questions that knowers need, with LIMIT as the maximum."""
        return sum(min(count, LIMIT) for count in self.needed) / self.knowers if self.knowers else math.nan

    def quantile(self, share: float) -> float:
        """Return the number of questions that is enough for this share of the knowers."""
        return self.needed[math.ceil(share * self.knowers) - 1] if self.knowers else math.nan


def figures(cases: Iterable[Case], rule: Rule) -> Figures:
    """Return the accuracy of a rule."""
    called = truly = 0
    needed = []
    for case in cases:
        count = rule(case)
        is_true = count is not None and case.known[count]
        called += count is not None
        truly += is_true
        if case.known[-1]:
            needed.append(float(count) if count is not None and is_true else math.inf)
    return Figures(called, truly, len(needed), sorted(needed))


@cache
def _levels(pieces: tuple[Piece, ...]) -> list[float]:
    return [level(pieces[:count]) for count in range(1, len(pieces) + 1)]


class Bin(NamedTuple):
    """The predictions between two bounds, with the true share."""

    low: float
    high: float
    answers: int  # number of predictions, one after each answer
    predicted: float  # mean prediction
    true: float  # share of learners who knew the concept at that moment


def calibration(cases: Iterable[Case]) -> list[Bin]:
    """Compare the level after each question with the truth, until the concept is called mastered."""
    pairs: list[tuple[float, bool]] = []
    for case in cases:
        evidence = case.pieces[: by_tracing(case)]
        pairs += zip(_levels(evidence), case.known[1:], strict=False)
    predicted, true = np.transpose(pairs)
    places = np.digitize(predicted, BINS[1:-1])
    return [
        Bin(BINS[place], BINS[place + 1], int(mine.sum()), predicted[mine].mean(), true[mine].mean())
        for place in range(len(BINS) - 1)
        if (mine := places == place).any()
    ]


# --- printing ---

HEAD = """
                                              called mastered             knowers  questions they need
                                             all   true   share      found         median  90 % mean ratio"""


def print_worlds(title: str, worlds: Iterable[World], cases: dict[World, list[Case]]) -> None:
    """Print a table with two lines per world: Bayesian tracing, and five in a row."""
    print(f"\n\n{title}{HEAD}")
    for world in worlds:
        ours, theirs = figures(cases[world], by_tracing), figures(cases[world], by_five_in_a_row)
        print(f"{world.title:<32} {'tracing':>10} {_line(ours)} {ours.mean / theirs.mean:5.2f}")
        print(f"{'':32} {'5 in a row':>10} {_line(theirs)}  1")


def _line(accuracy: Figures) -> str:
    shares = f"{accuracy.called:5} {accuracy.truly:6} {accuracy.precision:7.1%} {accuracy.recall:17.1%}"
    enough = (f"{n:.0f}" if n <= LIMIT else f">{LIMIT}" for n in map(accuracy.quantile, (0.5, 0.9)))
    return f"{shares} {next(enough):>7} {next(enough):>5} {accuracy.mean:4.1f}"


def print_concepts(cases: list[Case], count: int = 4) -> None:
    """Print the concepts for which Bayesian tracing has the lowest precision."""
    by_concept: dict[str, list[Case]] = {}
    for case in cases:
        by_concept.setdefault(case.concept, []).append(case)
    accuracy = {concept: figures(mine, by_tracing) for concept, mine in by_concept.items()}
    for concept in sorted(accuracy, key=lambda concept: accuracy[concept].precision)[:count]:
        print(f"{'  ' + concept:<32} {'tracing':>10} {_line(accuracy[concept])}")


def print_calibration(world: World, cases: list[Case]) -> None:
    """Print the predicted probabilities next to the true shares."""
    print(f"\n{world.title}")
    print("    predicted    answers      mean   truly known")
    for each in calibration(cases):
        print(f"{each.low:6.2f} – {each.high:4.2f} {each.answers:10} {each.predicted:9.3f} {each.true:13.3f}")


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--learners", type=int, default=500, help="number of simulated learners")
    parser.add_argument("--seed", type=int, default=1, help="seed of the simulation")
    options = parser.parse_args()
    contents = Contents.of(Course.bundled())
    worlds = (*STATIC, *LEARNING, *MISJUDGED)
    cases = {world: simulated(world, contents, options.learners, options.seed) for world in worlds}
    concepts = len(contents.concepts)
    print(f"{options.learners} learners, {concepts} concepts, at most {LIMIT} questions on each")
    print_worlds("As assumed, except that nobody learns", STATIC, cases)
    print("The concepts with the lowest precision, if 50 % know them")
    print_concepts(cases[STATIC[1]])
    print_worlds("Learners who learn from explanations", LEARNING, cases)
    print_worlds("Wrong assumptions: 50 % know it, nobody learns, and the true values are", MISJUDGED, cases)
    print("\n\nCalibration: the level after each answer, until the concept is called mastered")
    for world in (AS_ASSUMED, STATIC[0], STATIC[1]):
        print_calibration(world, cases[world])


if __name__ == "__main__":
    main()
