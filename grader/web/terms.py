"""Terms of the glossary in a section's text: the first place of each opens its definition."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup
from msgspec import Struct

from grader.content.lesson import Term
from grader.web.prose import render

_NAMES = re.compile(r"^(.*?)\s*\(([^)]+)\)$")


class ShownTerm(Struct, frozen=True):
    """A term that a text contains."""

    id: str
    term: str
    definition: str


class LinkedText(Struct, frozen=True):
    """A text as HTML, and the terms whose definitions its buttons open."""

    html: Markup
    terms: tuple[ShownTerm, ...]


@lru_cache(500)
def linked(text: str, glossary: tuple[Term, ...]) -> LinkedText:
    """Return a text whose terms open their definitions."""
    names = {name: index for index, term in enumerate(glossary) for name in names_of(term.term)}
    if not names:
        return LinkedText(render(text), ())
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:({'|'.join(longest)})(?:e?s)?)(?![\w-])", re.IGNORECASE)
    found: dict[int, None] = {}

    def pieces(part: str) -> Iterable[tuple[str, str | None]]:
        """Yield the pieces of a text, and the id of the definition that a piece opens."""
        end = 0
        for match in pattern.finditer(part):
            index = names[match[1].casefold()]
            if index not in found:
                found[index] = None
                yield part[end : match.start()], None
                yield match[0], f"term-{index}"
                end = match.end()
        yield part[end:], None

    html = render(text, pieces)
    terms = (ShownTerm(f"term-{i}", glossary[i].term, glossary[i].definition) for i in sorted(found))
    return LinkedText(html, tuple(terms))


def names_of(term: str) -> list[str]:
    """Return the names of a term in lower case: "Mean Squared Error (MSE)" has two."""
    match = _NAMES.match(term)
    return [name.casefold() for name in (match.groups() if match else (term,))]
