"""Progress as a chart: the probability that each concept is known, and the evidence for it."""

from __future__ import annotations

from pathlib import Path

import click
from matplotlib.figure import Figure

from grader.errors import CourseError, EnvironmentProblem
from grader.progress.known import is_measured
from grader.progress.mastery import THRESHOLD
from grader.progress.standing import Standing

XLABEL = "probability that the concept is known (dashed: needed for mastery; white: little evidence)"


def save_plot(standing: Standing, file: str) -> None:
    """Write a chart with one bar per concept. Raises CourseError or EnvironmentProblem."""
    if not standing.concepts:
        raise CourseError(
            "there is nothing to draw yet — answer some questions first, for example with: course learn"
        )
    figure = draw(standing)
    try:
        figure.savefig(file, bbox_inches="tight")
    except ValueError as error:  # an unknown file format
        raise CourseError(f"{file} cannot be drawn: {error} — end its name in .png, .svg or .pdf") from None
    except OSError as error:
        raise EnvironmentProblem(
            f"{file} cannot be written: {error.strerror} — name a file in a directory you can write to"
        ) from None
    click.echo(f"Wrote {Path(file)}")


def draw(standing: Standing) -> Figure:
    """Return the chart. A hatch and a label mark mastered concepts, so that color is not needed.

    The bars of concepts with little evidence are white with a dotted edge.
    """
    concepts = standing.concepts
    figure = Figure(figsize=(9, 1.2 + 0.34 * len(concepts)))
    axes = figure.subplots()
    places = range(len(concepts))
    bars = axes.barh(places, [c.mastery for c in concepts], color="#4878a8", height=0.7)
    for concept, bar in zip(concepts, bars, strict=True):
        if concept.mastered:
            bar.set_hatch("//")
        if not is_measured(concept):
            bar.set(facecolor="white", edgecolor="#4878a8", linestyle=":")
        label = f"{concept.right} of {concept.evidence} right" + (", mastered" if concept.mastered else "")
        axes.text(1.02, bar.get_y() + bar.get_height() / 2, label, va="center", fontsize=8)
    axes.axvline(THRESHOLD, color="black", linestyle="--", linewidth=1)
    axes.set(xlim=(0, 1), xlabel=XLABEL)
    axes.set_yticks(places, [concept.title for concept in concepts])
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("Concepts you know")
    return figure
