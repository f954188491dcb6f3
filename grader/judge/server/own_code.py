"""Make questions about a submission. Whatever fails costs questions, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from random import Random

from grader.content.exercise import Exercise, Function
from grader.content.lesson import Misconception
from grader.judge.own_code import sentences
from grader.judge.own_code.authored import Call, OwnCode, text_of, values_of, without_copies
from grader.judge.own_code.drafts import CONSOLE_GUESS, Draft
from grader.judge.own_code.facts import CELL, Change, Facts, Mistaken
from grader.judge.own_code.outcomes import Case, Outcome, agree
from grader.judge.own_code.probe_log import Log
from grader.judge.own_code.templates import MAKER, TEMPLATES
from grader.judge.own_questions import OwnQuestion, Place, source_hash
from grader.judge.server.authored import Code, Mistakes, authored_drafts
from grader.judge.server.boundary import survive
from grader.judge.server.own_runs import OwnRuns, outcome_of
from grader.judge.server.session import Session
from grader.judge.submission import Submission

CASES = 5  # calls for each function
TRIES = 15  # draws for them
MAX_FAILURES = 2  # draws whose outcome is not certain, or is an exception


class Maker:
    """Makes questions about one submission."""

    def __init__(
        self,
        exercise: Exercise,
        submission: Submission,
        own_code: OwnCode,
        runs: OwnRuns,
        starter: str,
        walled: bool,
        reference: Session,
        mistakes: Mistakes,
        ideas: Mapping[str, Misconception],
        turn: int = 0,
    ) -> None:
        """`starter` is the source that the learner began with. Changed code runs only inside walls.

        `ideas` are the lesson's misconceptions, by id. Another `turn` draws other arguments.
        """
        self._ideas = ideas
        self._reference = reference
        self._mistakes = mistakes
        self._exercise = exercise
        self._submission = submission
        self._own_code = own_code
        self._runs = runs
        self._walled = walled
        self._source = source_hash(submission.cells, submission.files)
        self._turn = turn
        self._given = {line.strip() for line in starter.split("\n")}
        self._facts: dict[str, Facts | None] = {}

    def some(self, functions: Iterable[str], seconds: float) -> tuple[OwnQuestion, ...]:
        """Return a question about behavior, one about lines that run, and one about a change."""
        rng = Random(f"{self._source} {sorted(functions)}")
        ends = time.monotonic() + seconds
        found: list[OwnQuestion] = []
        for family in TEMPLATES:
            names = sorted(functions)
            rng.shuffle(names)
            names.sort(key=lambda name: any(each.function == name for each in found))
            for name in names:
                if time.monotonic() > ends:
                    return tuple(found)
                made = next(self._drafts(name, family), None)
                if made is not None:
                    found.append(made)
                    break
        return tuple(found)

    def one_each(self, functions: Iterable[str], template: str = "") -> tuple[OwnQuestion, ...]:
        """Return a question about each function of which one can be made: of a template, or the cheapest."""
        made = (next(self._about(name, template), None) for name in functions)
        return tuple(each for each in made if each is not None)

    def every(self, functions: Iterable[str]) -> tuple[OwnQuestion, ...]:
        """Return one question of each template about each function."""
        return tuple(each for name in functions for each in self._about(name))

    def _about(self, name: str, template: str = "") -> Iterator[OwnQuestion]:
        """Yield questions about a function, those that are cheapest to make first."""
        for family in TEMPLATES:
            yield from self._drafts(name, family, template)

    def _drafts(self, name: str, family: str, template: str = "") -> Iterator[OwnQuestion]:
        """Yield questions about a function, in a drawn order; only those of a template, if one is given."""
        facts = self._facts_of(name)
        if facts is None:
            return
        makers: list[tuple[str, Callable[[], Draft | None]]] = [
            (general, partial(make, facts)) for general, make in TEMPLATES[family].items()
        ]
        first = partial(self._call, name, facts.number)
        code = Code(name, self._runs, first, self._reference, self._mistakes)
        makers += authored_drafts(self._own_code, family, facts, code, first, self._ideas)
        facts.rng.shuffle(makers)
        for made_by, make in makers:
            if template and made_by != MAKER.get(template, template):
                continue
            draft = survive(make, None)
            if draft is not None and template in ("", draft.template):
                yield self._finished(facts.function, draft)

    def _finished(self, function: Function, draft: Draft) -> OwnQuestion:
        places = tuple(Place(self._submission.cells[line // CELL].label, line % CELL) for line in draft.lines)
        guess = max(draft.question.guess, CONSOLE_GUESS if draft.console else 0.0)
        return OwnQuestion(
            exercise=self._exercise.id, function=function.name, template=draft.template, family=draft.family,
            level=draft.level, guess=guess, source=self._source, question=draft.question, places=places,
        )  # fmt: skip

    def _facts_of(self, name: str) -> Facts | None:
        if name not in self._facts:
            self._facts[name] = survive(lambda: self._collected(name), None)
        return self._facts[name]

    def _collected(self, name: str) -> Facts | None:
        function, outline = self._exercise.function(name), self._runs.outline
        if function is None or outline is None or name not in self._own_code.calls:
            return None
        cases: dict[str, tuple[int, Case, Log | None]] = {}
        failures = 0
        for number in range(TRIES):
            if len(cases) == CASES or failures == MAX_FAILURES:
                break
            certain = self._certain(name, lambda n=number: self._call(name, n))  # type: ignore[misc]
            if certain is not None and not certain[0].outcome.raised:
                cases.setdefault(certain[0].text, (number, *certain))
            else:
                failures += 1
        stopped = None
        if name in self._own_code.raising:
            stopped = self._certain(name, lambda: self._own_code.raising[name](self._rng(name, "raising")))
        if not cases:
            return None
        first = next(iter(cases.values()))
        own = frozenset(
            cell * CELL + line
            for cell, source in enumerate(outline.cells)
            for line, text in enumerate(source.split("\n"), 1)
            if text.strip() not in self._given
        )
        return Facts(
            function=function,
            number=first[0],
            outline=outline,
            cases=tuple(case for _, case, _ in cases.values()),
            edges=partial(self._edges, name),
            same=partial(self._same, name),
            log=first[2],
            stopped=_stopped(stopped),
            own=own,
            vary=cache(partial(self._vary, name, first[0])) if self._walled else None,
            confirm=partial(self._confirm, name, first[0]),
            mistakes=partial(self._mistaken, name, first[0]),
            place=self._place,
            rng=self._rng(name, "draws"),
        )

    def _edges(self, name: str) -> list[Case]:
        """Return the calls at a limit whose outcomes are certain."""

        def drawn() -> list[Call]:
            return [*self._own_code.edges[name](self._rng(name, "edges"))]

        if name not in self._own_code.edges:
            return []
        found = (self._certain(name, partial(_nth, drawn, n), one_line=True) for n in range(len(drawn())))
        return [each[0] for each in found if each is not None]

    def _same(self, name: str) -> tuple[Case, list[Case]] | None:
        """Return a call and others to compare it with. The reference solution returns the same for each."""

        def drawn() -> list[Call]:
            call, others = self._own_code.same[name](self._rng(name, "same"))
            return [call, *without_copies(call, others)]

        def agreed(number: int) -> Case | None:
            certain = self._certain(name, partial(_nth, drawn, number), one_line=number > 0)
            right = outcome_of(self._reference, name, values_of(drawn()[number]))
            if certain is None or certain[0].outcome.raised or not agree(certain[0].outcome, right):
                return None
            return certain[0]

        if name not in self._own_code.same or (call := agreed(0)) is None:
            return None
        others = (agreed(number) for number in range(1, len(drawn())))
        return call, [each for each in others if each is not None]

    def _certain(
        self, name: str, make: Callable[[], Call], one_line: bool = False
    ) -> tuple[Case, Log | None] | None:
        """Run a call three times: with two seeds, and with probes and other chance."""
        call = make()
        text = text_of(name, call, one_line)
        first, received = self._runs.plain(name, call)
        if first is None:
            return None
        again, received_again = self._runs.plain(name, make(), again=True)
        probed, log = self._runs.probed(name, make())
        log_again = self._runs.probed(name, make())[1]  # differs if the code remembers earlier calls
        if again is None or probed is None or not first.key == again.key == probed.key:
            return None
        return Case(
            text, first, received if received == received_again else ()
        ), log if log == log_again else None

    def _vary(self, name: str, number: int, change: Change) -> Outcome | None:
        return self._runs.vary(change, name, self._call(name, number))

    def _confirm(self, name: str, number: int, change: Change, outcome: Outcome) -> bool:
        again = self._runs.vary(change, name, self._call(name, number), again=True)
        return again is not None and again.key == outcome.key

    def _mistaken(self, name: str, number: int) -> Iterator[Mistaken]:
        for mistake, session in self._mistakes(name):
            outcome = outcome_of(session, name, values_of(self._call(name, number)))
            idea = self._ideas.get(mistake.misconception)
            if outcome is not None and idea is not None:
                yield Mistaken(idea.belief, idea.correction, outcome)

    def _call(self, name: str, number: int) -> Call:
        return self._own_code.calls[name](self._rng(name, str(number)))

    def _rng(self, name: str, what: str) -> Random:
        return Random(f"{self._source} {name} {what}" + (f" {self._turn}" if self._turn else ""))

    def _place(self, line: int) -> str:
        cell = self._submission.cells[line // CELL]
        return sentences.own_place(cell.label if len(self._submission.cells) > 1 else "", line % CELL)


def _nth(drawn: Callable[[], list[Call]], number: int) -> Call:
    return drawn()[number]


def _stopped(certain: tuple[Case, Log | None] | None) -> tuple[Case, Log] | None:
    """Return a call that certainly raises, with its log."""
    if certain is None or certain[1] is None or not certain[0].outcome.raised:
        return None
    return certain[0], certain[1]
