"""Questions whose answer is a short text that an instructor marks."""

from __future__ import annotations

from grader.content.question_base import QuestionBase

MAX_ESSAY = 4000  # characters of an answer; a terminal takes no longer line


class EssayQuestion(QuestionBase, frozen=True, kw_only=True, tag="essay"):
    """A question for a few sentences, marked by hand. `explain` is a model answer.

    Nothing says whether an answer is right, so it is no evidence of what a learner knows.
    """

    criteria: tuple[str, ...] = ()  # what earns points; shown after the answer
