"""Learners' kits: what they contain, what they leave out, and how they are written."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook_held_back import held_back
from sample_questions import ESSAY, KINDS, ORDERING, bundled, question
from sound_course import EXERCISE_YAML, SoundCourse

from grader.authoring.kit import sealed_question, sealed_quiz, to_yaml, write_kit
from grader.content.course import Course, content_hash
from grader.content.decode import decode
from grader.content.exercise import Function
from grader.content.figures import Figure
from grader.content.kit import Kit, SealedQuiz
from grader.content.questions import OrderingQuestion, Question
from grader.content.quiz import Quiz
from grader.errors import CourseError
from grader.quiz.answer import answer_in_words, form_of, mark, read_answer, right_answer
from grader.quiz.drawn_values import drawn


def quiz_of(*questions: Question) -> Quiz:
    return Quiz(id="tiny", lesson="tiny", title="Tiny", questions=questions)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sealed_question_takes_the_same_answers(kind: str) -> None:
    whole = drawn(question(KINDS[kind]), 0)
    sealed = sealed_quiz(quiz_of(question(KINDS[kind]))).questions[0]
    right = right_answer(whole)
    assert form_of(sealed) == form_of(whole)
    assert read_answer(sealed, right) == right
    assert answer_in_words(sealed, right) == answer_in_words(whole, right)


@pytest.mark.parametrize("whole", bundled(), ids=lambda q: q.id)
def test_a_sealed_question_contains_neither_the_answer_nor_explanations(whole: Question) -> None:
    sealed = to_yaml(sealed_question(drawn(whole, 0)))
    secrets = [
        whole.explain,
        getattr(whole, "otherwise", ""),
        *(o.why for o in getattr(whole, "options", ()) if not isinstance(o, str)),
    ]
    assert not [secret for secret in secrets if secret and secret.strip() in sealed]
    assert "answer" not in msgspec.to_builtins(sealed_question(drawn(whole, 0)))


def test_points_are_kept() -> None:
    text = msgspec.structs.replace(question(KINDS["text"]), id="q2")
    whole = quiz_of(msgspec.structs.replace(question(KINDS["single"]), points=3), text)
    sealed = sealed_quiz(whole)
    assert decode(to_yaml(sealed), "q.yaml", SealedQuiz) == sealed
    assert (sealed.points, whole.points) == (4.0, 4.0)
    assert not {"points", "to_match", "figure"} & {
        *msgspec.to_builtins(sealed.questions[1])
    }  # hashes stay the same


def test_a_sealed_essay_has_neither_criteria_nor_a_model_answer() -> None:
    sealed = to_yaml(sealed_quiz(quiz_of(question(ESSAY))))
    assert decode(sealed, "q.yaml", SealedQuiz).questions[0].kind == "essay"
    assert not [words for words in ("purpose", "example", "baker") if words in sealed]


def test_a_figure_is_kept() -> None:
    figure = Figure(file="dots.svg", alt="Dots")
    sealed = sealed_quiz(quiz_of(msgspec.structs.replace(question(KINDS["single"]), figure=figure)))
    assert decode(to_yaml(sealed), "q.yaml", SealedQuiz) == sealed
    assert sealed.pictures == (figure,)


def test_the_order_of_matches_cannot_be_worked_out_from_the_kit() -> None:
    whole = question(KINDS["matching"])
    sealed = [sealed_question(msgspec.structs.replace(whole, explain=f"For {n} reasons.")) for n in range(30)]
    assert len({each.options for each in sealed}) == 6
    assert {each.items for each in sealed} == {("A spider", "A dog", "A cat")}


def test_the_items_of_an_ordering_stand_in_the_order_of_their_letters() -> None:
    whole = question(ORDERING)
    sealed = sealed_question(whole)
    assert list(sealed.options) != list(whole.items), "the file's order is the answer"
    assert sorted(sealed.options) == sorted(whole.items)


def test_the_order_of_an_ordering_cannot_be_worked_out_from_the_kit() -> None:
    """A learner with a kit has the question's id and this package's code, but not the explanation."""
    whole = question(ORDERING)
    assert isinstance(whole, OrderingQuestion)
    orders = {
        tuple(sealed_question(msgspec.structs.replace(whole, explain=f"For {n} reasons.")).options)
        for n in range(20)
    }
    assert len(orders) > 5
    assert whole.items not in orders


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1
)


@given(
    texts.filter(str.strip),
    st.sampled_from(["1e-3", "0o14", "yes", "null", "~", "12", "3:30", "a: b", "# x"]),
)
def test_texts_survive_writing_and_reading(text: str, tricky: str) -> None:
    function = Function(signature="f(x)", text=text, returns={"y": "array"}, hints=(tricky, text + tricky))
    assert decode(to_yaml(function), "f.yaml", Function) == function


def test_a_sealed_quiz_survives_writing_and_reading() -> None:
    sealed = sealed_quiz(quiz_of(question(KINDS["numeric"])))
    assert decode(to_yaml(sealed), "q.yaml", SealedQuiz) == sealed
    assert "{{" not in to_yaml(sealed), "all values must be drawn already"


# --- on disk ---


@dataclass(frozen=True)
class Written:
    course: SoundCourse
    directory: Path
    kit: Kit


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    course = SoundCourse(tmp_path_factory.mktemp("whole"))
    course.replace("quizzes/tiny.yaml", "    prompt:", "    figure: {file: dots.svg, alt: Dots}\n    prompt:")
    course.write("lessons/figures/dots.svg", "<svg/>")
    directory = tmp_path_factory.mktemp("kits") / "kit"
    return Written(course, directory, write_kit(Course(course.root), directory))


def test_a_kit_says_how_much_is_hidden(written: Written) -> None:
    hidden = written.kit.exercises["exercise-x"].hidden
    assert (hidden.tests, hidden.points) == (2, 3.0)
    assert Course(written.directory).kit == written.kit


def test_a_kit_has_the_versions_of_the_whole(written: Written) -> None:
    whole, kit = Course(written.course.root), Course(written.directory)
    assert kit.exercise_version("exercise-x") == whole.exercise_version("exercise-x")
    assert kit.sealed_quiz("tiny").version == content_hash(whole.quiz("tiny"))


def test_a_kit_has_no_quiz_that_could_be_marked(written: Written) -> None:
    kit = Course(written.directory)
    assert kit.sealed_quiz_ids == ["tiny"]
    assert (kit.quiz_ids, kit.practice_ids) == ([], [])


def test_nothing_that_is_held_back_is_in_a_kit(written: Written) -> None:
    hidden = held_back(Course(written.course.root), "tiny", hints=False)
    everything = "\n".join(path.read_text() for path in written.directory.rglob("*") if path.is_file())
    assert hidden and not [text for text in hidden if text in everything]


def test_hints_about_wrong_options_stay_out_of_a_kit() -> None:
    asked = question(KINDS["single"].replace("after two.", "after two., hint: Count the dots."))
    assert mark(asked, "a").hints
    assert b"Count the dots" not in msgspec.json.encode(sealed_question(asked))


def test_only_what_learners_need_is_in_a_kit(written: Written) -> None:
    files = {p.relative_to(written.directory).as_posix() for p in written.directory.rglob("*") if p.is_file()}
    assert files == {
        "kit.yaml",
        "lessons/tiny.yaml",
        "lessons/figures/dots.svg",
        "lessons/figures/phone.svg",
        "lessons/figures/three.svg",
        "quizzes/tiny.yaml",
        "exercises/exercise-x/exercise.yaml",
        "exercises/exercise-x/starter.py",
        "exercises/exercise-x/visible_tests.py",
    }


def test_a_kit_cannot_be_made_into_another_kit(written: Written, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="is a learner's kit"):
        write_kit(Course(written.directory), tmp_path / "again")


def test_a_directory_that_holds_something_else_is_left_alone(written: Written, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    with pytest.raises(CourseError, match="contains something other than a kit"):
        write_kit(Course(written.course.root), mine.parent, force=True)
    assert [*mine.parent.iterdir()] == [mine]


def test_a_kit_is_replaced_only_by_force_and_what_learners_wrote_stays(
    written: Written, tmp_path: Path
) -> None:
    course, directory = Course(written.course.root), tmp_path / "kit"
    directory.mkdir()
    (directory / ".DS_Store").touch()  # as in every directory that the Finder has shown
    write_kit(course, directory)
    (directory / "exercise_x.py").write_text("x = 1\n")
    (directory / "exercises" / "gone").mkdir()
    with pytest.raises(CourseError, match="--force"):
        write_kit(course, directory)
    write_kit(course, directory, force=True)
    assert (directory / "exercise_x.py").read_text() == "x = 1\n"
    assert not (directory / "exercises" / "gone").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_kit_that_cannot_be_replaced_stays_whole(written: Written, tmp_path: Path) -> None:
    course, directory = Course(written.course.root), tmp_path / "kit"
    write_kit(course, directory)
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    code = (
        "import sys; from pathlib import Path; from grader.authoring.kit import write_kit; "
        "from grader.content.course import Course; from resource import *; "
        "setrlimit(RLIMIT_FSIZE, (200, 200)); "
        "write_kit(Course(Path(sys.argv[1])), Path(sys.argv[2]), force=True)"
    )
    run = [sys.executable, "-c", code, course.root, directory]
    done = subprocess.run(run, capture_output=True, text=True)
    assert "cannot be written" in done.stderr
    assert {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "version: x",
        "version: x\nexercises: {exercise-x: {version: y}}",
        "[1",
        "exercises: 3\nversion: v",
        "version: x\nexercises: {exercise-x: {version: y, hidden: {tests: -5, points: 1}}}",
        "version: x\nexercises: {exercise-x: {version: y, hidden: {tests: 5, points: .nan}}}",
    ],
)
def test_a_damaged_kit_file_is_reported_with_its_line(tmp_path: Path, damage: str) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "kit.yaml").write_text(damage)
    with pytest.raises(CourseError, match=r"(?s)kit\.yaml:.*unpack it again"):
        Course(tmp_path).kit  # noqa: B018


def test_a_kit_has_the_hints_on_visible_tests_only(tmp_path: Path) -> None:
    course = SoundCourse(tmp_path / "course")
    entries = "tests:\n  test_two: {hints: [Seen by all.]}\n  test_drawn: {hints: [Told after a failure.]}\n"
    course.replace(EXERCISE_YAML, "mistakes:\n", entries + "mistakes:\n")
    write_kit(Course(course.root), tmp_path / "kit")
    assert [*Course(tmp_path / "kit").exercise("exercise-x").tests] == ["test_two"]
    assert "Told after" not in (tmp_path / "kit" / EXERCISE_YAML).read_text()
