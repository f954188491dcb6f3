"""The stored answer of every question that can be computed equals the result of Keras and NumPy.

The computations are in the modules `computed_*`. They carry out
what the question describes instead of repeating its formula.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import computed_attention
import computed_cells
import computed_directions
import computed_programs
import computed_shapes
import computed_words
import numpy as np
import pytest

from grader.content.arithmetic import evaluate
from grader.content.course import Course
from grader.content.questions import NumericQuestion, Question, ShapeQuestion
from grader.content.value_questions import numbers
from grader.quiz.answer import right_answer

COURSE = Course.bundled()
QUESTIONS: dict[str, Question] = {
    question.id: question
    for source in (COURSE.quiz("day4"), COURSE.practice("day4"))
    for question in source.questions
}
COMPUTED: dict[str, Callable[[dict[str, float]], object]] = {
    **computed_cells.COMPUTED,
    **computed_directions.COMPUTED,
    **computed_programs.COMPUTED,
    **computed_attention.COMPUTED,
    **computed_words.COMPUTED,
    **computed_shapes.COMPUTED,
}
DRAWS = 3  # tested per question; testing all draws takes minutes
SLOW = {"day4-n21"}  # trains for the drawn number of epochs


def test_every_value_is_computed() -> None:
    values = {id_ for id_, q in QUESTIONS.items() if isinstance(q, NumericQuestion | ShapeQuestion)}
    assert values <= COMPUTED.keys() <= QUESTIONS.keys()
    assert len(COMPUTED) > len(values)  # some answers that are letters are computed, too


@pytest.mark.parametrize("question_id", sorted(COMPUTED))
def test_the_stored_answer_equals_the_computed_one(question_id: str) -> None:
    question = QUESTIONS[question_id]
    if not isinstance(question, NumericQuestion | ShapeQuestion):
        assert COMPUTED[question_id]({}) == right_answer(question)
        return
    draws = list(question.draws())[-1 if question_id in SLOW else 0 :]
    for values in islice(draws, 0, None, max(len(draws) // DRAWS, 1)):
        stored, computed = evaluate(question.answer, values), COMPUTED[question_id](values)
        if isinstance(question, ShapeQuestion):
            assert stored == tuple(computed), values  # type: ignore[arg-type]
        else:
            tolerance = max(question.tolerance, 1e-6)
            expected = np.array(numbers(stored), dtype=float)
            assert np.allclose(np.ravel(computed), expected, rtol=tolerance, atol=1e-9), values  # type: ignore[arg-type]
