"""Spellings of short answers: which differences between two texts do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_HIDDEN = ("Cc", "Cf", "Cs")  # categories of control characters, marks of direction, halves of characters
_ALIKE = {"'": "‘’‚‛ʼ′", '"': "“”„‟«»″", "-": "‐‒–—−"}
_SAME = str.maketrans({char: plain for plain, chars in _ALIKE.items() for char in chars})
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_QUOTES = "'\"`"
_END = ".,;"


def tidy(text: str) -> str:
    """Return typed text on one line, without characters that cannot be seen."""
    seen = (" " if char.isspace() else char for char in text if char.isspace() or not _is_hidden(char))
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def plain(text: str, *, accents: bool = True, articles: Sequence[str] = ()) -> str:
    """Return what is left of an answer without the differences that do not matter.

    These are case, spaces, the form of Unicode, the shape of quotes and dashes, a hyphen
    in place of a space, quotes around the answer, and a period at its end. Without
    `accents`, they do not matter either. `articles` may stand before the answer.
    """
    before = [_folded(article, accents) for article in articles]
    text = tidy(text)
    while (after := _without_article(_bare(_folded(text, accents)), before)) != text:
        text = after
    return text


def without_accents(text: str) -> str:
    """Return the text with bare letters."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in parts if not unicodedata.combining(char)))


def _folded(text: str, accents: bool) -> str:
    for _ in range(2):  # the first round may leave what the second one folds
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = text.translate(_SAME)
    if not accents and (letters := without_accents(text)).strip():
        text = letters  # an accent alone stays
    return tidy(_HYPHEN.sub(" ", text))


def _bare(text: str) -> str:
    """Return the text without quotes around it and without a period at its end, unless nothing is left."""
    if len(text) > 2 and text[0] == text[-1] and text[0] in _QUOTES:
        return text[1:-1].strip() or text
    if text[-1:] in _END:
        return text[:-1].strip() or text
    return text


def _without_article(text: str, articles: Sequence[str]) -> str:
    """Return the text without the article before it. One that ends in an apostrophe needs no space."""
    for article in articles:
        start = article if article.endswith("'") else f"{article} "
        if text.startswith(start) and len(text) > len(start):
            return text[len(start) :].strip()
    return text


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN or ord(char) & 0xFFFE == 0xFFFE
