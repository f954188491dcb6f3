"""A small course for tests: one lesson, one quiz, one exercise."""

from __future__ import annotations

from pathlib import Path

LESSON = """\
id: tiny
title: Counting
introduction: How to count.
concepts:
  - {id: numbers, title: Numbers, summary: One after another.}
  - {id: sums, title: Sums, summary: Numbers put together.}
misconceptions:
  - {id: off-by-one, concept: numbers, belief: Counting starts at two., correction: It starts at one.}
sections:
  - {id: "1", title: Numbers, text: One and two., concepts: [numbers], questions: [tiny-q1, tiny-q2]}
  - id: "1.1"
    title: More numbers
    text: Three, $x_{t-1}$ and `$x_1$`.
    concepts: [numbers]
    figures: [{file: three.svg, caption: Three dots, alt: Three black dots in a row}]
  - id: "2"
    title: Sums
    text: One and one.
    concepts: [sums]
    questions: [tiny-q3]
    exercises: [exercise-sum]
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
      - {text: Four, why: Four comes after three.}
    hints: [Count on., Not three., It has three letters.]
    explain: Numbers go up by one.
  - id: tiny-q2
    kind: single
    concepts: [numbers]
    section: "1.1"
    prompt: Which is the largest?
    shuffle: false
    options:
      - {text: One, why: One is small.}
      - {text: Two, why: Two is in the middle.}
      - {text: Three, correct: true, why: Three is the largest.}
    explain: Three is more than two.
  - id: tiny-q3
    kind: single
    concepts: [sums, numbers]
    section: "2"
    prompt: How much is one and one?
    options:
      - {text: Two, correct: true, why: It is one more than one.}
      - {text: Eleven, why: That writes them side by side.}
    hints: [Use your fingers.]
    explain: One and one is two.
"""

EXERCISE = """\
id: exercise-sum
title: Adding
lesson: tiny
text: Add.
functions:
  - signature: "add(a, b)"
    text: The sum.
    returns: {sum: int}
    concepts: [sums]
    section: "2"
    hints: [Use +., Really.]
  - {signature: "half(a)", text: The half., returns: {half: float}, concepts: [numbers]}
"""


def write_course(root: Path) -> Path:
    """Write the small course into `root`."""
    for name in ("lessons", "quizzes", "exercises/exercise-sum"):
        (root / name).mkdir(parents=True)
    (root / "lessons/tiny.yaml").write_text(LESSON)
    (root / "quizzes/tiny.yaml").write_text(QUIZ)
    (root / "exercises/exercise-sum/exercise.yaml").write_text(EXERCISE)
    (root / "exercises/exercise-sum/starter.py").write_text("def add(a, b): ...\n")
    return root
