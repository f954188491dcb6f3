"""Progress as a picture: how probable it is that each concept is known, and by how much evidence."""

from __future__ import annotations

from pathlib import Path

import click
from matplotlib.figure import Figure

from grader.errors import CourseError, EnvironmentProblem
from grader.progress.mastery import THRESHOLD
from grader.progress.standing import Standing


def save_plot(found: Standing, file: str) -> None:
    """Draw a bar a concept and write the picture. Raises CourseError, EnvironmentProblem."""
    if not found.concepts:
        raise CourseError("there is nothing to draw yet — answer some questions first: course learn")
    figure = draw(found)
    try:
        figure.savefig(file, bbox_inches="tight")
    except ValueError as error:  # an ending it does not know
        raise CourseError(f"{file} cannot be drawn: {error} — end its name in .png, .svg or .pdf") from None
    except OSError as error:
        raise EnvironmentProblem(
            f"{file} cannot be written: {error.strerror} — name a file in a directory you can write to"
        ) from None
    click.echo(f"Drawn: {Path(file)}")


def draw(found: Standing) -> Figure:
    """Return the picture. What it says is also said in words: a hatch and a text mark what is mastered."""
    concepts = found.concepts
    figure = Figure(figsize=(9, 1.2 + 0.34 * len(concepts)))
    axes = figure.subplots()
    places = range(len(concepts))
    bars = axes.barh(places, [c.mastery for c in concepts], color="#4878a8", height=0.7)
    for concept, bar in zip(concepts, bars, strict=True):
        if concept.mastered:
            bar.set_hatch("//")
        says = f"{concept.right} of {concept.evidence} right" + (", mastered" if concept.mastered else "")
        axes.text(1.02, bar.get_y() + bar.get_height() / 2, says, va="center", fontsize=8)
    axes.axvline(THRESHOLD, color="black", linestyle="--", linewidth=1)
    axes.set(xlim=(0, 1), xlabel="probability that it is known (dashed: mastered, with enough evidence)")
    axes.set_yticks(places, [concept.title for concept in concepts])
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("What you have shown to know")
    return figure
