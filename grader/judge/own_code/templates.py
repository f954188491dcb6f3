"""The general templates: questions that need nothing from the author but calls.

Each template collects instances with different keys: other calls, other rounds, other lines.
Its options are these keys, and the instance that is asked is drawn. So every option is
as likely as any other to someone who has not read the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from grader.judge.own_code import sentences
from grader.judge.own_code.call_templates import same_result, which_raises
from grader.judge.own_code.drafts import (
    MAX_OPTIONS,
    MIN_OPTIONS,
    Answer,
    Draft,
    draft_of,
    is_typed,
    shown_text,
)
from grader.judge.own_code.facts import Change, Facts, Mistaken, Site, can_be_shown
from grader.judge.own_code.outcomes import (
    UNKNOWN,
    Case,
    ModelFacts,
    Outcome,
    agree,
    aspects,
    numbers_in,
    shown,
)
from grader.judge.own_code.probe_log import Seen

MAX_COUNT = 30
MAX_CHANGES = 10
PLACES = ("first", "second", "third")
SIMPLE = ("Assign", "AugAssign", "AnnAssign", "Expr", "Return")
Template = Callable[[Facts], Draft | None]
T = TypeVar("T")


def result(facts: Facts) -> Draft | None:
    """Ask for one aspect of what a call returns. The other options are what other calls return."""
    names = tuple(facts.function.returns)
    found = [(case, aspects(case.outcome.value, names)) for case in facts.cases]
    phrases = dict.fromkeys(phrase for _, each in found for phrase in each)
    asked = []
    for phrase in phrases:
        by_text = _distinct(
            (shown_text(_option(each[phrase])), case) for case, each in found if phrase in each
        )
        if len(by_text) >= MIN_OPTIONS:
            asked.append((phrase, by_text))
    if not asked:
        return None
    phrase, by_text = facts.rng.choice(asked)
    values = {
        id(each): _option(found_aspects[phrase]) for each, found_aspects in found if phrase in found_aspects
    }
    kinds: dict[bool, list[Case]] = {True: [], False: []}  # whether an answer is typed
    for each in by_text.values():
        kinds[is_typed(values[id(each)])].append(each)
    if len(kinds[False]) < MIN_OPTIONS:
        kinds[False] = []
    case = facts.rng.choice([*kinds[True], *kinds[False]])
    template = "weights" if "weights of the model" in phrase else "result"
    prompt = sentences.own_result(case.text, phrase)
    key = Answer(values[id(case)], sentences.OWN_RIGHT)
    others = [
        Answer(values[id(each)], sentences.own_other_call(each.text))
        for each in by_text.values()
        if each is not case
        and is_typed(values[id(each)]) == is_typed(key.value)  # or it could not be the key
    ]
    explain = sentences.own_explained(phrase, case.text, shown_text(key.value))
    return draft_of(facts, template, prompt, key, others, explain, family="behavior", level=1, console=True)


def observed(facts: Facts) -> Draft | None:
    """Ask what a callable argument received in one of its calls."""
    if not facts.cases:
        return None
    case = facts.cases[0]
    found = []
    for name in dict.fromkeys(each.name for each in case.received):
        calls = [each.given for each in case.received if each.name == name]
        for place, which in enumerate(PLACES):
            texts = {
                n: text for n, given in enumerate(calls, 1) if (text := _given(given[place : place + 1]))
            }
            once = {n: text for n, text in texts.items() if [*texts.values()].count(text) == 1}
            if len(once) >= MIN_OPTIONS:
                found.append((name, which, once))
    if not found:
        return None
    name, which, once = facts.rng.choice(found)
    number = facts.rng.choice([*once])
    answers = {n: Answer(text, sentences.own_that_is_call(n)) for n, text in once.items()}
    prompt = sentences.own_observed(case.text, name, which, number)
    explain = sentences.own_received(number, once[number])
    key, others = answers[number], [each for n, each in answers.items() if n != number]
    return draft_of(facts, "observed", prompt, key, others, explain, family="inside", level=2)


def line_count(facts: Facts) -> Draft | None:
    """Ask how often a line runs."""
    if facts.log is None:
        return None
    counts = facts.log.counts()
    sites = [site for site in facts.sites() if site.kind in SIMPLE]
    often = [site for site in sites if 2 <= counts[site.id] <= MAX_COUNT]
    if not often:
        return None
    site = facts.rng.choice(often)
    key = Answer(counts[site.id], sentences.OWN_RIGHT)
    others = [Answer(counts[each.id], sentences.own_other_count(facts.line(each.id))) for each in sites]
    case = facts.cases[0].text
    prompt = sentences.own_line_count(case, facts.line(site.id))
    explain = sentences.own_count(facts.line(site.id), counts[site.id])
    return draft_of(
        facts, "line-count", prompt, key, others, explain, family="inside", level=2, lines=(site.id,)
    )


def round_value(facts: Facts) -> Draft | None:
    """Ask what a variable holds after a line in one round of a loop that is entered once."""
    if facts.log is None:
        return None
    ours = {site.id: site for site in facts.sites()}
    found = []
    for rounds in facts.log.rounds():
        for (line, name), texts in rounds.values.items():
            site = ours.get(line)
            once = [text for text in texts if text is not None and texts.count(text) == 1]
            if site and name in site.names and name != "_" and None not in texts and len(once) >= MIN_OPTIONS:
                found.append((rounds, site, name, texts, once))
    if not found:
        return None
    inner = [each for each in found if each[1].kind != "For"]  # the loop's own variable says little
    rounds, site, name, texts, once = facts.rng.choice(inner or found)
    number = texts.index(facts.rng.choice(once)) + 1
    answers = [Answer(text, sentences.own_round(n)) for n, text in enumerate(texts, 1) if text in once]
    key = next(each for each in answers if each.value == texts[number - 1])
    others = [each for each in answers if each is not key]
    loop = facts.line(rounds.line)
    prompt = sentences.own_round_value(
        facts.cases[0].text, name, facts.line(site.id), number, loop, site.id == rounds.line
    )
    explain = sentences.own_rounds(name, [str(text) for text in texts[:8]], len(texts))
    lines = tuple(dict.fromkeys((site.id, rounds.line)))
    return draft_of(facts, "round-value", prompt, key, others, explain, family="inside", level=2, lines=lines)


def raise_line(facts: Facts) -> Draft | None:
    """Ask which line stops a call that raises. The options are all lines that raise there."""
    if facts.stopped is None:
        return None
    case, log = facts.stopped
    owners = {site.owner for site in facts.outline.sites if site.id in log.lines}
    raises = [site for site in facts.outline.sites if site.kind == "Raise" and site.owner in owners]
    line = log.last_line()
    if line is None or line not in {site.id for site in raises if site.id in facts.own}:
        return None
    key = Answer(facts.line(line), sentences.OWN_RIGHT)
    others = [Answer(facts.line(site.id), sentences.OWN_NOT_REACHED) for site in raises if site.id != line]
    prompt = sentences.own_raise_line(case.text)
    explain = sentences.own_stopped(facts.line(line))
    lines = tuple(site.id for site in raises)  # all of them: a single one would be the key
    return draft_of(facts, "raise-line", prompt, key, others, explain, family="inside", level=1, lines=lines)


def value_from(facts: Facts) -> Draft | None:
    """Ask where a variable that a line reads was last set."""
    if facts.log is None:
        return None
    by_id = {site.id: site for site in facts.sites()}
    found: dict[int, list[tuple[Site, str, int]]] = {}
    for site in (each for each in by_id.values() if each.kind in SIMPLE):
        for name in sorted({*site.reads} - {*site.parameters}):
            sources = facts.log.sources(site.id, name)
            setters = [each for each in by_id.values() if name in each.names and each.owner == site.owner]
            if len(sources) == 1:
                (source,) = sources
                if source in by_id and by_id[source].kind != "For" and source != site.id:
                    found.setdefault(by_id[source].id, []).append((site, name, len(setters)))
    lines = facts.rng.sample([*found], min(len(found), MAX_OPTIONS))
    if not any(count > 1 for line in lines for _, _, count in found[line]):
        return None
    line = facts.rng.choice(lines)
    site, name, _ = max(found[line], key=lambda each: (each[2], each[0].id))
    key = Answer(facts.place(line), sentences.OWN_RIGHT)
    others = [Answer(facts.place(each), sentences.own_not_there(name)) for each in lines if each != line]
    prompt = sentences.own_value_from(facts.cases[0].text, name, facts.line(site.id))
    explain = sentences.own_set_there(name, facts.line(line))
    return draft_of(
        facts, "value-from", prompt, key, others, explain, family="inside", level=2, lines=(site.id,)
    )


def holds(facts: Facts) -> Draft | None:
    """Ask which variable has a value when a function returns. All options have values of one kind."""
    if facts.log is None:
        return None
    found = []
    for site in (each for each in facts.sites() if each.kind == "Return"):
        kinds: dict[type, dict[str, Seen]] = {}
        for name, seen in facts.log.variables_at(site.id).items():
            if seen.line in facts.own and name != "_" and shown(seen.value):
                kind = float if isinstance(seen.value, int) else type(seen.value)
                kinds.setdefault(kind, {})[name] = seen
        for variables in kinds.values():
            texts = [shown(seen.value) for seen in variables.values()]
            once = {name: seen for name, seen in variables.items() if texts.count(shown(seen.value)) == 1}
            if len(once) >= MIN_OPTIONS and ":=" not in facts.outline.cells[site.cell]:  # assigns unseen
                found.append((site, once))
    if not found:
        return None
    site, variables = facts.rng.choice(found)
    names = facts.rng.sample(sorted(variables), min(len(variables), MAX_OPTIONS))
    name = facts.rng.choice(names)
    text = {each: shown_text(_option(variables[each].value)) for each in names}
    key = Answer(f"`{name}`", sentences.OWN_RIGHT)
    others = [Answer(f"`{each}`", sentences.own_holds_other(text[each])) for each in names if each != name]
    prompt = sentences.own_holds(facts.cases[0].text, text[name], facts.line(site.id))
    explain = sentences.own_held(name, text[name], facts.line(variables[name].line))
    return draft_of(facts, "holds", prompt, key, others, explain, family="inside", level=2, lines=(site.id,))


def line_removed(facts: Facts) -> Draft | None:
    """Ask what a call would return if one line did nothing."""
    return _change(facts, "removed", "line-removed")


def constant_changed(facts: Facts) -> Draft | None:
    """Ask what a call would return if a constant or an operator were another."""
    return _change(facts, "changed", "constant-changed")


def guards_against(facts: Facts) -> Draft | None:
    """Ask which line keeps the code from a known mistake: the only one without which it gives the same."""
    tried = _tried(facts, "removed")
    if len(tried) < MIN_OPTIONS:
        return None
    now = facts.cases[0].outcome
    known = [*facts.mistakes()]
    like: dict[str, list[tuple[Change, Outcome, Mistaken]]] = {}
    for mistaken in known:
        beliefs = {each.belief for each in known if agree(each.outcome, mistaken.outcome)}
        if (
            beliefs == {mistaken.belief}
            and _is_telling(mistaken.outcome)
            and not agree(now, mistaken.outcome)
        ):
            same = [(*pair, mistaken) for pair in tried if agree(pair[1], mistaken.outcome)]
            like.setdefault(mistaken.belief, []).extend(same)
    found = [each[0] for each in like.values() if len({change.id for change, *_ in each}) == 1]
    if not found:
        return None
    guard, outcome, mistaken = facts.rng.choice(found)
    if not facts.confirm(guard, outcome):
        return None
    key = Answer(facts.line(guard.id), sentences.OWN_RIGHT)
    others = [Answer(facts.line(each.id), sentences.OWN_NO_GUARD) for each, _ in tried if each != guard]
    prompt = sentences.own_guards(facts.cases[0].text, mistaken.belief)
    explain = sentences.own_guarded(key.value, mistaken.correction)
    lines = tuple(change.id for change, _ in tried)
    return draft_of(
        facts, "guards-against", prompt, key, others, explain, family="change", level=3, lines=lines
    )


def _tried(facts: Facts, kind: str) -> list[tuple[Change, Outcome]]:
    """Return changes of the learner's own lines that ran, with what came of the first case."""
    if facts.vary is None or facts.log is None:
        return []
    ran = facts.log.lines & facts.own
    possible = [
        change
        for change in facts.outline.changes
        if change.kind == kind and change.id in ran and can_be_shown(facts.outline.changed_text(change))
    ]
    tried = facts.rng.sample(possible, min(len(possible), MAX_CHANGES))
    return [(change, outcome) for change in tried if (outcome := facts.vary(change)) is not None]


def _is_telling(outcome: Outcome) -> bool:
    """Return True if two programs that give the same are likely to have the same fault."""
    return not outcome.raised and not isinstance(outcome.value, bool | np.bool_ | ModelFacts | None)


def _change(facts: Facts, kind: str, template: str) -> Draft | None:
    """Ask for the outcome of a change. The options are the outcomes of several changes of its kind."""
    outcomes = [
        pair for pair in _tried(facts, kind) if pair[1].raised not in UNKNOWN and not _is_none(pair[1])
    ]
    names = tuple(facts.function.returns)
    now = aspects(facts.cases[0].outcome.value, names)
    best: dict[str, list[tuple[Change, Outcome]]] = {}
    asked = ""
    for phrase in now:
        by_text: dict[str, list[tuple[Change, Outcome]]] = {}
        for change, outcome in outcomes:
            text = _text(outcome, names, phrase)
            if text is not None:
                by_text.setdefault(text, []).append((change, outcome))
        if len(by_text) > len(best):
            best, asked = by_text, phrase
    if len(best) < MIN_OPTIONS:
        return None
    texts = facts.rng.sample([*best], min(len(best), MAX_OPTIONS))
    chosen = {text: facts.rng.choice(best[text]) for text in texts}
    if not all(facts.confirm(change, outcome) for change, outcome in chosen.values()):
        return None
    right = facts.rng.choice(texts)
    change, _ = chosen[right]
    says = {text: _says(facts, each) for text, (each, _) in chosen.items()}
    key = Answer(right, sentences.OWN_RIGHT)
    others = [Answer(text, sentences.own_other_change(says[text])) for text in texts if text != right]
    case = facts.cases[0].text
    prompt = sentences.own_change(case, says[right], asked)
    explain = sentences.own_changed(asked, case, right, shown_text(_option(now[asked])))
    return draft_of(
        facts, template, prompt, key, others, explain, family="change", level=3, lines=(change.id,)
    )


def _says(facts: Facts, change: Change) -> str:
    if change.kind == "removed":
        return sentences.own_removed(facts.line(change.id))
    return sentences.own_edited(facts.line(change.id), facts.outline.changed_text(change))


def _text(outcome: Outcome, names: tuple[str, ...], phrase: str) -> str | None:
    if outcome.raised:
        return sentences.own_raised(outcome.raised)
    value = aspects(outcome.value, names).get(phrase)
    return None if value is None else shown(value)


def _given(values: tuple[Any, ...]) -> str | None:
    """Return an argument that a callable received as an option, or None if it cannot be shown."""
    numbers = numbers_in(values[0]) if values else None
    return None if numbers is None else shown(numbers)


def _option(value: Any) -> Any:
    """Return a value as an answer can have it: texts in quotes, numbers and shapes as they are."""
    return shown(value) if isinstance(value, str) else value


def _is_none(outcome: Outcome) -> bool:
    return not outcome.raised and outcome.value is None


def _distinct(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for text, each in pairs:
        found.setdefault(text, each)
    return found


TEMPLATES: dict[str, dict[str, Template]] = {
    "behavior": {"result": result, "which-raises": which_raises, "same-result": same_result},
    "inside": {
        "round-value": round_value,
        "line-count": line_count,
        "value-from": value_from,
        "raise-line": raise_line,
        "observed": observed,
        "holds": holds,
    },
    "change": {
        "line-removed": line_removed,
        "constant-changed": constant_changed,
        "guards-against": guards_against,
    },
}
MAKER = {"weights": "result"}  # where the name of a question is not that of what makes it
