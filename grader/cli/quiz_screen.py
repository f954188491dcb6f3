"""The conversation of a quiz: a greeting, its questions one after another, and a goodbye if it is stopped."""

from __future__ import annotations

from grader.cli.asking import ask
from grader.cli.common import ConfidencePrompt
from grader.cli.conversation import Conversation, LearnerQuit
from grader.quiz.sitting import Sitting, Stage
from grader.tutor.asked_questions import SittingQuestion
from grader.tutor.recording import Recorder
from grader.tutor.sittings import LoggedSitting


def run_quiz(
    logged: LoggedSitting, recorder: Recorder, conversation: Conversation, confidence: ConfidencePrompt
) -> Sitting:
    """Ask until every question is closed or the learner stops; return the state of the sitting then."""
    quiz = logged.quiz
    asked: SittingQuestion | None = None
    try:
        _greet(conversation, logged)
        while (question := logged.sitting.current) is not None:
            number = logged.sitting.index(question.id) + 1
            asked = SittingQuestion(logged, question.id, recorder)
            ask(conversation, asked, f"Question {number} of {len(quiz.questions)}", confidence)
            logged = asked.logged
    except (LearnerQuit, KeyboardInterrupt):
        logged = logged if asked is None else asked.logged  # it may have been stopped between two tries
        _say_goodbye(conversation, logged, recorder)
    return logged.sitting


def _greet(conversation: Conversation, logged: LoggedSitting) -> None:
    quiz = logged.quiz
    conversation.say(f"**{quiz.title}**")
    if logged.sitting.untouched:
        conversation.say(
            "Type the letter or number of an option. Your first try scores. Type ? to see the other keys."
        )
    else:
        done = sum(state.stage is not Stage.OPEN for state in logged.sitting.states)
        conversation.say(
            f"Continuing: {done} of {len(quiz.questions)} questions are done. "
            f"(`course quiz {quiz.id} --new` starts over.)"
        )


def _say_goodbye(conversation: Conversation, logged: LoggedSitting, recorder: Recorder) -> None:
    conversation.write("\n\n")
    if not recorder.keeps:
        conversation.say("Stopped. Nothing was recorded.")
    elif logged.sitting.untouched:
        conversation.say(f"Stopped before the first answer. To start again: `course quiz {logged.quiz.id}`")
    else:
        conversation.say(f"Stopped. Your answers are saved. To continue: `course quiz {logged.quiz.id}`")
