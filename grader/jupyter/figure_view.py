"""The learner's figures beside the reference solution's, as a notebook shows them: a picture and its words.

The picture is static and stays in the saved file. Nothing of it needs a script.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.judge.plots import PlotPair
from grader.tutor.figures import in_words

TITLE = "Your figure beside the reference"
_ALT = "Yours is on the left, the reference is on the right. The list below the picture describes both."
_BOX = "color: inherit; background: transparent; font-family: inherit; max-width: 60em"


class FigureView:
    """A picture that a notebook displays. A terminal shows what the picture says."""

    def __init__(self, pairs: Sequence[PlotPair], no_reference: str) -> None:
        """`no_reference` takes the place of a missing reference."""
        self._pairs, self._no_reference = pairs, no_reference

    def __repr__(self) -> str:
        return "\n".join([TITLE, *(line for pair in self._pairs for line in self._lines(pair))])

    def _repr_html_(self) -> str:
        from grader.plotting import picture

        png = b64encode(picture(self._pairs, "png", self._no_reference)).decode()
        names = ", ".join(dict.fromkeys(pair.function for pair in self._pairs))
        alt = escape(f"{names}. {_ALT}")
        described = "".join(f"<li>{escape(line)}</li>" for pair in self._pairs for line in self._lines(pair))
        return (
            f'<div class="course-report" style="{_BOX}"><h3>{TITLE}</h3>'
            f'<img style="max-width: 100%" alt="{alt}" src="data:image/png;base64,{png}"/>'
            f"<ul>{described}</ul></div>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _lines(self, pair: PlotPair) -> Iterator[str]:
        yield f"{pair.function}: {pair.test}"
        yield f"Yours: {in_words(pair.learner)}"
        yield f"Reference: {in_words(pair.reference) if pair.reference else self._no_reference}"
