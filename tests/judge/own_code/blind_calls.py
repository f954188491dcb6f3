"""Let blind learners answer questions whose options are calls, without a judge.

`python tests/judge/own_code/blind_calls.py [exercise…]` prints how often each one is right.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from blind_learners import right_picks
from second_opinion import plain, run_module

from grader.content.course import Course
from grader.content.exercise import Function
from grader.content.questions import SingleQuestion
from grader.judge.own_code.authored import Call, OwnCode, load_own_code, text_of, values_of, without_copies
from grader.judge.own_code.call_templates import same_result, which_raises
from grader.judge.own_code.drafts import Draft
from grader.judge.own_code.facts import Facts, Outline
from grader.judge.own_code.outcomes import Case, Outcome

ROOT = Path(__file__).parents[3]
NUMPY_ONLY = ("exercise-bptt", "exercise-cells")
TEMPLATES = {"which-raises": which_raises, "same-result": same_result}


class Reference:
    """The reference solution of an exercise in this process, and the calls of its author."""

    def __init__(self, exercise_id: str) -> None:
        course = Course(ROOT)
        directory = course.exercise_dir(exercise_id)
        self.exercise = course.exercise(exercise_id)
        self._names = run_module((directory / "solution.py").read_text("utf-8"))
        own_code = load_own_code(directory, [each.name for each in self.exercise.functions])
        assert own_code is not None
        self.own_code: OwnCode = own_code

    def drafts(self, template: str, count: int) -> dict[str, list[Draft | None]]:
        """Return what a template makes of each function for which the author has listed calls."""
        listed = self.own_code.edges if template == "which-raises" else self.own_code.same
        functions = [each for each in self.exercise.functions if each.name in listed]
        return {
            each.name: [TEMPLATES[template](self._facts(each, seed)) for seed in range(count)]
            for each in functions
        }

    def case(self, function: str, call: Call, one_line: bool = True) -> Case:
        """Run a call."""
        text = text_of(function, call, one_line)
        try:
            with redirect_stdout(StringIO()):
                return Case(text, Outcome(plain(self._names[function](*values_of(call)))))
        except Exception as error:
            return Case(text, Outcome(raised=type(error).__name__))

    def _facts(self, function: Function, seed: int) -> Facts:
        name = function.name

        def edges() -> list[Case]:
            return [self.case(name, call) for call in self.own_code.edges[name](Random(f"{name} {seed}"))]

        def same() -> tuple[Case, list[Case]]:
            call, others = self.own_code.same[name](Random(f"{name} {seed}"))
            found = [self.case(name, each) for each in without_copies(call, others)]
            return self.case(name, call, False), [each for each in found if not each.outcome.raised]

        return Facts(
            function=function, number=0, outline=Outline((), "", (), (), ()), cases=(), edges=edges,
            same=same, log=None, stopped=None, own=frozenset(), vary=None, confirm=lambda *_: True,
            mistakes=list, place=str, rng=Random(f"{name} {seed} drawn"),
        )  # fmt: skip


def questions(drafts: Sequence[Draft | None]) -> list[SingleQuestion]:
    return [each.question for each in drafts if each and isinstance(each.question, SingleQuestion)]


def rates(asked: Sequence[SingleQuestion]) -> dict[str, float]:
    """Return how much more often than by chance each blind learner is right."""
    picks = [right_picks(question) for question in asked]
    chance = sum(question.guess for question in asked) / len(asked)
    return {name: sum(each[name] for each in picks) / len(asked) - chance for name in picks[0]}


def lines(exercise_ids: Sequence[str], count: int) -> Iterator[str]:
    for exercise_id in exercise_ids:
        reference = Reference(exercise_id)
        for template in TEMPLATES:
            drafts = reference.drafts(template, count)
            together: list[SingleQuestion] = []
            for name, made in drafts.items():
                asked = questions(made)
                together += asked
                yield _line(f"{exercise_id[9:]} {name}", template, asked, len(made))
            if together:
                yield _line(f"{exercise_id[9:]} TOGETHER", template, together, len(together))


def _line(name: str, template: str, asked: list[SingleQuestion], count: int) -> str:
    shares = rates(asked) if asked else {}
    shown = "  ".join(f"{each} {100 * share:+3.0f}" for each, share in shares.items())
    return f"{name:40} {template:13} {len(asked):4}/{count:<4} {shown}"


if __name__ == "__main__":
    wanted: Any = sys.argv[1:] or sorted(path.parent.name for path in ROOT.glob("exercises/*/own_code.py"))
    for line in lines(wanted, 200):
        print(line, flush=True)
