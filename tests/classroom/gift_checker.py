"""A small reader of the GIFT format, written from its specification."""

from __future__ import annotations

import re
from typing import NamedTuple

SPECIAL = "~=#{}:"


class Answer(NamedTuple):
    mark: str  # = or ~
    weight: float | None
    text: str
    feedback: str


class Read(NamedTuple):
    name: str
    prompt: str
    numeric: bool
    answers: list[Answer]
    explain: str


def read_gift(text: str) -> list[Read]:
    """Return all questions, without the category."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return [_question(block) for block in blocks if not block.startswith("$CATEGORY")]


def _question(block: str) -> Read:
    hidden = _hide(block)
    _, name, rest = hidden.split("::", 2)
    prompt, rest = rest.split("{", 1)
    body, rest = rest.split("}", 1)
    assert not rest.strip()
    body, _, explain = body.rpartition("####")
    body = body.strip()
    numeric = body.startswith("#")
    answers = [_answer(found) for found in re.findall(r"[=~][^=~]*", body.removeprefix("#"))]
    return Read(_show(name), _plain(prompt), numeric, answers, _plain(explain))


def _answer(found: str) -> Answer:
    text, _, feedback = found[1:].partition("#")
    weight = re.match(r"%(-?[\d.]+)%", text)
    text = text[weight.end() :] if weight else text
    return Answer(found[0], float(weight.group(1)) if weight else None, _plain(text), _plain(feedback))


def _hide(text: str) -> str:
    """Replace characters escaped by a backslash with private-use characters."""

    def hidden(match: re.Match[str]) -> str:
        escaped = match.group(1)
        if escaped == "n":
            return "\ue0ff"
        return chr(0xE000 + ord(escaped)) if escaped in SPECIAL + "\\" else match.group()

    return re.sub(r"\\(.)", hidden, text)


def _show(text: str) -> str:
    shown = text.replace("\ue0ff", "\n").strip()
    return re.sub("[\ue000-\ue080]", lambda match: chr(ord(match.group()) - 0xE000), shown)


def _plain(text: str) -> str:
    return _show(text.strip().removeprefix("[html]"))
