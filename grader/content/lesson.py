"""Types of a lesson file: its sections, concepts, misconceptions and glossary."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.figures import LessonFigure
from grader.content.simulations import Simulation


class Concept(Content, frozen=True, kw_only=True):
    """One idea that a learner can master."""

    id: Id
    title: str
    summary: str


class Misconception(Content, frozen=True, kw_only=True):
    """One wrong idea. Quiz distractors and known mistakes of exercises refer to it by its id."""

    id: Id
    concept: Id
    belief: str  # the wrong idea, in the words of someone who holds it
    correction: str  # the right idea


class Section(Content, frozen=True, kw_only=True):
    """One numbered section. `text` is Markdown with formulas in `$…$`."""

    id: str  # "3" or "3.2"
    title: str
    text: str
    concepts: tuple[Id, ...] = ()
    figures: tuple[LessonFigure, ...] = ()
    questions: tuple[Id, ...] = ()  # asked at the end of the section
    exercises: tuple[Id, ...] = ()  # suggested after the section
    simulations: tuple[Simulation, ...] = ()  # things that move, on the page only

    @property
    def level(self) -> int:
        """The depth of the section: 1 for "3", 2 for "3.2"."""
        return self.id.count(".") + 1


class Term(Content, frozen=True, kw_only=True):
    """One entry of the glossary."""

    term: str
    definition: str
    section: str | None = None  # the section that teaches it


class Lesson(Content, frozen=True, kw_only=True):
    """One lesson file, `lessons/<id>.yaml`."""

    id: Id
    title: str
    introduction: str
    concepts: tuple[Concept, ...]
    misconceptions: tuple[Misconception, ...] = ()
    sections: tuple[Section, ...]
    summary: str
    glossary: tuple[Term, ...] = ()

    def section(self, section_id: str) -> Section | None:
        """Return the section with this number, or None."""
        return next((s for s in self.sections if s.id == section_id), None)

    @property
    def pictures(self) -> tuple[LessonFigure, ...]:
        """The figures of all sections."""
        return tuple(figure for section in self.sections for figure in section.figures)

    def sections_on(self, concept_id: str) -> tuple[Section, ...]:
        """Return the sections that teach this concept, in reading order."""
        return tuple(s for s in self.sections if concept_id in s.concepts)

    def findings(self) -> Iterator[Finding]:
        for name in ("concepts", "misconceptions", "sections"):
            for index, item_id in duplicates(item.id for item in getattr(self, name)):
                yield Finding((name, index, "id"), f"{item_id!r} is used twice", "give each its own id")
        concepts = {concept.id for concept in self.concepts}
        moving: set[str] = set()
        for i, section in enumerate(self.sections):
            for j, simulation in enumerate(section.simulations):
                if simulation.id in moving:
                    path = ("sections", i, "simulations", j, "id")
                    yield Finding(path, f"{simulation.id!r} is used twice", "give each its own id")
                moving.add(simulation.id)
        sections = {section.id for section in self.sections}
        for i, misconception in enumerate(self.misconceptions):
            if misconception.concept not in concepts:
                yield Finding.unknown(("misconceptions", i, "concept"), misconception.concept, concepts)
        for i, section in enumerate(self.sections):
            for j, concept in enumerate(section.concepts):
                if concept not in concepts:
                    yield Finding.unknown(("sections", i, "concepts", j), concept, concepts)
        for i, term in enumerate(self.glossary):
            if term.section is not None and term.section not in sections:
                yield Finding.unknown(("glossary", i, "section"), term.section, sections)
