"""Learners who answer a question by its texts alone."""

from __future__ import annotations

import math
import re

from grader.content.questions import SingleQuestion
from grader.judge.own_code.authored import on_one_line
from grader.judge.own_code.blind import alike

WINS = 0.05  # more than by chance, at most
_CALL = re.compile(r"```python\n(.*?)\n```", re.DOTALL)


def right_picks(question: SingleQuestion) -> dict[str, bool]:
    """Return which blind learners are right."""
    texts = [option.text for option in question.options]
    likeness = {text: sum(alike(text, other) for other in texts) for text in texts}
    picks = {
        "longest": max(texts, key=len),
        "shortest": min(texts, key=len),
        "first": texts[0],
        "middle": texts[len(texts) // 2],
        "last": texts[-1],
        "likest": max(texts, key=likeness.__getitem__),
        "oddest": min(texts, key=likeness.__getitem__),
    }
    if match := _CALL.search(question.prompt):
        asked = on_one_line(match[1])
        to_call = {text: alike(text.strip("`"), asked) for text in texts}
        picks["like the call"] = max(texts, key=to_call.__getitem__)
        picks["unlike the call"] = min(texts, key=to_call.__getitem__)
    key = question.text_of(question.answer)
    return {name: pick == key for name, pick in picks.items()}


def margin(count: int, compared: int, error: float = 0.001) -> float:
    """Return what a share of right guesses exceeds its expectation by only with probability `error`.

    `count` is the number of questions, `compared` the number of shares, of which none may exceed it.
    For independent answers, P(share - expectation >= t) <= exp(-2 * count * t**2): Hoeffding, Probability
    inequalities for sums of bounded random variables, JASA 58 (1963), theorem 2. The error is divided by
    `compared` (Bonferroni).
    """
    return math.sqrt(math.log(compared / error) / (2 * count))
