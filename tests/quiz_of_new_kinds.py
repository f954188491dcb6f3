"""Questions whose answers are words, pairs and essays, with several points and a figure."""

from __future__ import annotations

from grader.quiz.notebook_answers import answer_name

QUESTIONS = """\
  - id: tiny-q2
    kind: text
    concepts: [numbers]
    section: "1"
    points: 3
    prompt: What comes after nine, in a word?
    answers: [ten]
    wrong:
      - {answers: [nine], why: That is where you start.}
    otherwise: Count on.
    hints: [Use your hands.]
    explain: Ten follows nine.
  - id: tiny-q3
    kind: matching
    concepts: [numbers]
    section: "1"
    points: 2
    figure: {file: three.svg, alt: Three black dots}
    prompt: Which word is which number?
    pairs:
      - {item: one, match: "1"}
      - {item: two, match: "2"}
      - {item: three, match: "3"}
      - {item: four, match: "4"}
    otherwise: Count on.
    hints: [Count the dots.]
    explain: Numbers go up by one.
  - id: tiny-q4
    kind: essay
    concepts: [numbers]
    section: "1"
    points: 4
    prompt: Why do people count?
    criteria: [It names a purpose.]
    hints: [Think of a market.]
    explain: A baker counts rolls to know what they cost.
"""
ASKED = "questions: [tiny-q1]", "questions: [tiny-q1, tiny-q2, tiny-q3, tiny-q4]"
POINTS = {"tiny-q1": 1.0, "tiny-q2": 3.0, "tiny-q3": 2.0, "tiny-q4": 4.0}


def assigned(**answers: str) -> dict[str, str]:
    """Return the sources of the cells in which a learner answers, by grade id; q2 stands for tiny-q2."""
    return {f"tiny-{n}": f"{answer_name(f'tiny-{n}')} = {text!r}" for n, text in answers.items()}
