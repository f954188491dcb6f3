"""`course learn`: the tutor. It leads through a lesson one step at a time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from grader.cli.common import ConfidencePrompt, confidence_option, may_redraw

BREAK_AFTER = 20  # questions in a row

if TYPE_CHECKING:
    from grader.cli.conversation import Conversation
    from grader.content.course import Course
    from grader.tutor.path import AskQuestion, FinishLesson, ReadSection, SkipSection
    from grader.tutor.walk import LessonWalk


@click.command()
@click.argument("lesson_id", metavar="[LESSON]", required=False)
@confidence_option
def learn(lesson_id: str | None, confidence: ConfidencePrompt) -> int:
    """Go through LESSON step by step: read, answer questions, write code, until you master it.

    You can leave out LESSON if the course has only one.

    On a terminal, the text comes a screenful at a time: space or Enter shows more
    and b goes back. You can stop at any time: press q or Ctrl-C, or close the
    terminal. Run the same command to continue. Topics you have mastered are skipped. If you miss a
    question, you can read its section again, and then get another question on
    the same concept.

    \b
    Examples:
      course learn
      course learn day4
      COURSE_CONFIDENCE=off course learn day4

    Exit code: 0 if nothing is left to do, 1 if you stopped before the end.
    """
    from grader.cli.common import current_course, current_recorder, only_id
    from grader.cli.conversation import LearnerQuit
    from grader.progress.evidence import Contents
    from grader.tutor.walk import LessonWalk

    course = current_course()
    lesson_id = lesson_id or only_id("lessons", course.lesson_ids)
    walk = LessonWalk(Contents.of(course), course.lesson(lesson_id), current_recorder())
    walk.recorder.prepare()
    conversation = _conversation()
    try:
        _Guide(course, walk, conversation, confidence).run()
    except (LearnerQuit, KeyboardInterrupt):
        conversation.write("\n\n")
        conversation.say(f"Stopped. Your work is saved. To continue: `course learn {lesson_id}`")
        return 1
    return 0


def _conversation() -> Conversation:
    """Return a conversation that stops after each screenful, if the terminal can be redrawn."""
    if may_redraw(sys.stdout) and sys.stdin.isatty():
        from grader.cli.paged import PagedConversation

        return PagedConversation(sys.stdout)
    from grader.cli.conversation import Conversation

    return Conversation(sys.stdout)


class _Guide:
    """Shows the steps of one walk through a lesson."""

    def __init__(
        self, course: Course, walk: LessonWalk, conversation: Conversation, confidence: ConfidencePrompt
    ) -> None:
        self._course = course
        self._walk = walk
        self._lesson = walk.lesson
        self._conversation = conversation
        self._confidence = confidence
        self._has_told_what_is_left = False

    def run(self) -> None:
        from grader.tutor.path import AskQuestion, DoExercise, FinishLesson, ReadSection, SkipSection

        self._greet()
        while True:
            match self._walk.next_step():
                case ReadSection() as step:
                    self._read(step)
                case SkipSection() as step:
                    self._skip(step)
                case AskQuestion() as step:
                    self._ask(step)
                case DoExercise(exercise=exercise_id):
                    from grader.cli.exercise_step import work_on

                    exercise = self._course.exercise(exercise_id)
                    work_on(self._course, exercise, self._walk.recorder, self._conversation)
                case FinishLesson() as step:
                    self._finish(step)
                    return

    def _greet(self) -> None:
        say = self._conversation.say
        done = self._walk.sections_done()
        say(f"**{self._lesson.title}**")
        if done:
            say(f"Continuing: you have finished {done} of {len(self._lesson.sections)} sections.")
            return
        self._conversation.say_blocks(self._lesson.introduction)
        say("Press Enter to continue or type `q` to stop. You can stop at any time and continue later.")
        self._conversation.wait("Enter to begin: ")

    def _read(self, step: ReadSection) -> None:
        from grader.cli.conversation import Place
        from grader.cli.lesson import questions_of, section_lines
        from grader.tutor.walk import SectionChoice

        section, conversation = step.section, self._conversation
        if step.missed is not None:
            title = self._walk.title_of(step.missed)
            conversation.say(f"You missed something about “{title}”. Section {section.id} explains it.")
            if self._wants_to_skip("Enter to read it again, s to skip it: "):
                self._walk.finish_section(step, SectionChoice.SKIPPED)
                return
        lines = [*section_lines(section, self._lesson, conversation.screen)]
        if self._course.kit is not None:  # a kit asks the questions in `course quiz`
            lines += questions_of(section, self._course, conversation.screen)
        number = self._lesson.sections.index(section) + 1
        conversation.show_section(lines, Place(number, len(self._lesson.sections)))
        self._walk.finish_section(step, SectionChoice.READ)

    def _skip(self, step: SkipSection) -> None:
        section = step.section
        self._walk.skip_section(step)
        self._conversation.say(
            f"You have mastered section {section.id}, {section.title}, so it is skipped. "
            f"To read it anyway: `course lesson {self._lesson.id} {section.id}`"
        )

    def _ask(self, step: AskQuestion) -> None:
        from grader.cli.asking import ask
        from grader.tutor.path import Reason

        walk, say = self._walk, self._conversation.say
        before = walk.facts()
        if step.reason is Reason.UNMASTERED and not self._has_told_what_is_left:
            self._has_told_what_is_left = True
            say(
                "You have been through the whole lesson. The next questions are about concepts you have not "
                f"mastered yet: {walk.unmastered()} of {len(self._lesson.concepts)}. "
                "You can stop at any time."
            )
        kind = "Another question" if step.reason is Reason.MISSED else "Question"
        # the heading does not name the concept, which is often the answer
        heading = f"{kind} on section {step.question.section}"
        ask(self._conversation, walk.question(step), heading, self._confidence)
        if walk.questions_asked % BREAK_AFTER == 0:
            say(
                f"That was question {walk.questions_asked} in a row. A break helps you to remember: type `q` "
                "to stop, and run the same command to continue."
            )
        for concept in walk.newly_mastered(step.question, before):
            say(f"You have now mastered this concept: {walk.title_of(concept)}.")

    def _finish(self, step: FinishLesson) -> None:
        say = self._conversation.say
        if self._course.kit is not None:
            say("**Done.** You have been through the whole lesson, and your code passes the visible tests.")
        elif not step.unmastered:
            say("**Done.** You have mastered every concept of this lesson. Well done!")
        else:
            say("**Done.** You have been through the whole lesson, its questions and its exercises.")
            left = ", ".join(map(self._walk.title_of, step.unmastered))
            say(f"Not mastered yet: {left}. Reviews and exercises will help you get there.")
        for exercise in step.aside:
            say(f"You set {exercise} aside. To come back to it: `course check {exercise}`")
        if self._course.kit is not None:
            for quiz_id in self._course.sealed_quiz_ids:
                say(f"To answer its questions: `course quiz {quiz_id}`. Your instructor marks them.")
            return
        say("To remember it: `course review`. To see where you stand: `course progress`.")

    def _wants_to_skip(self, prompt: str) -> bool:
        """Wait for Enter or s; return True for s. Raises LearnerQuit."""
        while (word := self._conversation.read_word(prompt)) not in ("", "s", "skip"):
            self._conversation.say("Please press Enter, type s or type q.")
        self._conversation.write("\n")
        return bool(word)
