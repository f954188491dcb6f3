"""The course's Markdown, formulas and code as safe HTML: a tag that an author writes is text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)


@lru_cache(2000)
def prose(text: str) -> Markup:
    """Return blocks of Markdown as HTML."""
    return Markup(_markdown().render(text))


@lru_cache(2000)
def inline(text: str) -> Markup:
    """Return Markdown as HTML; a single paragraph has no `<p>`, so that it fits into a label."""
    html = str(_markdown().render(text)).strip()
    single = _ONE_PARAGRAPH.fullmatch(html)
    return Markup(single.group(1) if single else html)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table")
    markdown.use(dollarmath_plugin, allow_labels=False, allow_space=False, renderer=_formula)
    markdown.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    markdown.disable("image")  # figures are named by the lesson, and checked
    return markdown


def _formula(content: str, options: dict[str, Any]) -> str:
    from grader.web.formula import mathml

    return mathml(content.strip(), block=bool(options["display_mode"]))


def _highlighted(code: str, language: str, attributes: str) -> str:
    """Return code with Pygments' classes in a scrolling region that the keyboard reaches."""
    if language not in ("python", "py"):
        return escape(code)
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return str(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True, classprefix="c-")))
