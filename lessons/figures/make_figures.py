"""Draw the figures of the lessons: `python lessons/figures/make_figures.py`.

Each figure is drawn twice: for a column of text, and for a phone, where `narrow:` in the lesson names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attention import attention_masks, attention_step
from cells import gru_cell, io_architectures, layer_shapes, lstm_cell, rnn_unfolded
from directions import bidirectional, influence_of_inputs
from plots import (
    cell_comparison,
    gradient_lag_gated,
    gradient_lag_rnn,
    parameter_counts,
    sliding_windows,
)
from words import encoder_decoder, word_length

HERE = Path(__file__).parent
FIGURES = {
    rnn_unfolded: "An RNN folded and unfolded",
    io_architectures: "Arrangements of inputs and outputs",
    layer_shapes: "Shapes from layer to layer",
    gradient_lag_rnn: "Gradient against lag in simple RNNs",
    lstm_cell: "One step of an LSTM cell",
    gradient_lag_gated: "Gradient against lag in gated cells",
    gru_cell: "One step of a GRU cell",
    parameter_counts: "Weights against units",
    sliding_windows: "Sliding windows on a sine wave",
    cell_comparison: "Test errors of three cells",
    bidirectional: "A bidirectional layer, unfolded",
    influence_of_inputs: "Which inputs an output depends on",
    attention_step: "Attention for one query",
    attention_masks: "Attention weights without and with a mask",
    encoder_decoder: "A word is read and written backward",
    word_length: "Right words against their length",
}


def files() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file."""
    for draw, title in FIGURES.items():
        name = draw.__name__.replace("_", "-")
        yield f"{name}.svg", draw(wide=True).svg(title)
        yield f"{name}-narrow.svg", draw(wide=False).svg(title)


def main() -> None:
    """Write all files beside this script."""
    for name, svg in files():
        (HERE / name).write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
