r"""The LaTeX that all renderers know: terminal, page, notebook and learning platform.

Terminals get Unicode, pages get MathML, and notebooks, Moodle and Canvas use MathJax. A test shows
each command in the first two. The reference page of the files lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

LIST = "docs/reference/files.md"

GROUPS: dict[str, str] = {
    "Greek letters": (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi "
        "rho sigma tau upsilon phi varphi chi psi omega varpi varrho varsigma Gamma Delta Theta Lambda Xi "
        "Pi Sigma Upsilon Phi Psi Omega"
    ),
    "Functions": (
        "Pr arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lim liminf "
        "limsup ln log max min sec sin sinh sup tan tanh operatorname"
    ),
    "Operators": (
        "amalg ast bmod boxplus boxtimes bullet cap cdot circ cup dagger div ltimes mp odot ominus oplus "
        "oslash otimes pm rtimes setminus sqcap sqcup star times triangle uplus vee wedge wr"
    ),
    "Relations": (
        "Vdash approx approxeq asymp cong dashv doteq equiv ge geq geqslant gg gt gtrsim in le leq leqslant "
        "lesssim ll lt mid models ne neq ngeq ngtr ni nleq nless nmid notin nparallel nsubseteq parallel "
        "perp prec propto sim simeq sqsubseteq sqsupseteq subset subseteq subsetneq succ supset supseteq "
        "supsetneq triangleq vdash"
    ),
    "Arrows": (
        "Downarrow Leftarrow Leftrightarrow Longleftarrow Longleftrightarrow Longrightarrow Rightarrow "
        "Uparrow downarrow gets hookleftarrow hookrightarrow iff implies leftarrow leftrightarrow "
        "longleftarrow longleftrightarrow longmapsto longrightarrow mapsto nearrow nwarrow rightarrow "
        "rightharpoondown rightharpoonup rightleftharpoons rightsquigarrow searrow swarrow to uparrow "
        "updownarrow"
    ),
    "Large symbols": "bigcap bigcup bigoplus bigotimes bigvee bigwedge coprod iiint iint int oint prod sum",
    "Other symbols": (
        "Im Re aleph angle because bot cdots clubsuit complement ddots diamondsuit dots ell emptyset exists "
        "flat forall hbar heartsuit imath infty land ldots lnot lor lozenge measuredangle nabla natural neg "
        "nexists partial prime sharp spadesuit surd therefore top varnothing vdots wp"
    ),
    "Fractions and roots": "binom dfrac frac sqrt tfrac",
    "Accents": "bar breve check ddot dot hat overline tilde vec widehat widetilde",
    "Delimiters": (
        "langle lbrace lceil left lfloor lVert lvert middle rVert rangle rbrace rceil rfloor right rvert "
        "Vert vert backslash big bigl bigr bigm Big Bigl Bigr bigg biggl biggr Bigg Biggl Biggr"
    ),
    "Fonts and text": (
        "boldsymbol mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt text textbf textit textrm"
    ),
    "Braces and spaces": "overbrace underbrace quad qquad",
    "Environments": "begin end",
}
ENVIRONMENTS = ("aligned", "cases", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix")

_COLOR = "leave the color out: pages and terminals choose it"
_NUMBER = "write the number into the text"
_INSTEAD = {
    "bm": r"write \boldsymbol",
    "pmb": r"write \boldsymbol",
    "mathbfit": r"write \boldsymbol",
    "degree": r"write ^\circ",
    "argmax": r"write \arg\max",
    "argmin": r"write \arg\min",
    "softmax": r"write \operatorname{softmax}",
    "sigmoid": r"write \operatorname{sigmoid}",
    "pmod": r"write (\bmod n)",
    "mod": r"write \bmod",
    "choose": r"write \binom{n}{k}",
    "over": r"write \frac{a}{b}",
    "dbinom": r"write \binom",
    "tbinom": r"write \binom",
    "cfrac": r"write \dfrac",
    "nicefrac": "write a/b",
    "R": r"write \mathbb{R}",
    "N": r"write \mathbb{N}",
    "Z": r"write \mathbb{Z}",
    "E": r"write \mathbb{E}",
    "abs": r"write \lvert x \rvert",
    "norm": r"write \lVert x \rVert",
    "transpose": r"write ^\top",
    "intercal": r"write ^\top",
    "coloneqq": "write :=",
    "colon": "write :",
    "mathop": r"write \operatorname{…}",
    "mbox": r"write \text{…}",
    "textnormal": r"write \text{…}",
    "rm": r"write \mathrm{…}",
    "bf": r"write \mathbf{…}",
    "color": _COLOR,
    "textcolor": _COLOR,
    "colorbox": _COLOR,
    "tag": _NUMBER,
    "label": _NUMBER,
    "ref": _NUMBER,
    "eqref": _NUMBER,
    "nonumber": "leave it out: formulas have no numbers",
    "notag": "leave it out: formulas have no numbers",
    "limits": "leave it out",
    "nolimits": "leave it out",
    "displaystyle": "leave it out, or write the formula between $$",
}
_ENVIRONMENT_INSTEAD = {
    "align": "aligned", "align*": "aligned", "split": "aligned", "gather": "aligned", "gathered": "aligned",
    "eqnarray": "aligned", "array": "matrix", "smallmatrix": "matrix", "dcases": "cases", "cases*": "cases",
    "equation": "", "equation*": "", "displaymath": "", "math": "",
}  # fmt: skip
_NAME = re.compile(r"\\(?:\\|([A-Za-z]+)\*?)")  # a line break is no command
_ENVIRONMENT = re.compile(r"\\begin\s*\{([^{}]*)\}")
_KNOWN = frozenset(name for names in GROUPS.values() for name in names.split())


def unknown(latex: str) -> Iterator[tuple[str, str]]:
    """Yield each command and environment that a renderer may not know, with what to do about it."""
    for environment in _ENVIRONMENT.findall(latex):
        if environment not in ENVIRONMENTS:
            yield rf"\begin{{{environment}}}", _environment_todo(environment)
    for name in _NAME.findall(latex):
        if name and name not in _KNOWN:
            yield f"\\{name}", _todo(name)


def _todo(name: str) -> str:
    if name in _INSTEAD:
        return _INSTEAD[name]
    close = get_close_matches(name, _KNOWN, 1, cutoff=0.7)
    return rf"write \{close[0]} or another" if close else rf"write another, or \operatorname{{{name}}}"


def _environment_todo(name: str) -> str:
    match _ENVIRONMENT_INSTEAD.get(name):
        case None:
            return f"write one of {', '.join(ENVIRONMENTS)}"
        case "":
            return "leave it out, and write the formula between $$"
        case known:
            return rf"write \begin{{{known}}}"
