"""Every YAML block of the guides is what it says: a file, or a part of one, without a problem."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from grader.classroom.class_file import ClassFile, class_file_of
from grader.classroom.class_names import with_known_names
from grader.classroom.derivation import check_marks, check_scores
from grader.classroom.grouping import FeedbackFile
from grader.content.course import Course
from grader.content.course_file import CourseFile
from grader.content.decode import decode
from grader.content.equivalents import EquivalentMutants
from grader.content.exercise import Exercise
from grader.content.quiz import Practice

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = [
    (page.stem, textwrap.dedent(block))
    for page in sorted(DOCS.rglob("*.md"))
    for block in re.findall(r"^ *```yaml\n(.*?)^ *```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
]
EXERCISE = (
    "id: x\ntitle: X\nlesson: day1\ntext: T\nfunctions: [{signature: f(a), text: T, returns: {b: int}}]\n"
)
QUESTION = {"id": "q", "kind": "essay", "concepts": "[c]", "section": '"1"', "prompt": "P", "explain": "E"}
TYPES = {  # by the first field
    "title": (CourseFile, "{}"),
    "timezone": (ClassFile, "{}"),
    "sentences": (FeedbackFile, "{}"),
    "mutants": (EquivalentMutants, "{}"),
    "data": (Exercise, EXERCISE + "{}"),
    "limits": (Exercise, EXERCISE + "{}"),
    "kind": (Practice, "id: day1\nlesson: day1\nquestions:\n{}"),
    "figure": (Practice, "id: day1\nlesson: day1\nquestions:\n{}"),
}


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{page}-{n}" for n, (page, _) in enumerate(BLOCKS)])
def test_a_block_is_valid(page: str, block: str) -> None:
    first = block.partition(":")[0]
    type_, whole = TYPES[first]
    if type_ is Practice:
        given = re.findall(r"^(\w+):", block, re.MULTILINE)
        missing = "".join(f"{field}: {value}\n" for field, value in QUESTION.items() if field not in given)
        block = textwrap.indent(missing + block, "    ").replace("    ", "  - ", 1)
    assert decode(whole.replace("{}", block), f"{page}.yaml", type_)


@pytest.mark.parametrize("block", [block for _, block in BLOCKS if block.startswith("timezone")])
def test_a_class_file_fits_the_example_course(block: str) -> None:
    course = Course(DOCS.parent / "examples" / "text-statistics")
    file = class_file_of(block, Path("class.yaml"), (*course.exercise_ids, *course.quiz_ids))
    check_marks(file, course)
    check_scores(file, {each: course.quiz(each).points for each in course.quiz_ids})
    known = dict.fromkeys(("ada", "bob", "cy", "dan", "eve"))
    assert with_known_names(file, block, Path("class.yaml"), known) == file


def test_all_kinds_of_files_are_shown() -> None:
    assert {block.partition(":")[0] for _, block in BLOCKS} == TYPES.keys()
