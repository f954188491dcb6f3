"""The general templates whose options are calls, which the author lists."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judge.own_code import sentences
from grader.judge.own_code.authored import on_one_line
from grader.judge.own_code.blind import draw_options
from grader.judge.own_code.drafts import MAX_OPTIONS, MIN_OPTIONS, Answer, Draft, draft_of, shown_text
from grader.judge.own_code.facts import Facts
from grader.judge.own_code.outcomes import Case, ModelFacts, agree, aspects, shown


def which_raises(facts: Facts) -> Draft | None:
    """Ask which of several calls raises. Only one of them does."""
    edges = facts.edges()
    raising = [case for case in edges if case.outcome.raised]
    drawn = _drawn(facts, raising, [case for case in edges if not case.outcome.raised])
    if drawn is None:
        return None
    key, wrong = drawn
    others = [Answer(_option(each), sentences.OWN_RETURNS) for each in wrong]
    explain = sentences.own_raises(key.text, key.outcome.raised)
    prompt = sentences.own_which_raises(facts.function.name)
    return _draft(facts, "which-raises", prompt, key, others, explain, level=1)


def same_result(facts: Facts) -> Draft | None:
    """Ask which of several calls returns the same as another one. Only one of them does."""
    found = facts.same()
    if found is None or isinstance(found[0].outcome.value, ModelFacts):
        return None
    case, others = found
    by_agreement: dict[bool, list[Case]] = {True: [], False: []}
    for each in others:
        by_agreement[agree(each.outcome, case.outcome)].append(each)
    drawn = _drawn(facts, by_agreement[True], by_agreement[False], on_one_line(case.text))
    if drawn is None:
        return None
    key, wrong = drawn
    answers = [Answer(_option(each), _difference(facts, case, each)) for each in wrong]
    prompt = sentences.own_same_result(case.text)
    return _draft(facts, "same-result", prompt, key, answers, sentences.own_same(key.text), level=2)


def _drawn(
    facts: Facts, right: Sequence[Case], wrong: Sequence[Case], asked: str = ""
) -> tuple[Case, list[Case]] | None:
    """Draw a right call and wrong ones, or return None if there are too few."""
    by_text = {case.text: case for case in (*wrong, *right)}
    keys = [*{case.text: None for case in right}]
    others = [text for text in by_text if text not in keys]
    count = min(len(others), MAX_OPTIONS - 1)
    if not keys or count < MIN_OPTIONS - 1:
        return None
    key, texts = draw_options(keys, others, count, facts.rng, asked)
    return by_text[key], [by_text[text] for text in texts]


def _draft(
    facts: Facts,
    template: str,
    prompt: str,
    key: Case,
    others: Sequence[Answer],
    explain: str,
    level: int,
) -> Draft | None:
    right = Answer(_option(key), sentences.OWN_RIGHT)
    return draft_of(
        facts, template, prompt, right, others, explain, family="behavior", level=level, console=True
    )


def _option(case: Case) -> str:
    return f"`{case.text}`"


def _difference(facts: Facts, case: Case, other: Case) -> str:
    """Say in what the result of another call differs."""
    names = tuple(facts.function.returns)
    ours, theirs = aspects(case.outcome.value, names), aspects(other.outcome.value, names)
    for phrase, value in ours.items():
        if phrase in theirs and shown(value) != shown(theirs[phrase]):
            return sentences.own_explained(phrase, other.text, shown_text(theirs[phrase]))
    return sentences.OWN_OTHER_RESULT
