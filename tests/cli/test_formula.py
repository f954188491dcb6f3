"""Formulas shown as Unicode text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.formula import formula

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
}


@pytest.mark.parametrize(("latex", "text"), CASES.items())
def test_formulas_become_unicode(latex: str, text: str) -> None:
    assert formula(latex) == text


@given(st.text(st.sampled_from(r"ab1_^{}\$ ") | st.sampled_from("∑=("), max_size=12))
def test_no_formula_is_too_broken_to_show(latex: str) -> None:
    assert isinstance(formula(latex), str)
