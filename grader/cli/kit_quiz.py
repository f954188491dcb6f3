"""`course quiz` in a learner's kit: answers are recorded and written to a file for the instructor."""

from __future__ import annotations

from collections.abc import Iterable

from grader.cli.answers import read_answers
from grader.cli.asking import ask
from grader.cli.conversation import Conversation, LearnerQuit
from grader.content.kit import SealedQuestion, SealedQuiz
from grader.tutor.asked_questions import KitQuestion
from grader.tutor.kit_answers import (
    Answers,
    answers_file,
    check_ours,
    record_answers,
    recorded_answers,
    write_answers,
)
from grader.tutor.recording import Recorder

MARKED_LATER = "Your instructor marks them; nothing is marked here."


def answer_open_questions(quiz: SealedQuiz, recorder: Recorder, conversation: Conversation) -> Answers:
    """Ask the questions that have no answer yet; write and return all answers.

    Raises CourseError if the file to write exists and is not ours.
    """
    answers = recorded_answers(quiz, recorder.attempts())
    return _answer(quiz, [q for q in quiz.questions if q.id not in answers], recorder, conversation)


def answer_all_questions(quiz: SealedQuiz, recorder: Recorder, conversation: Conversation) -> Answers:
    """Ask every question, also those that have an answer; write and return all answers.

    Raises CourseError if the file to write exists and is not ours.
    """
    return _answer(quiz, quiz.questions, recorder, conversation)


def _answer(
    quiz: SealedQuiz, questions: Iterable[SealedQuestion], recorder: Recorder, conversation: Conversation
) -> Answers:
    path = answers_file(quiz)
    check_ours(path, quiz)
    recorder.prepare()
    answers = recorded_answers(quiz, recorder.attempts())
    conversation.say(f"**{quiz.title}**")
    try:
        for question in questions:
            asked = KitQuestion(quiz, question, recorder)
            number = quiz.questions.index(question) + 1
            try:
                ask(conversation, asked, f"Question {number} of {len(quiz.questions)}")
            finally:
                if asked.answer is not None:
                    answers[question.id] = asked.answer
    except (LearnerQuit, KeyboardInterrupt):
        conversation.write("\n\n")
        conversation.say(f"Stopped. To continue: `course quiz {quiz.id}`")
    conversation.say(f"{answered(quiz, answers)} {MARKED_LATER}")
    if answers:
        write_answers(path, quiz, answers)
        conversation.say(f"Wrote {path}: hand it in. To change an answer: `course quiz {quiz.id} --new`")
    return answers


def answer_from_file(quiz: SealedQuiz, recorder: Recorder, file: str, conversation: Conversation) -> Answers:
    """Record and return the answers in a file. Raises CourseError that lists every wrong line."""
    answers = read_answers(file, quiz)
    record_answers(quiz, answers, recorder)
    conversation.say(f"{answered(quiz, answers)} {MARKED_LATER}")
    return answers


def answered(quiz: SealedQuiz, answers: Answers) -> str:
    """Return a sentence that says how much of a quiz is answered."""
    return f"{len(answers)} of {len(quiz.questions)} questions of {quiz.id} are answered."
