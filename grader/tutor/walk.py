"""One walk through a lesson: the steps that `path` chooses, and what they record."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from grader.content.lesson import Lesson
from grader.content.questions import Question
from grader.progress.evidence import Contents
from grader.tutor.asked_questions import SittingQuestion
from grader.tutor.facts import Facts
from grader.tutor.path import AskQuestion, ReadSection, SkipSection, Step, next_step
from grader.tutor.recording import Recorder
from grader.tutor.sittings import sitting_to_ask


class SectionChoice(Enum):
    """The learner's choice about a section that was shown."""

    READ = "read"
    SKIPPED = "skip"


class LessonWalk:
    """One run through a lesson. Everything that must outlast the run is recorded."""

    def __init__(self, contents: Contents, lesson: Lesson, recorder: Recorder) -> None:
        self.contents = contents
        self.lesson = lesson
        self.recorder = recorder
        self.questions_asked = 0
        self._led_back: set[str] = set()

    def facts(self) -> Facts:
        return Facts(self.contents, self.lesson, self.recorder.attempts())

    def next_step(self) -> Step:
        return next_step(self.facts(), self._led_back)

    def sections_done(self) -> int:
        """Return how many sections have been read or skipped."""
        facts = self.facts()
        return sum(bool(facts.settled(section)) for section in self.lesson.sections)

    def finish_section(self, step: ReadSection, choice: SectionChoice) -> None:
        """Record that the section of a step was read, or skipped after a miss led back to it."""
        self.recorder.record_section(choice.value, self.lesson, step.section)
        if step.missed is not None:
            self._led_back.add(step.key)

    def skip_section(self, step: SkipSection) -> None:
        """Record that a mastered section was skipped."""
        self.recorder.record_section("skip", self.lesson, step.section)

    def question(self, step: AskQuestion) -> SittingQuestion:
        """Return the question of a step, in the sitting in which it is asked."""
        attempts = self.recorder.attempts()
        logged = sitting_to_ask(step.question, step.quiz, self.lesson.id, attempts)
        self.questions_asked += 1
        return SittingQuestion(logged, step.question.id, self.recorder)

    def newly_mastered(self, question: Question, before: Facts) -> Iterable[str]:
        """Return the question's concepts that have been mastered since `before`."""
        after = self.facts()
        return [c for c in question.concepts if after.is_mastered(c) and not before.is_mastered(c)]

    def unmastered(self) -> int:
        """Return how many of the lesson's concepts are not mastered."""
        facts = self.facts()
        return sum(not facts.is_mastered(concept.id) for concept in self.lesson.concepts)

    def title_of(self, concept_id: str) -> str:
        """Return a concept's title, or its id if no lesson defines it."""
        concept = self.contents.concepts.get(concept_id)
        return concept_id if concept is None else concept.title
