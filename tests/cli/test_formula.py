"""Formulas shown as Unicode text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.markup import flaws
from grader.cli.formula import formula
from grader.content.latex import ENVIRONMENTS, GROUPS, unknown
from grader.web.formula import mathml

CASES = {
    r"h_t = \tanh(W_{xh} x_t + W_{hh} h_{t-1} + b_h)": "hₜ = tanh(Wₓₕ xₜ + Wₕₕ hₜ₋₁ + bₕ)",
    r"\frac{a+b}{c}": "(a+b)/c",
    r"\frac12 x": "1/2 x",
    r"0.1^{10} = 10^{-10}": "0.1¹⁰ = 10⁻¹⁰",
    r"\tilde{C}_t \odot \sigma(W_f\cdot[h_{t-1}, x_t])": "C̃ₜ ⊙ σ(W_f · [hₜ₋₁, xₜ])",
    r"\prod_{k=1}^{T} \frac{\partial h_k}{\partial h_{k-1}}": "∏ₖ₌₁ᵀ ∂hₖ/∂hₖ₋₁",
    r"g \cdot \min(1, \frac{c}{\lVert g \rVert})": "g · min(1, c/‖g‖)",
    r"x_{i,L}": "x_(i,L)",
    r"x_{t_1}": "x_(t₁)",
    r"p^{1/T}": "p^(1/T)",
    r"\ln 25 = 3.22": "ln 25 = 3.22",
    r"W^\top x": "Wᵀ x",
    r"5\,\%": "5 %",
    r"\{0, 1\}": "{0, 1}",
    r"": "",
    r"\lvert 5 - 8 \rvert": "|5 - 8|",
    r"\left( \frac{a}{b} \right)^2": "(a/b)²",
    r"\left| x \right| + \bigl\| y \bigr\|_2": "|x| + ‖y‖₂",
    r"\left. x \right|_0": "x|₀",
    r"\left\{ a \right\} \bigl[ b \bigr]": "{a} [b]",
    r"\left\langle x \middle| y \right\rangle": "⟨x | y⟩",
    r"\left\lfloor \frac{a}{b} \right\rfloor": "⌊a/b⌋",
    r"p(a \mid b)": "p(a | b)",
    r"\operatorname{softmax}(x)": "softmax(x)",
    r"\operatorname*{arg\,max}_i x_i": "arg maxᵢ xᵢ",
    r"\hat y = \arg\max_k p_k": "ŷ = arg maxₖ pₖ",
    r"\Re z + \Im z": "Re z + Im z",
    r"a \bmod b": "a mod b",
    r"\binom{n}{k}": "C(n, k)",
    r"\boldsymbol{W} \boldsymbol\theta": "𝐖 𝛉",
    r"\overline{ab}": "a\u0305b\u0305",
    r"\sqrt[3]{x}": "³√(x)",
    r"\underbrace{a + b}_{2 x} + c": "a + b [2 x] + c",
    r"90^\circ": "90°",
    r"a \leqslant b \models c": "a ⩽ b ⊨ c",
    r"\Pr(\heartsuit) = \frac{1}{4}": "Pr(♡) = 1/4",
    r"\deg p": "deg p",
    r"\frac{5\%}{a_{i,L}}": "5%/a_(i,L)",
    r"f(x) = \begin{cases} x, & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}": (
        "f(x) = {x if x > 0; 0 otherwise}"
    ),
    r"\begin{cases} x & x > 0 \\ \frac{1}{2} & x = 0 \end{cases}": "{x, x > 0; 1/2, x = 0}",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^\top": "(1 2; 3 4)ᵀ",
    r"\begin{bmatrix} a + b & 2 \\ 3 & 4 \end{bmatrix}": "[a + b, 2; 3, 4]",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}": "a = b; = c",
}


@pytest.mark.parametrize(("latex", "text"), CASES.items())
def test_formulas_become_unicode(latex: str, text: str) -> None:
    assert formula(latex) == text


@given(st.text(st.sampled_from(r"ab1_^{}\$ ") | st.sampled_from("∑=("), max_size=12))
def test_no_formula_is_too_broken_to_show(latex: str) -> None:
    assert isinstance(formula(latex), str)


# arguments of the commands that need some; the others stand between two letters
ARGUMENTS = {
    **dict.fromkeys("binom dfrac frac tfrac".split(), "{a}{b}"),
    **dict.fromkeys(GROUPS["Accents"].split(), "{a}"),
    **dict.fromkeys(GROUPS["Fonts and text"].split(), "{a}"),
    **dict.fromkeys("sqrt operatorname overbrace underbrace".split(), "{a}"),
    **dict.fromkeys((name for name in GROUPS["Delimiters"].split() if name.lower().startswith("big")), "("),
}
PAIRS = {"left": r"\left( a \right)", "right": r"\left( a \right)", "middle": r"\left( a \middle| b \right)"}
COMMANDS = [name for names in GROUPS.values() for name in names.split() if name not in ("begin", "end")]


@pytest.mark.parametrize("latex", [PAIRS.get(n, rf"\{n}{ARGUMENTS.get(n, ' ')}") for n in COMMANDS])
def test_every_command_of_the_list_is_shown(latex: str) -> None:
    assert not list(unknown(latex)) and not flaws(f"$${latex}$$")
    shown = formula(f"x {latex} y")
    assert (
        "%" not in shown
        and ("\\" not in shown or "backslash" in latex)
        and (shown != "x y" or "quad" in latex)
    )
    page = mathml(f"x {latex} y")
    assert page.startswith("<math") and "<mi>\\" not in page


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_of_the_list_is_shown(name: str) -> None:
    latex = rf"\begin{{{name}}} a & b \\ c & d \end{{{name}}}"
    assert not flaws(f"$${latex}$$")
    assert ";" in formula(latex) and "&" not in formula(latex)
    page = mathml(latex)
    assert page.count("<mtr>") == 2 and "<mi>&" not in page


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases",
        r"\begin{cases}",
        r"\end{cases}",
        r"\left",
        r"\binom",
        r"\sqrt",
        r"\sqrt[",
        r"\overbrace",
        "\\left\\",
    ],
)
def test_broken_commands_are_shown_somehow(latex: str) -> None:
    assert isinstance(formula(latex), str)
