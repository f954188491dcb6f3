"""LaTeX formulas as single lines of readable Unicode."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_SUPER = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ",
        strict=True,
    )
)
_SUB = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SCRIPTS = {"^": _SUPER, "_": _SUB}

_PIECE = re.compile(r"\\[A-Za-z]+|\\.|\S", re.DOTALL)  # a macro, an escaped character, or one character
_FUNCTION = re.compile(r"\\(?:arg)?(?:ln|log|exp|sin|cos|tan|sinh|cosh|tanh|min|max)(?=\s+\w)")
_NORM = re.compile(r"\\lVert\s*|\s*\\rVert")
_SPACED = re.compile(r"\s*([=≤≥≈≠←→∈⊙⊗·×⋯])\s*")
_INSIDE = re.compile(r"(?<=[(\[{]) +| +(?=[)\]},])")


def formula(latex: str) -> str:
    """Return the formula in Unicode: `h_{t-1}` is hₜ₋₁, `\\frac{a+b}{c}` is (a+b)/c."""
    text = _NORM.sub("‖", latex.strip())
    text = _FUNCTION.sub(r"\g<0>{}", text)  # keep the space after the function's name
    text = " ".join(_converter().latex_to_text(_rewrite(text)).split())
    return _INSIDE.sub("", _SPACED.sub(r" \1 ", text)).strip()


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False)


def _rewrite(latex: str) -> str:
    """Replace scripts and fractions, which pylatexenc would make ambiguous: it drops their braces."""
    out, at, before = "", 0, ""
    while match := _PIECE.search(latex, at):
        out += latex[at : match.start()]
        at, piece = match.end(), match.group()
        if piece in _SCRIPTS:
            argument, at = _argument(latex, at)
            # `{}` ends a macro's name, which a small letter would otherwise continue
            out += "{}" * (len(before) > 1) + _script(piece, formula(argument))
        elif piece in (r"\frac", r"\tfrac", r"\dfrac"):
            top, at = _argument(latex, at)
            bottom, at = _argument(latex, at)
            out += "{" + _bracketed(formula(top)) + "/" + _bracketed(formula(bottom)) + "}"
            out += " " * latex[at : at + 1].isalnum()
        else:
            out += piece
        before = piece
    return out + latex[at:]


def _argument(latex: str, at: int) -> tuple[str, int]:
    """Return the group, macro or character at `at`, and where it ends."""
    match = _PIECE.search(latex, at)
    if match is None:
        return "", len(latex)
    if match.group() != "{":
        return match.group(), match.end()
    depth = 1
    for index in range(match.end(), len(latex)):
        if latex[index] in "{}" and latex[index - 1] != "\\":
            depth += 1 if latex[index] == "{" else -1
        if depth == 0:
            return latex[match.end() : index], index + 1
    return latex[match.end() :], len(latex)


def _script(mark: str, text: str) -> str:
    letters = _SCRIPTS[mark]
    compact = text.replace(" ", "").replace("−", "-")
    if compact and all(letter in letters for letter in compact):
        return "".join(letters[letter] for letter in compact)
    # in LaTeX's own escapes, since pylatexenc reads this again
    return rf"\{mark}" * (mark == "_") + "^" * (mark == "^") + (text if len(text) == 1 else f"({text})")


def _bracketed(text: str) -> str:
    """Return the text, in brackets if a fraction would be ambiguous without them."""
    whole = re.fullmatch(r"[^\s+*/·=-]+|[(|‖][^()|‖]*[)|‖]|∂ ?\S+|‖ ?\S+ ?‖", text)
    return text if whole else f"({text})"
