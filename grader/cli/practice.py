"""Practice: one question after another, on the concepts known least."""

from __future__ import annotations

from grader.cli.asking import ask
from grader.cli.common import ConfidencePrompt, current_course
from grader.cli.conversation import Conversation, LearnerQuit
from grader.errors import CourseError
from grader.progress.evidence import Contents
from grader.tutor.asked_questions import SittingQuestion
from grader.tutor.facts import Facts
from grader.tutor.practice import weakest
from grader.tutor.recording import Recorder
from grader.tutor.sittings import practice_sitting


def run_practice(
    lesson_id: str, count: int, recorder: Recorder, conversation: Conversation, confidence: ConfidencePrompt
) -> int:
    """Ask up to `count` questions; return 0 when they are done, 1 if the learner stopped before."""
    course = current_course()
    lesson, contents = course.lesson(lesson_id), Contents.of(course)
    if lesson_id not in course.practice_ids:
        raise CourseError(f"the lesson {lesson_id} has no practice questions — take its quiz instead")
    recorder.prepare()
    asked: list[str] = []
    for number in range(1, count + 1):
        attempts = recorder.attempts()
        avoid = asked[-1:] if recorder.keeps else asked  # without a log, only `asked` remembers
        question = weakest(Facts(contents, lesson, attempts), avoid=avoid)
        if question is None:
            conversation.say("Nothing is left to practice for now. To keep what you know: `course review`")
            break
        try:
            logged = practice_sitting(question, lesson_id, attempts)
            heading = f"Practice {number} of {count}"
            ask(conversation, SittingQuestion(logged, question.id, recorder), heading, confidence)
        except (LearnerQuit, KeyboardInterrupt):
            conversation.write("\n\n")
            conversation.say(
                "Stopped. " + ("Your answers are saved." if recorder.keeps else "Nothing was recorded.")
            )
            return 1
        asked.append(question.id)
    conversation.say("To see where you stand: `course progress`")
    return 0
