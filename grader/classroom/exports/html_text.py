r"""Turn Markdown of the course into HTML for learning platforms: formulas stay LaTeX, between \( and \).

Moodle's MathJax filter and Canvas both render such formulas.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from grader.errors import EnvironmentProblem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_TAG = re.compile(r"<[^<>]*>")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)


def to_html(text: str) -> str:
    """Return Markdown as stripped HTML; a single paragraph has no `<p>`."""
    html = str(_markdown().render(legal(text))).strip()
    single = _ONE_PARAGRAPH.fullmatch(html)
    return single.group(1) if single else html


def to_text(text: str) -> str:
    """Return Markdown as plain text, for places without markup; formulas stay LaTeX."""
    return " ".join(unescape(_TAG.sub("", to_html(text))).split())


def image(source: str, alt: str) -> str:
    """Return an image in a paragraph of its own."""
    return f'<p><img src="{escape(source)}" alt="{escape(legal(alt))}"></p>'


def legal(text: str) -> str:
    """Return the text without characters that are invalid in XML."""
    return _NOT_XML.sub("", text)


@cache
def _markdown() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.dollarmath import dollarmath_plugin
    except ImportError as error:
        raise EnvironmentProblem(
            f"{error.name} is missing — install it with pip install 'course-grader[instructor]'"
        ) from None
    # html off: a tag in a question is text
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return markdown.use(dollarmath_plugin, allow_labels=False, allow_space=False, renderer=_formula)


def _formula(content: str, options: dict[str, Any]) -> str:
    latex = escape(content.strip(), quote=False)
    return rf"\[{latex}\]" if options["display_mode"] else rf"\({latex}\)"
