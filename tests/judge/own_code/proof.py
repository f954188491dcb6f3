"""Compare the keys of many questions with a second opinion, and let blind learners answer them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random

from blind_learners import WINS, margin, right_picks
from msgspec import Struct
from second_opinion import NoOpinion, Opinion

from grader.content.arithmetic import evaluate
from grader.content.course import Course
from grader.content.questions import SingleQuestion
from grader.judge.client.judge import Judge
from grader.judge.jobs import MakeWhich
from grader.judge.own_code.authored import load_own_code
from grader.judge.own_code.outcomes import shown
from grader.judge.own_questions import OwnQuestion
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell
from grader.quiz.answer import mark


class Verdict(Struct, frozen=True):
    """A question, and what the second opinion says: "same", "none", or what it would answer."""

    submission: str
    question: OwnQuestion
    opinion: str


def prove(
    judge: Judge, course: Course, exercise_id: str, name: str, source: str, functions: Iterable[str]
) -> list[Verdict]:
    """Make all questions about functions of a submission, and check each of them."""
    exercise = course.exercise(exercise_id)
    submission = Submission("my.py", (Cell("my.py", source),))
    made = judge.make_questions(course, exercise_id, submission, 1, tuple(functions), MakeWhich.EVERY)
    own_code = load_own_code(course.exercise_dir(exercise_id), [f.name for f in exercise.functions])
    assert own_code is not None
    opinion = Opinion(course, exercise, own_code, source)
    return [Verdict(name, own, _opinion(opinion, own)) for own in made]


def _opinion(opinion: Opinion, own: OwnQuestion) -> str:
    try:
        theirs = opinion.key(own)
    except NoOpinion:
        return "none"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    ours = key_text(own)
    if own.template == "raise-line":
        ours = ours.partition(" (")[0]
    return "same" if ours == theirs and marks_well(own) else theirs


def key_text(own: OwnQuestion) -> str:
    question = own.question
    if isinstance(question, SingleQuestion):
        return question.text_of(question.answer)
    return str(shown(evaluate(question.answer)))


def marks_well(own: OwnQuestion) -> bool:
    """Return True if exactly one option is right, and no wrong value is."""
    question = own.question
    if isinstance(question, SingleQuestion):
        texts = [option.text for option in question.options]
        right = [mark(question, letter).correct for letter in question.option_ids]
        return (
            sum(right) == 1
            and len(set(texts)) == len(texts)
            and all(each.path == ("concepts",) for each in question.findings())
        )
    wrong = [mark(question, each.value).correct for each in question.wrong]
    return (
        mark(question, question.answer).correct
        and not any(wrong)
        and not any(question.findings_of_all_draws())
    )


def blind_rates(questions: list[OwnQuestion]) -> dict[str, tuple[int, float, dict[str, float]]]:
    """Return for each template of choices: their number, chance, and how often blind learners are right."""
    by_template: dict[str, list[SingleQuestion]] = defaultdict(list)
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    rng = Random(1)
    half = {each.source for each in questions if rng.random() < 0.5}
    for own in questions:
        if isinstance(own.question, SingleQuestion):
            by_template[own.template].append(own.question)
            if own.source in half:
                shared[f"{own.template} {own.function}"][key_text(own)] += 1
    rates = {}
    for template, asked in by_template.items():
        commonest = Counter(question.text_of(question.answer) for question in asked)
        right: Counter[str] = Counter()
        for question in asked:
            texts = [option.text for option in question.options]
            key = question.text_of(question.answer)
            picks = right_picks(question)
            if template not in ("which-raises", "same-result"):  # their keys are right for everyone
                by_count = max(texts, key=lambda text: (commonest[text] - (text == key), -texts.index(text)))
                picks["commonest"] = by_count == key
            for name, is_right in picks.items():
                right[name] += is_right
        chance = sum(question.guess for question in asked) / len(asked)
        rates[template] = len(asked), chance, {name: count / len(asked) for name, count in right.items()}
    others = [own for own in questions if own.source not in half and isinstance(own.question, SingleQuestion)]
    if others:
        known = 0
        for own in others:
            keys = shared[f"{own.template} {own.function}"]
            texts = [option.text for option in own.question.options]  # type: ignore[union-attr]
            known += max(texts, key=lambda text: keys[text]) == key_text(own)
        chance = sum(own.question.guess for own in others) / len(others)
        rates["half the class's keys"] = len(others), chance, {"known": known / len(others)}
    return rates


def too_often(rates: dict[str, tuple[int, float, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the blind learners who certainly win more than WINS above chance, by template."""
    compared = sum(len(shares) for *_, shares in rates.values())
    limits = {name: chance + WINS + margin(count, compared) for name, (count, chance, _) in rates.items()}
    found = {
        name: {each: share for each, share in shares.items() if share > limits[name]}
        for name, (*_, shares) in rates.items()
    }
    return {name: shares for name, shares in found.items() if shares}


def right_submissions(root: Path) -> dict[str, tuple[str, str]]:
    """Return name -> (exercise, source) for the solutions and the corpus of right submissions.

    Only exercises that ask about learners' code count.
    """
    asking = {path.parent.name for path in root.glob("exercises/*/own_code.py")}
    found = {}
    for path in sorted(root.glob("exercises/*/solution.py")):
        found[f"{path.parent.name}/solution"] = (path.parent.name, path.read_text("utf-8"))
    for path in sorted(root.glob("tests/recognition/right/*/*.py")):
        found[f"{path.parent.name}/{path.stem}"] = (path.parent.name, path.read_text("utf-8"))
    return {name: pair for name, pair in found.items() if pair[0] in asking}
