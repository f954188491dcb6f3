"""A small, sound question of each kind, as authors write it, and all questions of the bundled course."""

from __future__ import annotations

from textwrap import indent

from grader.content.course import Course
from grader.content.decode import decode
from grader.content.questions import Question
from grader.content.quiz import Practice

SINGLE = """\
kind: single
prompt: What comes after one?
options:
  - {text: Three, why: Three comes after two., misconception: off-by-one}
  - {text: Two, correct: true, why: Two follows one.}
  - {text: Four, why: Four comes after three.}
hints: [Count on.]
explain: Numbers go up by one.
"""

MULTIPLE = """\
kind: multiple
prompt: Which numbers are even?
options:
  - {text: Six, correct: true, why: It is three and three.}
  - {text: Seven., why: One is left over., misconception: all-can-be-halved}
  - {text: Eight, correct: true, why: It is four and four.}
  - {text: Nine, why: Four and four are not enough., misconception: large-can-be-halved}
hints: [Share them with a friend.]
explain: Every second number is even.
"""

ORDERING = """\
kind: ordering
prompt: In what order do these times of day come?
items: [Morning, Noon, Evening, Night]
wrong:
  - {first: 1, second: 2, why: The sun rises before it is high., misconception: upside-down}
  - {first: 2, second: 4, why: A new day begins after the night.}
otherwise: Follow the sun.
hints: [Start at sunrise.]
explain: The sun comes up, is high at noon, sets and disappears.
"""

NUMERIC = """\
kind: numeric
draw:
  rows: [4, 50]
  columns: [6, 52]
prompt: How many cells does a table of {{rows}} rows and {{columns}} columns have?
answer: rows * columns
wrong:
  - {value: rows + columns, why: "{{rows}} + {{columns}} is a sum.", misconception: always-add}
  - {value: 2 * (rows + columns), why: That is the number of edges on the border.}
otherwise: Count the cells of one row first.
hints: ["A row has {{columns}} cells."]
explain: "There are {{rows * columns}} cells."
"""

SHAPE = """\
kind: shape
draw:
  rows: [4, 50]
prompt: What is the shape of a table of {{rows}} rows and 3 columns?
answer: (rows, 3)
wrong:
  - {value: "(3, rows)", why: Rows come first., misconception: columns-first}
  - {value: "(3 * rows,)", why: That is the number of cells.}
otherwise: There is one size for each axis.
hints: [A table has two axes.]
explain: Rows come before columns.
"""

TEXT = """\
kind: text
prompt: Where do people in Paris meet for a hot drink?
answers: [café, coffee-house]
wrong:
  - {answers: [bar, pub], why: They serve something else., misconception: all-drinks-are-alike}
  - {answers: [at home], why: Then there is no one to watch.}
otherwise: Think of small tables on a sidewalk.
accents: false
articles: [a, the]
hints: [It is named after what it serves.]
explain: Coffee gave the place its name.
"""

MATCHING = """\
kind: matching
prompt: How many legs does it have?
pairs:
  - {item: A spider, match: eight}
  - {item: A dog, match: four}
  - {item: A cat, match: four}
extra: [six]
wrong:
  - {item: 1, match: 4, why: It is not an insect., misconception: all-crawlers-are-insects}
  - {item: 3, match: 1, why: That would be two cats.}
otherwise: Count the left legs first.
hints: [Legs come in pairs.]
explain: Spiders have eight legs, dogs and cats have four.
"""

# marked by hand, so not among the kinds that have a right answer
ESSAY = """\
kind: essay
prompt: Why do people count?
criteria: [It names a purpose., It gives an example]
hints: [Think of a market.]
explain: To compare and to share. A baker counts rolls to know what they cost.
"""

KINDS = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "ordering": ORDERING,
    "matching": MATCHING,
    "numeric": NUMERIC,
    "shape": SHAPE,
    "text": TEXT,
}

HEAD = """\
id: tiny
lesson: tiny
questions:
  - id: q1
    concepts: [numbers]
    section: "1"
"""


def written(body: str) -> str:
    """Return a whole practice file with this question."""
    return HEAD + indent(body, "    ")


def question(body: str) -> Question:
    """Return the question as it is read from a file."""
    return decode(written(body), "f.yaml", Practice).questions[0]


def edited(old: str, new: str, text: str) -> str:
    """Return the text with one part changed."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def bundled() -> list[Question]:
    """Return all quiz and practice questions that come with the package."""
    course = Course.bundled()
    sources = [*map(course.quiz, course.quiz_ids), *map(course.practice, course.practice_ids)]
    return [question for source in sources for question in source.questions]
