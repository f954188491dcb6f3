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
_FUNCTION = re.compile(r"\\(?:ln|log|exp|sin|cos|tan|sinh|cosh|tanh|min|max)(?=\s+\w)")
_SIZED = re.compile(r"\\(left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])\s*(\\[A-Za-z]+|\\.|\S)")
_OPENING = {"lvert": "|", "lVert": "‖", "lfloor": "⌊", "lceil": "⌈", "langle": "⟨", "lbrace": r"\{"}
_CLOSING = {"rvert": "|", "rVert": "‖", "rfloor": "⌋", "rceil": "⌉", "rangle": "⟩", "rbrace": r"\}"}
_OPENS = re.compile(rf"\\({'|'.join(_OPENING)})(?![A-Za-z])(?:\{{\}})?\s*")
_CLOSES = re.compile(rf"\s*\\({'|'.join(_CLOSING)})(?![A-Za-z])")
_EITHER = {"|": "|", r"\|": "‖", r"\vert": "|", r"\Vert": "‖", ".": ""}  # the same on both sides
# what pylatexenc leaves out; `{}` keeps the space behind a function
_WORDS = {
    "arg": "arg{} ", "det": "det{} ", "gcd": "gcd{} ", "cot": "cot{} ", "Re": "Re{} ", "Im": "Im{} ",
    "bmod": " mod{} ", "mid": " | ", "iff": " ⟺ ", "implies": " ⟹ ", "gets": "←", "land": " ∧ ", "lor": " ∨ ",
    "deg": "deg{} ", "dim": "dim{} ", "hom": "hom{} ", "ker": "ker{} ", "Pr": "Pr{} ", "sec": "sec{} ",
    "csc": "csc{} ", "coth": "coth{} ", "bot": "⊥", "models": " ⊨ ", "clubsuit": "♣", "diamondsuit": "♢",
    "heartsuit": "♡", "spadesuit": "♠",
    "lt": " < ", "gt": " > ", "ne": "≠", "neg": "¬", "imath": "ı", "triangle": "△", "vert": "|", "Vert": "‖",
}  # fmt: skip
_WORD = re.compile(rf"\\({'|'.join(_WORDS)})(?![A-Za-z])\s*")
_STARRED = re.compile(r"\\operatorname\*")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+)\*?\}")
_BRACKETS = {
    "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "matrix": "[]",
    "cases": "{}",
}  # fmt: skip
_CELL = re.compile(r"(?<!\\)&")
_ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?")
_CONDITION = re.compile(r"(?:if|when|where|for|otherwise|else)\b")
_SPECIAL = re.compile(r"[{}%#$&_]")
# bold letters, for which LaTeX has an alphabet and pylatexenc has none
_BOLD = {
    ord(first) + n: ord(bold) + n
    for first, bold, count in (("A", "𝐀", 26), ("a", "𝐚", 26), ("0", "𝟎", 10), ("Α", "𝚨", 25), ("α", "𝛂", 25))
    for n in range(count)
}
_SPACED = re.compile(r"\s*([=≤≥⩽⩾≈≠←→∈⊙⊗·×⋯])\s*")
_INSIDE = re.compile(r"(?<=[(\[{]) +| +(?=[)\]},])")


def _word(match: re.Match[str]) -> str:
    """Return the words for a command. A function stands close to its bracket."""
    word = _WORDS[match[1]]
    is_call = word.endswith("{} ") and match.string.startswith("(", match.end())
    return word.rstrip() if is_call else word


def formula(latex: str) -> str:
    """Return the formula in Unicode: `h_{t-1}` is hₜ₋₁, `\\frac{a+b}{c}` is (a+b)/c."""
    text = _SIZED.sub(_delimiter, _STARRED.sub(r"\\operatorname", latex.strip()))
    text = _OPENS.sub(lambda match: _OPENING[match[1]], text)
    text = _CLOSES.sub(lambda match: _CLOSING[match[1]], text)
    text = _WORD.sub(_word, text)
    text = _FUNCTION.sub(r"\g<0>{}", text)  # keep the space after the function's name
    try:
        text = " ".join(_converter().latex_to_text(_rewrite(text)).split())
    except Exception:  # the library raises what it likes, such as a KeyError for a lone \sqrt
        return latex
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
            is_degree = piece == "^" and argument.strip() == r"\circ"
            out += "{}" * (len(before) > 1) + ("°" if is_degree else _script(piece, formula(argument)))
        elif piece in (r"\frac", r"\tfrac", r"\dfrac"):
            top, at = _argument(latex, at)
            bottom, at = _argument(latex, at)
            out += "{" + _literal(_bracketed(formula(top)) + "/" + _bracketed(formula(bottom))) + "}"
            out += " " * latex[at : at + 1].isalnum()
        elif piece == r"\binom":
            top, at = _argument(latex, at)
            bottom, at = _argument(latex, at)
            out += "{C(" + _literal(f"{formula(top)}, {formula(bottom)}") + ")}"
        elif piece == r"\sqrt" and latex[at:].lstrip().startswith("["):
            degree, at = latex[at:].lstrip()[1:].partition("]")[0], latex.index("[", at)
            at += len(degree) + 2
            out += _script("^", formula(degree)) + piece
        elif piece in (r"\boldsymbol", r"\mathbf"):
            argument, at = _argument(latex, at)
            out += _literal(formula(argument).translate(_BOLD))
        elif piece in (r"\overbrace", r"\underbrace"):
            argument, at = _argument(latex, at)
            label = ""
            if latex[at : at + 1] in ("^", "_"):
                label, at = _argument(latex, at + 1)
            out += "{" + _literal(formula(argument) + f" [{formula(label)}]" * bool(label)) + "}"
        elif piece == r"\overline":
            argument, at = _argument(latex, at)
            out += _literal("".join(letter + "\u0305" for letter in formula(argument)))
        elif piece == r"\begin" and (match := _ENVIRONMENT.match(latex, at - len(piece))):
            body, at = _body(latex, match)
            out += "{" + _literal(_rows(match[2], body)) + "}"
        else:
            out += piece
        before = piece
    return out + latex[at:]


def _delimiter(match: re.Match[str]) -> str:
    """Return a delimiter without its size, and without the space inside."""
    size, delimiter = match.groups()
    if size in ("left", "right") or size.endswith(("l", "r")):
        is_left = size == "left" or size.endswith("l")
        if delimiter in _EITHER:
            names = {"|": (r"\lvert{}", r"\rvert{}"), "‖": (r"\lVert{}", r"\rVert{}"), "": ("", "")}
            return names[_EITHER[delimiter]][not is_left]
        return delimiter + "{}" * delimiter[-1:].isalpha()
    if size in ("middle", "bigm", "Bigm", "biggm", "Biggm"):
        return f" {delimiter} "
    return delimiter + " " * delimiter[-1:].isalpha()


def _body(latex: str, begin: re.Match[str]) -> tuple[str, int]:
    """Return what is inside an environment, and where it ends."""
    depth = 1
    for match in _ENVIRONMENT.finditer(latex, begin.end()):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return latex[begin.end() : match.start()], match.end()
    return latex[begin.end() :], len(latex)


def _rows(name: str, body: str) -> str:
    """Return the rows of a matrix, of cases or of aligned formulas on one line."""
    table = [[formula(cell) for cell in _CELL.split(row)] for row in _ROW.split(body) if row.strip()]
    if name == "cases":
        lines = [_case([cell for cell in row if cell]) for row in table]
    elif name in _BRACKETS:
        spaced = any(" " in cell for row in table for cell in row)
        lines = [(", " if spaced else " ").join(row) for row in table]
    else:
        lines = [" ".join(cell for cell in row if cell) for row in table]
    brackets = _BRACKETS.get(name, "")
    return brackets[:1] + "; ".join(lines) + brackets[1:]


def _case(cells: list[str]) -> str:
    value, *condition = cells or [""]
    mark = " " if condition and _CONDITION.match(condition[0]) else ", "
    return mark.join([value.rstrip(", "), *condition])


def _literal(text: str) -> str:
    """Return a text in LaTeX's own escapes, since pylatexenc reads it again."""
    return _SPECIAL.sub(r"\\\g<0>", text.replace("\\", r"\backslash{}"))


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
