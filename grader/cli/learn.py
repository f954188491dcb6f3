"""`course learn`: the tutor. Reads, asks, goes back, and checks code, one step at a time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

from grader.cli.common import confidence_option

BREAK_AFTER = 20  # questions in a row

if TYPE_CHECKING:
    from grader.cli.asking import Asking
    from grader.content.course import Course
    from grader.content.lesson import Lesson, Section
    from grader.progress.evidence import Contents
    from grader.progress.log import AttemptLog
    from grader.tutor.facts import Facts
    from grader.tutor.path import Ask, Finish, PassOver, Read


@click.command()
@click.argument("lesson_id", metavar="LESSON")
@confidence_option
def learn(lesson_id: str, confidence: bool | None) -> int:
    """Go through LESSON step by step: read, answer, write code, until you master it.

    Stop whenever you like (q, Ctrl-C, a closed terminal): the same command goes
    on where you were. What you know already is passed over; after a miss you go
    back to the section and get another question on the same idea.

    \b
    Examples:
      course learn day4
      COURSE_CONFIDENCE=off course learn day4

    Exit code: 0 when nothing is left to do, 1 when you stopped before.
    """
    from grader.cli.asking import Asking, Stopped
    from grader.cli.common import attempt_log, current_course
    from grader.progress.evidence import Contents

    course, log = current_course(), attempt_log()
    lesson = course.lesson(lesson_id)
    contents = Contents.of(course)
    log.prepare()
    asking = Asking(log, sys.stdout, confidence)
    try:
        _Walk(course, contents, lesson, log, asking).run()
    except (Stopped, KeyboardInterrupt):
        asking.write("\n\n")
        asking.say(f"Stopped. What you did is kept. To go on: `course learn {lesson_id}`")
        return 1
    return 0


class _Walk:
    """One run of the command; everything that has to outlast it is in the log."""

    def __init__(
        self, course: Course, contents: Contents, lesson: Lesson, log: AttemptLog, asking: Asking
    ) -> None:
        self._course = course
        self._contents = contents
        self._lesson = lesson
        self._log = log
        self._asking = asking
        self._led_back: set[str] = set()
        self._asked = 0
        self._strengthening = False

    def run(self) -> None:
        from grader.tutor.path import Ask, Do, Finish, PassOver, Read, next_step

        self._greet()
        while True:
            match next_step(facts := self._facts(), self._led_back):
                case Read() as read:
                    self._read(read)
                case PassOver() as passed:
                    self._pass_over(passed)
                case Ask() as ask:
                    self._ask(facts, ask)
                case Do(exercise=exercise_id):
                    from grader.cli.exercise_step import work_on

                    work_on(self._course, self._course.exercise(exercise_id), self._log, self._asking)
                case Finish() as finish:
                    self._finish(finish)
                    return

    def _facts(self) -> Facts:
        from grader.tutor.facts import Facts

        return Facts(self._contents, self._lesson, self._log.attempts())

    def _greet(self) -> None:
        say, facts = self._asking.say, self._facts()
        sections = self._lesson.sections
        done = sum(bool(facts.settled(section)) for section in sections)
        say(f"**{self._lesson.title}**")
        if done:
            say(f"You go on where you stopped; {done} of {len(sections)} sections are read.")
            return
        from grader.cli.markdown import render

        self._asking.write("\n".join(render(self._lesson.introduction, self._asking.screen)) + "\n\n")
        say("Press Enter to go on, type `q` to stop. You can stop at any time and go on later.")
        self._wait("Enter to begin: ")

    def _read(self, step: Read) -> None:
        from grader.cli.lesson import questions_of, section_lines

        section, asking = step.section, self._asking
        reads = True
        if step.missed is not None:
            title = self._title(step.missed)
            asking.say(f"Not everything was right about: {title}. Section {section.id} explains it.")
            reads = not self._wait("Enter to read it again, s to skip it: ", skip=True)
        if reads:
            for line in section_lines(section, self._lesson, asking.screen):
                asking.write(line + "\n")
            if self._course.kit is not None:  # whose questions are asked elsewhere
                for line in questions_of(section, self._course, asking.screen):
                    asking.write(line + "\n")
            self._wait("Enter to go on: ")
        self._settle(section, "read" if reads else "skip")
        if step.missed is not None:
            self._led_back.add(step.key)

    def _settle(self, section: Section, kind: Literal["read", "skip"]) -> None:
        from grader.cli.common import new_attempt
        from grader.content.course import content_hash

        self._log.append(new_attempt(kind, f"{self._lesson.id}/{section.id}", content_hash(section)))

    def _pass_over(self, step: PassOver) -> None:
        section = step.section
        self._settle(section, "skip")
        self._asking.say(
            f"You have mastered what section {section.id}, {section.title}, is about; it is passed over. "
            f"To see it anyway: `course lesson {self._lesson.id} {section.id}`"
        )

    def _ask(self, facts: Facts, step: Ask) -> None:
        from grader.cli.sittings import sitting_to_ask

        question = step.question
        logged = sitting_to_ask(question, step.quiz, self._lesson.id, self._log.attempts())
        if step.strengthens and not self._strengthening:
            self._strengthening = True
            left = sum(not facts.is_mastered(concept.id) for concept in self._lesson.concepts)
            self._asking.say(
                f"You have been through the whole lesson. Now come questions on what you do not master "
                f"yet: {left} of {len(self._lesson.concepts)} concepts. Stop whenever you like."
            )
        kind = "Another question" if step.again else "Question"
        # not the concept: its name is often the answer
        self._asking.ask(logged, question.id, f"{kind} on section {question.section}")
        self._asked += 1
        if self._asked % BREAK_AFTER == 0:
            self._asking.say(
                f"That was question {self._asked} in a row. A break helps you to remember; `q` stops, "
                "and the same command goes on here."
            )
        after = self._facts()
        for concept in question.concepts:
            if after.is_mastered(concept) and not facts.is_mastered(concept):
                self._asking.say(f"You master this now: {self._title(concept)}.")

    def _finish(self, step: Finish) -> None:
        say = self._asking.say
        if self._course.kit is not None:
            say("**Done.** You have been through the whole lesson, and your code passes the visible tests.")
        elif not step.unmastered:
            say("**Done.** You have mastered every concept of this lesson. Well done!")
        else:
            say("**Done.** You have been through the whole lesson and all that it asks.")
            left = ", ".join(map(self._title, step.unmastered))
            say(f"Not mastered yet: {left}. Reviews and exercises will add to it.")
        for exercise in step.aside:
            say(f"You set {exercise} aside. To come back to it: `course check {exercise}`")
        if self._course.kit is not None:
            for quiz_id in self._course.sealed_quiz_ids:
                say(f"Its questions are asked by `course quiz {quiz_id}`, and marked by your instructor.")
            return
        say("To keep it: `course review`. Where you stand: `course progress`.")

    def _title(self, concept: str) -> str:
        found = self._contents.concepts.get(concept)
        return concept if found is None else found.title

    def _wait(self, prompt: str, skip: bool = False) -> bool:
        """Wait for Enter; return whether the learner would rather skip. Raises Stopped."""
        from grader.cli.asking import Stopped

        while True:
            typed = self._asking.read(prompt).lower()
            if typed in ("q", "quit"):
                raise Stopped
            if not typed or (skip and typed in ("s", "skip")):
                self._asking.write("\n")
                return bool(typed)
            self._asking.say("Please press Enter" + (", type s" if skip else "") + " or type q.")
