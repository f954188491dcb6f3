"""The course's Markdown, formulas and code as safe HTML: a tag that an author writes is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
# it must not begin a line
_PUNCTUATION = re.compile(
    r'(<span class="math inline">(?:(?!</span>).)*</span>|<button[^>]* class="term"[^>]*>[^<]*</button>)'
    r"([.,;:!?)]+)",
    re.DOTALL,
)
_NUMBER = re.compile(r"(?<![\w.-])(\d[\d.]*e-\d+)(?!\w)")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)

# Splits a piece of text; a part with an id becomes a button that opens the element with this id.
Pieces = Callable[[str], Iterable[tuple[str, str | None]]]


@lru_cache(2000)
def prose(text: str) -> Markup:
    """Return blocks of Markdown as HTML."""
    return render(text)


@lru_cache(2000)
def inline(text: str) -> Markup:
    """Return Markdown as HTML; a single paragraph has no `<p>`, so that it fits into a label."""
    html = str(render(text)).strip()
    single = _ONE_PARAGRAPH.fullmatch(html)
    return Markup(single.group(1) if single else html)


def message(text: str) -> Markup:
    """Return a message of the judge as HTML: text between backticks is code, and all else is only text."""
    return Markup(_CODE.sub(r"<code>\1</code>", escape(text)))


def told(error: str) -> Markup:
    """Return what an error says as a sentence of a page."""
    return message(f"{error[:1].upper()}{error[1:].removesuffix('.')}.")


def render(text: str, pieces: Pieces | None = None) -> Markup:
    """Return blocks of Markdown as HTML. With `pieces`, terms in its sentences become buttons."""
    markdown = _markdown()
    environment: dict[str, Any] = {}
    tokens = markdown.parse(text, environment)
    for token in tokens:
        token.children = _without_empty_links(token.children) if token.children else token.children
    for token in _sentences(tokens) if pieces else ():
        token.children = _with_buttons(token.children or [], pieces)
    for token in _sentences(tokens):
        token.children = _with_whole_numbers(token.children or [])
    html = markdown.renderer.render(_formulas_apart(tokens), markdown.options, environment)
    return Markup(_PUNCTUATION.sub(r'<span class="nb">\1\2</span>', html))


def _sentences(tokens: list[Token]) -> Iterable[Token]:
    """Yield the tokens with text, except headings."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline" and (before is None or before.type != "heading_open"):
            yield token


def _without_empty_links(children: list[Token]) -> list[Token]:
    """Keep the text of a link that leads nowhere, such as `[text]()`."""
    done: list[Token] = []
    opened: list[bool] = []  # whether each open link leads somewhere
    for child in children:
        if child.type == "link_open":
            opened.append(bool(child.attrGet("href")))
            kept = opened[-1]
        else:
            kept = opened.pop() if child.type == "link_close" else True
        done += [child] if kept else []
    return done


def _with_buttons(children: list[Token], pieces: Pieces | None) -> list[Token]:
    from markdown_it.token import Token

    assert pieces is not None
    done: list[Token] = []
    links = 0
    for child in children:
        links += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type != "text" or links:
            done.append(child)
            continue
        for text, target in pieces(child.content):
            token = Token("text" if target is None else "term", "", 0, content=text, meta={"id": target})
            done += [token] if text else []
    return done


def _with_whole_numbers(children: list[Token]) -> list[Token]:
    """Keep numbers such as 4.5e-3 on one line."""
    from markdown_it.token import Token

    done: list[Token] = []
    for child in children:
        parts = _NUMBER.split(child.content) if child.type == "text" else []
        if len(parts) < 2:
            done.append(child)
            continue
        for index, part in enumerate(parts):
            done += [Token("number" if index % 2 else "text", "", 0, content=part)] if part else []
    return done


def _formulas_apart(tokens: list[Token]) -> list[Token]:
    """Turn a paragraph that is only a formula into a formula of its own line."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        children = token.children or []
        alone = len(children) == 1 and children[0].type == "math_inline"
        if alone and before.type == "paragraph_open" and not before.hidden:
            children[0].type = "math_block"
            before.attrSet("class", "formula")
            before.tag = after.tag = "div"
    return tokens


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table")
    markdown.use(dollarmath_plugin, allow_labels=False, allow_space=False, renderer=_formula)
    markdown.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    markdown.disable("image")  # figures are named by the lesson, and checked
    markdown.add_render_rule("term", _term)
    markdown.add_render_rule("number", _number)
    markdown.add_render_rule("table_open", lambda *_: _SCROLL + "<table>\n")
    markdown.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return markdown


_SCROLL = '<div class="scroll" tabindex="0" role="region" aria-label="Table">'


def _term(self: Any, tokens: list[Token], index: int, options: Any, environment: Any) -> str:
    token = tokens[index]
    target = escape(token.meta["id"], quote=True)
    return f'<button type="button" class="term" popovertarget="{target}">{escape(token.content)}</button>'


def _number(self: Any, tokens: list[Token], index: int, options: Any, environment: Any) -> str:
    return f'<span class="nb">{escape(tokens[index].content)}</span>'


def _formula(content: str, options: dict[str, Any]) -> str:
    from grader.web.formula import mathml

    return mathml(content.strip(), block=bool(options["display_mode"]))


def _highlighted(code: str, language: str, attributes: str) -> str:
    """Return code with Pygments' classes."""
    if language not in ("python", "py"):
        return escape(code)
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return str(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True, classprefix="c-")))
