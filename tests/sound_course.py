"""A course without flaws: a lesson, a quiz, practice questions, an exercise with two known mistakes."""

from __future__ import annotations

from pathlib import Path

LESSON = """\
id: tiny
title: Counting
introduction: How to count. See [the sums](#2).
concepts:
  - {id: numbers, title: Numbers, summary: One after another.}
  - {id: sums, title: Sums, summary: Numbers put together.}
misconceptions:
  - {id: off-by-one, concept: numbers, belief: Counting starts at two., correction: It starts at one.}
  - {id: adds-twice, concept: sums, belief: More is better., correction: Once is enough.}
sections:
  - id: "1"
    title: Numbers
    text: |
      One and two, then $x_{t-1}$ and `$x_1$`.

      **Sums** come in section 2.

      ```python
      price = "$5 ** 2"
      ```
    concepts: [numbers]
    figures: [{file: three.svg, narrow: phone.svg, caption: Three dots, alt: Three black dots in a row}]
    questions: [tiny-q1]
  - {id: "2", title: Sums, text: One and one., concepts: [sums], exercises: [exercise-x]}
summary: You can count.
glossary:
  - {term: Number, definition: A count., section: "1"}
"""

QUIZ = """\
id: tiny
title: A tiny quiz
lesson: tiny
questions:
  - id: tiny-q1
    kind: single
    concepts: [numbers]
    section: "1"
    prompt: What comes after one?
    options:
      - {text: Three, why: Three comes after two., misconception: off-by-one}
      - {text: Two, correct: true, why: Two follows one.}
    hints: [Count on., Not three.]
    explain: Numbers go up by one.
"""

PRACTICE = """\
id: tiny
lesson: tiny
questions:
  - id: tiny-p1
    kind: numeric
    concepts: [numbers]
    section: "1"
    prompt: What comes after {{n}}?
    draw: {n: [4, 7, 12]}
    answer: n + 1
    wrong:
      - {value: n, why: That is the number itself., misconception: off-by-one}
      - {value: n + 2, why: You left one out.}
    otherwise: Count with your fingers.
    hints: ["Count on from {{n}}."]
    explain: "After {{n}} comes {{n + 1}}."
  - id: tiny-p2
    kind: shape
    concepts: [sums]
    section: "2"
    prompt: What is the shape of an array of {{rows}} rows and two columns?
    draw: {rows: [3, 5]}
    answer: (rows, 2)
    wrong:
      - {value: "(2, rows)", why: Rows come first.}
    otherwise: It has two axes.
    hints: [Rows first.]
    explain: "It is ({{rows}}, 2)."
"""

EXERCISE = """\
id: exercise-x
title: X
lesson: tiny
text: Words.
functions:
  - signature: scaled(x, factor=2)
    text: Every number times the factor.
    returns: {y: array}
    concepts: [sums]
    section: "2"
    hints: ["Think of one number first."]
  - signature: first(x)
    text: The first number.
    returns: {y: float}
    hints: [Where does counting start?]
mistakes:
  - id: adds-the-factor
    function: scaled
    misconception: adds-twice
    says: What does "times" ask for?
  - id: second-one
    function: first
    misconception: off-by-one
    says: Where does counting start?
    section: "1"
"""

SOLUTION = """
import numpy as np

def scaled(x, factor=2):
    return np.asarray(x, dtype=float) * factor

def first(x):
    return float(np.asarray(x)[0])
"""

STARTER = """
def scaled(x, factor=2):
    raise NotImplementedError

def first(x):
    raise NotImplementedError
"""

HEAD = """\
import numpy as np
import pytest

from grader.testing import assert_allclose

"""

VISIBLE = (
    HEAD
    + '''
@pytest.mark.points(1, function="scaled")
def test_two(learner):
    """Three times three is nine."""
    assert_allclose(learner.scaled(np.array([3.0]), 3), [9.0], "It should be 9")
'''
)

HIDDEN = (
    HEAD
    + '''
@pytest.mark.points(2, function="scaled")
def test_drawn(learner, rng):
    """Any numbers are multiplied."""
    x = rng.normal(size=3)
    assert_allclose(learner.scaled(x, 5), 5 * x, "Not all are multiplied")


@pytest.mark.points(1, function="first")
def test_first(learner, rng):
    """The first number is returned."""
    x = rng.normal(size=3)
    assert learner.first(x) == x[0], "That is not the first number"
'''
)

FILES = {
    "lessons/tiny.yaml": LESSON,
    "lessons/figures/three.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
    "lessons/figures/phone.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
    "quizzes/tiny.yaml": QUIZ,
    "quizzes/practice/tiny.yaml": PRACTICE,
    "exercises/exercise-x/exercise.yaml": EXERCISE,
    "exercises/exercise-x/solution.py": SOLUTION,
    "exercises/exercise-x/starter.py": STARTER,
    "exercises/exercise-x/visible_tests.py": VISIBLE,
    "exercises/exercise-x/hidden_tests.py": HIDDEN,
    "exercises/exercise-x/mistakes/adds_the_factor.py": '''"""It adds."""

import numpy as np

def scaled(x, factor=2):
    return np.asarray(x, dtype=float) + factor
''',
    "exercises/exercise-x/mistakes/second_one.py": '''"""It begins at one."""

def first(x):
    return float(x[1])
''',
}

EXERCISE_YAML = "exercises/exercise-x/exercise.yaml"
HIDDEN_TESTS = "exercises/exercise-x/hidden_tests.py"
STARTER_PY = "exercises/exercise-x/starter.py"
SOLUTION_PY = "exercises/exercise-x/solution.py"


class SoundCourse:
    """A sound course on disk, which a test can break in one place."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert text.count(old) == 1, old
        self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text() + text)

    def line(self, name: str, words: str) -> int:
        """Return the number of the line that contains these words."""
        text = (self.root / name).read_text()
        return text[: text.index(words)].count("\n") + 1
