"""Templates of a new course and of a new lesson."""

from __future__ import annotations

from collections.abc import Sequence

from grader.authoring.new.files import Files, schema_line, schema_text, slug
from grader.authoring.new.yaml_text import text, with_item
from grader.content.course import COURSE_FILE
from grader.content.schema import SCHEMAS


def new_course(title: str, package: str, tensorflow: bool) -> Files:
    """Return the files of a course without lessons: `course.yaml`, and the schemas for editors."""
    about = (
        f"{schema_line('course', 0)}title: {text(title)}\n"
        f"package: {package}  # names the wheel of a learner's kit\n"
        "lessons: []  # in the order in which they are taught; `course new lesson` adds them\n"
        "language: en\n"
        f"tensorflow: {str(tensorflow).lower()}  # true if exercises use TensorFlow or Keras\n"
    )
    schemas = {f"schemas/{kind}.json": schema_text(kind) for kind in SCHEMAS}
    return Files(created={COURSE_FILE: about, **schemas})


def new_lesson(lesson_id: str, title: str, concepts: Sequence[str], course_file: str | None) -> Files:
    """Return the files of a new lesson with one section per concept.

    `course_file` is the text of `course.yaml`, which then lists the lesson. Raises CourseError.
    """
    ids = [slug(concept, f"concept-{number}") for number, concept in enumerate(concepts, start=1)]
    lines = [
        schema_line("lesson", 1) + f"id: {lesson_id}",
        f"title: {text(title)}",
        _todo("introduction", "say in two or three sentences what this lesson is about, and why it matters."),
        "concepts:  # each needs four pieces of evidence, from questions and tests",
    ]
    for concept_id, concept in zip(ids, concepts, strict=True):
        lines += [f"  - id: {concept_id}", f"    title: {text(concept)}"]
        lines += [_todo("    summary", f"explain {concept} in one sentence.")]
    lines += [
        "misconceptions: []  # wrong ideas; `course new mistake` adds them, and questions can name them",
        "sections:",
    ]
    for number, (concept_id, concept) in enumerate(zip(ids, concepts, strict=True), start=1):
        lines += [
            f'  - id: "{number}"',
            f"    title: {text(concept)}",
            "    text: |",
            f"      TODO: teach {concept}. This is Markdown: paragraphs, lists, tables, code, $formulas$.",
            f"    concepts: [{concept_id}]",
            "    questions: []  # of a quiz, asked at the end of the section",
            "    exercises: []",
        ]
    lines += [_todo("summary", "say in a few sentences what a learner knows now."), "glossary: []"]
    changed = {}
    if course_file is not None:
        changed[COURSE_FILE] = with_item(course_file, ("lessons",), lesson_id, COURSE_FILE)
    return Files(created={f"lessons/{lesson_id}.yaml": "\n".join(lines) + "\n"}, changed=changed)


def _todo(field: str, words: str) -> str:
    return f'{field}: "TODO: {words}"'
