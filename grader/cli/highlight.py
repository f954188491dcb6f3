"""Python code in color, for terminals only: pygments takes longer to load than a lesson to show."""

from __future__ import annotations

from functools import cache
from typing import Any

import click
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

_STYLES: dict[Any, dict[str, Any]] = {
    Comment: {"dim": True},
    Keyword: {"fg": "magenta"},
    Operator.Word: {"fg": "magenta"},
    Name.Function: {"bold": True},
    Name.Class: {"bold": True},
    Number: {"fg": "cyan"},
    String: {"fg": "green"},
}


def highlighted(code: list[str]) -> list[str]:
    """Return the lines of a program with escape codes. The text itself stays as it is."""
    lines = [""]
    for kind, text in _lexer().get_tokens("\n".join(code)):
        style = next((style for group, style in _STYLES.items() if kind in group), None)
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append("")
            lines[-1] += click.style(part, **style) if style and part.strip() else part
    return lines if len(lines) == len(code) else code  # pygments makes one line break of two kinds


@cache
def _lexer() -> PythonLexer:
    return PythonLexer(stripnl=False, ensurenl=False)
