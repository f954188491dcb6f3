"""Parsing of Markdown texts for flawed formulas, unclosed emphasis, links and section numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from grader.content.latex import LIST, unknown

_FENCED = re.compile(r"^ *(?P<fence>`{3,}|~{3,}).*?(?:^ *(?P=fence)[`~]* *$|\Z)", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(
    r"""
      (?P<tick>`+)(?P<code>.+?)(?<!`)(?P=tick)(?!`)
    | (?P<escaped>\\[\\`*_$\[\]<>\#|~-])
    | \$\$(?P<display>.+?)\$\$
    | \$(?=\S)(?P<formula>(?:\\.|[^$\\])+?)(?<=\S)\$(?!\d)
    | (?P<picture>!?)\[(?P<label>[^\]]*)\]\((?P<target>[^)\s]+)\)
    """,
    re.VERBOSE | re.DOTALL,
)
_MENTION = re.compile(r"\b[Ss]ections? (\d+(?:\.\d+)*(?:(?:, | and | or |, and | to )\d+(?:\.\d+)*)*)")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_EMPTY_SCRIPT = re.compile(r"(?<!\\)[_^]\s*(?:$|[}_^]|\{\s*\})")


class Flaw(NamedTuple):
    """A flaw in a text; `words` is the excerpt with the flaw."""

    words: str
    what: str
    todo: str


class Link(NamedTuple):
    """A link or picture in a text; `words` is its Markdown source."""

    words: str
    label: str
    target: str
    is_picture: bool


@lru_cache(20_000)  # of the texts of a course, few change between two saves
def flaws(text: str) -> tuple[Flaw, ...]:
    """Return the formulas and emphasis marks of a text that cannot be displayed as intended."""
    return tuple(_flaws(text))


def _flaws(text: str) -> Iterator[Flaw]:
    for block in _blocks(text):
        for match in _INLINE.finditer(block):
            latex = match["display"] or match["formula"]
            if latex is not None and (wrong := _formula_flaw(latex)):
                what, todo = wrong
                yield Flaw(match.group(), f"the formula {match.group()} cannot be read: {what}", todo)
        rest = _INLINE.sub(lambda match: " " * len(match.group()), block)
        if "$" in rest:
            words = block[rest.index("$") :].partition("\n")[0][:20]
            yield Flaw(words, "a `$` has no match", r"close the formula, or write \$ for a dollar sign")
        if rest.count("**") % 2:
            words = block[rest.rindex("**") :].partition("\n")[0][:20]
            yield Flaw(words, "a `**` has no match", r"close the bold text, or write \*\* for two asterisks")


def links(text: str) -> Iterator[Link]:
    """Yield the links and pictures in a text."""
    for block in _blocks(text):
        for match in _INLINE.finditer(block):
            if match["target"] is not None:
                yield Link(match.group(), match["label"], match["target"], bool(match["picture"]))


def sections_mentioned(text: str) -> Iterator[tuple[str, str]]:
    """Yield (section number, words) for each section that a text names, as in "sections 2.3 and 4"."""
    for block in _blocks(text):
        for match in _MENTION.finditer(_INLINE.sub(lambda m: "" if m["code"] else m.group(), block)):
            for number in _NUMBER.findall(match.group(1)):
                yield number, match.group()


def _blocks(text: str) -> list[str]:
    """Return the paragraphs of a text without fenced code."""
    return re.split(r"\n\s*\n", _FENCED.sub("", text))


def _formula_flaw(latex: str) -> tuple[str, str] | None:
    """Return why a formula cannot be displayed and what to do, or None if it can."""
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

    try:
        LatexWalker(latex, tolerant_parsing=False).get_latex_nodes()
    except LatexWalkerParseError as error:
        return str(error.msg), "fix it"
    for name, todo in unknown(latex):
        return (
            f"{name} is not a command that every renderer knows",
            f"{todo}; {LIST}#latex lists those that work",
        )
    if _EMPTY_SCRIPT.search(latex):
        return "a subscript or superscript is empty", "fix it"
    return None
