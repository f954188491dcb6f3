"""Writing a learner's kit: a copy of a course without solutions, hidden tests and answers."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import yaml

from grader.content.course import COURSE_FILE, FIGURES, KIT, PARTS, Course, content_hash
from grader.content.exercise import Exercise
from grader.content.figures import Figure, file_names
from grader.content.kit import HiddenTests, Kit, KitExercise, SealedQuestion, SealedQuiz
from grader.content.lesson import Lesson
from grader.content.questions import LetterQuestion, MatchingQuestion, Question
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.files import copy_tree, is_empty, not_written
from grader.judge.client.judge import Judge
from grader.judge.client.starter import starter_report
from grader.judge.report import Report
from grader.quiz.answer import form_of
from grader.quiz.drawn_values import drawn_quiz

DISTRIBUTED = ("starter.py", "visible_tests.py")  # files of an exercise that are copied unchanged


def write_kit(
    course: Course, directory: Path, force: bool = False, tell: Callable[[str], None] = lambda what: None
) -> Kit:
    """Write a learner's kit into `directory`. If this fails, the directory stays as it was.

    `tell` is called with a sentence at each slow step. A directory that contains
    anything but a kit is refused. With `force`, an earlier kit is replaced, and other
    files in its directory stay. Raises CourseError.
    """
    course.check_whole("be made into another kit")
    _check_free(directory, force)
    is_new = not directory.exists()
    try:
        with tempfile.TemporaryDirectory(prefix="course-kit-") as scratch:
            new = Path(scratch)
            kit = _fill(course, new, tell)
            directory.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=directory, prefix=".course-kit-") as staging:
                _swap(new, directory, Path(staging))
    except OSError as error:
        if is_new:
            with suppress(OSError):
                directory.rmdir()
        place = error.filename or directory
        raise not_written(place, error, "name a directory that you can write to") from None
    return kit


def _check_free(directory: Path, force: bool) -> None:
    """Raise CourseError unless a kit may be written into the directory."""
    if not directory.exists():
        return
    if not directory.is_dir():
        raise CourseError(f"{directory} is not a directory — name a new one")
    if is_empty(directory):
        return
    if not (directory / KIT).is_file():
        raise CourseError(f"{directory} contains something other than a kit — name a new directory")
    if not force:
        raise CourseError(
            f"{directory} already contains a kit — name a new directory, or replace it with --force"
        )


def _swap(new: Path, directory: Path, staging: Path) -> None:
    """Replace the parts of an earlier kit, if there is one, with those of the new kit.

    The new files are first copied to `staging`, on the same file system, because
    copying can fail for lack of space or permissions. Then they are only renamed.
    """
    copy_tree(new, staging)
    (staging / "old").mkdir()
    for name in PARTS:  # kit.yaml is last: it marks a complete kit
        if (directory / name).exists():
            (directory / name).rename(staging / "old" / name)
        if (staging / name).exists():
            (staging / name).rename(directory / name)


def _fill(course: Course, root: Path, tell: Callable[[str], None]) -> Kit:
    """Write all files of the kit into `root`."""
    for lesson in map(course.lesson, course.lesson_ids):
        _write(root / "lessons" / f"{lesson.id}.yaml", sealed_lesson(lesson))
        _copy_figures(course, lesson.pictures, root)
    for quiz in map(course.quiz, course.quiz_ids):
        _write(root / "quizzes" / f"{quiz.id}.yaml", sealed_quiz(quiz))
        _copy_figures(course, quiz.pictures, root)
    exercises = {}
    for exercise_id, report in _reports(course, tell):
        place = root / "exercises" / exercise_id
        exercise = course.exercise(exercise_id)
        _write(place / "exercise.yaml", sealed_exercise(exercise, report))
        for file, content in course.data(exercise).items():
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(content)
        for name in DISTRIBUTED:
            _copy(course.exercise_dir(exercise_id) / name, place / name)
        exercises[exercise_id] = KitExercise(version=report.version, hidden=_hidden(report))
    if (course.root / COURSE_FILE).is_file():
        _copy(course.root / COURSE_FILE, root / COURSE_FILE)
    kit = Kit(version=_version(course), exercises=exercises)
    _write(root / KIT, kit)
    return kit


def _reports(course: Course, tell: Callable[[str], None]) -> Iterator[tuple[str, Report]]:
    """Yield (exercise id, report of its starter) for each exercise."""
    if not course.exercise_ids:
        return
    with Judge() as judge:
        for exercise_id in course.exercise_ids:
            tell(f"{exercise_id}: counting the points of its tests …")
            yield exercise_id, starter_report(judge, course, exercise_id)


def _hidden(report: Report) -> HiddenTests:
    points = [result.points for result in report.tests if not result.visible]
    return HiddenTests(tests=len(points), points=sum(points))


def _version(course: Course) -> str:
    """Return a short hash of all lessons, quizzes and exercises."""
    parts = [content_hash(course.lesson(id_)) for id_ in course.lesson_ids]
    parts += [content_hash(course.quiz(id_)) for id_ in course.quiz_ids]
    parts += [course.exercise_version(id_) for id_ in course.exercise_ids]
    return hashlib.blake2b(" ".join(parts).encode(), digest_size=6).hexdigest()


# --- removing answers ---


def sealed_lesson(lesson: Lesson) -> Lesson:
    """Return a lesson without its misconceptions, which would give answers away."""
    return msgspec.structs.replace(lesson, misconceptions=())


def sealed_exercise(exercise: Exercise, report: Report) -> Exercise:
    """Return an exercise without its known mistakes and the hints on hidden tests.

    The report, on any submission, tells which tests are visible.
    """
    visible = {result.id.partition("[")[0] for result in report.tests if result.visible}
    tests = {name: test for name, test in exercise.tests.items() if name in visible}
    return msgspec.structs.replace(exercise, mistakes=(), tests=tests)


def sealed_quiz(quiz: Quiz) -> SealedQuiz:
    """Return a quiz without answers and explanations, with the drawn values of the first sitting."""
    questions = tuple(map(sealed_question, drawn_quiz(quiz, 0).questions))
    return SealedQuiz(
        id=quiz.id, lesson=quiz.lesson, title=quiz.title, version=content_hash(quiz), questions=questions
    )


def sealed_question(question: Question) -> SealedQuestion:
    """Return a question without its answer and explanations; its values must be drawn already."""
    form = form_of(question)
    return SealedQuestion(
        id=question.id,
        kind=form.kind,
        prompt=question.full_prompt,
        concepts=question.concepts,
        section=question.section,
        hints=question.hints,
        # in the order of the letters: the order of the file is the answer
        options=tuple(map(question.text_of, form.letters)) if isinstance(question, LetterQuestion) else (),
        to_match=question.items if isinstance(question, MatchingQuestion) else msgspec.UNSET,
        count=form.count,
        points=question.points,
        figure=question.figure,
    )


# --- files ---


class _Dumper(yaml.SafeDumper):
    """YAML writer that quotes text, so that YAML 1.1 and 1.2 both read it as text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else '"')


_Dumper.add_representer(str, _text)


def to_yaml(content: msgspec.Struct) -> str:
    """Return content as YAML that decodes to an equal object; empty fields are left out."""
    return yaml.dump(
        _pruned(msgspec.to_builtins(content)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(inner) for key, inner in value.items() if inner not in (None, [], (), {})}
    return [_pruned(inner) for inner in value] if isinstance(value, list | tuple) else value


def _write(path: Path, content: msgspec.Struct) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_yaml(content), encoding="utf-8", newline="\n")


def _copy_figures(course: Course, figures: Iterable[Figure], root: Path) -> None:
    for file in file_names(figures):
        _copy(course.figure(file), root / FIGURES / file)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
