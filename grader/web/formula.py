"""Formulas as MathML, which browsers show and read aloud without a script."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

# a sign after another operator or at the beginning belongs to its number
_SIGN = re.compile(r"(<mrow>|<mo[^>]*>[^<)\]]*</mo>(?:<mrow>)?)<mo>(&#x0002B;|&#x02212;|[-+−])</mo>")
_FUNCTION = re.compile(r"<mi>(tanh|sigmoid|softmax|exp|log|max|min|softplus|relu)</mi>")


@lru_cache(2000)
def mathml(latex: str, block: bool = False) -> str:
    """Return a formula as MathML; one that cannot be read stays LaTeX."""
    from latex2mathml.converter import convert

    try:
        html = convert(latex, display="block" if block else "inline")
    except Exception:  # the library raises what it likes
        return f"<code>{escape(latex)}</code>"
    html = _SIGN.sub(r'\1<mo form="prefix">\2</mo>', html)
    return _FUNCTION.sub(r'<mi class="fn">\1</mi>', html)
