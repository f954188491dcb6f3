"""Formulas as MathML, which browsers show and read aloud without a script."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

_TAG = re.compile(r"<(/?)([^\s<>/]+)([^<>]*?)/?>")
_ATTRIBUTE = re.compile(r'\s+([\w:-]+)="[^"<>]*"')
# what formulas need; LaTeX also has links and styles
_ELEMENTS = set(
    "math mrow mi mn mo mtext ms mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mmultiscripts mprescripts mtable mtr mtd mpadded mphantom mstyle menclose".split()
)
_ATTRIBUTES = set(
    "xmlns display displaystyle scriptlevel stretchy fence separator form lspace rspace minsize maxsize "
    "symmetric largeop movablelimits accent accentunder mathvariant linethickness columnalign columnlines "
    "columnspacing rowlines rowspacing frame width height depth voffset notation".split()
)
# a sign after another operator, or at the beginning, belongs to its number; after ")" it does not
_SIGN = re.compile(
    r"(<mrow>|<mo[^>]*>(?!&#x00029;|&#x0005D;|&#x0007D;|&#x0007C;|[)\]}|!])[^<]*</mo>(?:<mrow>)?)"
    r"<mo>(&#x0002B;|&#x02212;|[-+−])</mo>"
)
_ALIGNED = re.compile(r"\\(begin|end)\s*\{aligned\}")
_ARG = re.compile(r"\\arg(?![A-Za-z])")
_SIZE = re.compile(r"\\[bB]igg?[lrm]?(?![A-Za-z])\s*(?=\\[^A-Za-z])")  # of \{, which the library spells out
_FUNCTION = re.compile(r"<mi>(tanh|sigmoid|softmax|exp|log|max|min|softplus|relu)</mi>")


@lru_cache(2000)
def mathml(latex: str, block: bool = False) -> str:
    """Return a formula as MathML; one that cannot be read, or holds more than a formula, stays LaTeX."""
    from latex2mathml.converter import convert

    try:
        html = convert(_rewritten(latex), display="block" if block else "inline")
    except Exception:  # the library raises what it likes
        html = ""
    if not _is_formula(html):
        return f"<code>{escape(latex)}</code>"
    html = _SIGN.sub(r'\1<mo form="prefix">\2</mo>', html)
    return _FUNCTION.sub(r'<mi class="fn">\1</mi>', html)


def _rewritten(latex: str) -> str:
    """Replace what the library does not know or shows differently from LaTeX."""
    latex = _ALIGNED.sub(r"\\\1{align*}", latex)
    latex = _ARG.sub(r"\\operatorname{arg}", latex)
    return _SIZE.sub("", latex)


def _is_formula(html: str) -> bool:
    """Return True if nothing but known elements and attributes of MathML is in a text."""
    rest, names = _TAG.sub("", html), _TAG.findall(html)
    return (
        bool(names)
        and not set(rest) & set("<>")
        and all(name in _ELEMENTS for _, name, _ in names)
        and all(not _ATTRIBUTE.sub("", attributes).strip() for _, _, attributes in names)
        and all(set(_ATTRIBUTE.findall(attributes)) <= _ATTRIBUTES for _, _, attributes in names)
    )
