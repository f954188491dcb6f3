"""Question after question for practice, on what is known least."""

from __future__ import annotations

from grader.cli.asking import Asking, Stopped
from grader.cli.common import current_course
from grader.cli.sittings import practice_sitting
from grader.errors import CourseError
from grader.progress.evidence import Contents
from grader.tutor.facts import Facts
from grader.tutor.practice import weakest


def practise(asking: Asking, lesson_id: str, count: int) -> int:
    """Ask so many questions; return 0 when they are done, 1 if the learner stopped before."""
    course = current_course()
    lesson, contents = course.lesson(lesson_id), Contents.of(course)
    if lesson_id not in course.practice_ids:
        raise CourseError(f"the lesson {lesson_id} has no questions to practise with — take its quiz instead")
    if asking.log is not None:
        asking.log.prepare()
    asked: list[str] = []
    for number in range(1, count + 1):
        attempts = [] if asking.log is None else asking.log.attempts()
        avoid = asked if asking.log is None else asked[-1:]  # without a log nothing else remembers
        question = weakest(Facts(contents, lesson, attempts), avoid=avoid)
        if question is None:
            asking.say("There is nothing left to practise: what remains comes with `course review`.")
            break
        try:
            logged = practice_sitting(question, lesson_id, attempts)
            asking.ask(logged, question.id, f"Practice {number} of {count}")
        except (Stopped, KeyboardInterrupt):
            asking.write("\n\n")
            asking.say("Stopped. " + ("Your answers are kept." if asking.log else "Nothing was recorded."))
            return 1
        asked.append(question.id)
    asking.say("Where you stand now: `course progress`")
    return 0
