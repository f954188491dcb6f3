"""The conversation of a quiz: its questions one after another, and where it was stopped."""

from __future__ import annotations

from grader.cli.asking import Asking, Stopped
from grader.cli.sittings import LoggedSitting
from grader.quiz.sitting import Sitting, Stage


def run_quiz(asking: Asking, logged: LoggedSitting) -> Sitting:
    """Ask until every question is closed or the learner stops; return where the sitting is then."""
    quiz = logged.quiz
    try:
        _greet(asking, logged)
        while (question := logged.sitting.current) is not None:
            number = logged.sitting.index(question.id) + 1
            logged = asking.ask(logged, question.id, f"Question {number} of {len(quiz.questions)}")
    except (Stopped, KeyboardInterrupt):
        logged = asking.logged or logged
        _say_goodbye(asking, logged)
    return logged.sitting


def _greet(asking: Asking, logged: LoggedSitting) -> None:
    quiz = logged.quiz
    asking.say(f"**{quiz.title}**")
    if logged.sitting.untouched:
        asking.say("Type the letter of an option. Your first try scores. Type ? to see the other keys.")
    else:
        done = sum(state.stage is not Stage.OPEN for state in logged.sitting.states)
        asking.say(
            f"You go on where you stopped; {done} of {len(quiz.questions)} questions are done. "
            f"(`course quiz {quiz.id} --new` starts afresh.)"
        )


def _say_goodbye(asking: Asking, logged: LoggedSitting) -> None:
    asking.write("\n\n")
    if asking.log is None:
        asking.say("Stopped. Nothing was recorded, as you asked for.")
    elif logged.sitting.untouched:
        asking.say(f"Stopped before the first answer. To start again: `course quiz {logged.quiz.id}`")
    else:
        asking.say(f"Stopped. Your answers are kept. To go on: `course quiz {logged.quiz.id}`")
