"""References between the parts of a course: broken ones are reported with their line."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
from msgspec.structs import replace
from sample_questions import ESSAY
from sound_course import EXERCISE_YAML, HIDDEN_TESTS, SOLUTION_PY, STARTER_PY, SoundCourse

from grader.authoring.leaks import leak_problems
from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.references import (
    evidence_on,
    exercise_problems,
    lesson_problems,
    practice_problems,
    quiz_problems,
    quiz_warnings,
    unused_draws,
)
from grader.content.course import Course
from grader.content.problem import Problem
from grader.content.questions import SingleQuestion, ValueQuestion

LESSON, QUIZ = "lessons/tiny.yaml", "quizzes/tiny.yaml"
MISTAKE = "exercises/exercise-x/mistakes/second_one.py"
SECTION_2 = "concepts: [sums], exercises"


def moving(question: str) -> str:
    """Return fields of a section with a simulation that asks this question."""
    settings = "{inputs: [1, 0], input_weight: 1, recurrent_weight: 0.5, shown: 1, then: 1}"
    fields = f"id: s, kind: unrolled, title: T, text: X., question: {question}, settings: {settings}"
    return f"simulations: [{{{fields}}}], {SECTION_2}"


def pictured(file: str) -> str:
    """Return fields of a question with a figure."""
    return f'    figure: {{file: {file}, alt: Dots}}\n    section: "1"'


@pytest.fixture
def sound(tmp_path: Path) -> SoundCourse:
    return SoundCourse(tmp_path)


def problems(sound: SoundCourse) -> list[Problem]:
    """Return all problems that validation finds without running anything."""
    material = Material.of(Course(sound.root))
    all_problems = list(material.problems)
    for lesson in material.lessons.values():
        all_problems += lesson_problems(material, lesson)
    for quiz in material.quizzes.values():
        all_problems += quiz_problems(material, quiz)
    for practice in material.practice.values():
        all_problems += practice_problems(material, practice)
    for exercise in material.exercises.values():
        files = ExerciseFiles(material, exercise)
        all_problems += exercise_problems(material, exercise) + files.problems()
        if not any(problem.file in files.needed for problem in all_problems):
            all_problems += leak_problems(files)
    return all_problems


def test_an_essay_is_no_evidence_and_belongs_to_a_quiz(sound: SoundCourse) -> None:
    pieces = evidence_on("numbers", Material.of(Course(sound.root)))
    essay = indent(ESSAY, "    ").replace(
        "    kind", "  - id: {}\n    concepts: [numbers]\n    section: '1'\n    kind"
    )
    sound.append("quizzes/tiny.yaml", essay.format("tiny-q2"))
    sound.replace(LESSON, "[tiny-q1]", "[tiny-q1, tiny-q2]")
    assert problems(sound) == []
    assert evidence_on("numbers", Material.of(Course(sound.root))) == pieces
    sound.append("quizzes/practice/tiny.yaml", essay.format("tiny-p3"))
    assert [each.what for each in problems(sound)] == ["nobody marks an essay in practice"]


def test_a_sound_course_has_no_problem(sound: SoundCourse) -> None:
    assert problems(sound) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        # lessons
        (LESSON, "concepts: [sums], exercises", "exercises", "no section teaches 'sums'"),
        (LESSON, "[exercise-x]", "[exercise-y]", "'exercise-y' is not defined"),
        (LESSON, "[tiny-q1]", "[tiny-q7]", "'tiny-q7' is not defined"),
        (LESSON, "[tiny-q1]", "[tiny-q1, tiny-q1]", "'tiny-q1' is asked twice"),
        (LESSON, 'id: "2"', 'id: "3.1"', "there is no section 3"),
        (LESSON, "three.svg", "four.svg", "four.svg is not in lessons/figures"),
        (LESSON, "phone.svg", "four.svg", "four.svg is not in lessons/figures"),
        (LESSON, "](#2)", "](#4)", "the link to #4 leads nowhere"),
        (LESSON, "](#2)", "](../quizzes/tiny.yaml)", "leads nowhere"),
        (LESSON, "[the sums](#2)", "![](figures/three.svg)", "a picture has no alternative text"),
        (LESSON, "in section 2", "in sections 1 and 9", "the lesson has no section 9"),
        (LESSON, "$x_{t-1}$", "$x_{t-1$", "cannot be read"),
        (LESSON, "$x_{t-1}$", "$x_{t-1}", "a `$` has no match"),
        (LESSON, SECTION_2, moving("tiny-p9"), "'tiny-p9' is not defined"),
        (LESSON, SECTION_2, moving("tiny-q1"), "'tiny-q1' is a question of a quiz"),
        (LESSON, SECTION_2, moving("tiny-p1"), "'tiny-p1' is not a single-choice question"),
        # quizzes
        (QUIZ, "lesson: tiny", "lesson: tinny", "'tinny' is not defined"),
        (QUIZ, "concepts: [numbers]", "concepts: [number]", "'number' is not defined"),
        (QUIZ, 'section: "1"', 'section: "7"', "'7' is not defined"),
        (QUIZ, 'section: "1"', 'section: "2"', "asked before section 2"),
        (QUIZ, "misconception: off-by-one", "misconception: off-by-two", "'off-by-two' is not defined"),
        (QUIZ, "Not three.", "It is two.", "the hint contains the answer"),
        (QUIZ, "comes after two.,", "comes after two., hint: It is two.,", "the hint contains the answer"),
        (QUIZ, "Two follows one.", "Two follows one., hint: Yes.", "the right option has a hint"),
        (QUIZ, "why: Two follows one.", "why: Three comes after two", "it repeats option a"),
        (QUIZ, "    hints: [Count on., Not three.]\n", "", "it has no hint"),
        (QUIZ, '    section: "1"', pictured("four.svg"), "four.svg is not in lessons/figures"),
        # exercises
        (EXERCISE_YAML, "lesson: tiny", "lesson: tinny", "'tinny' is not defined"),
        (EXERCISE_YAML, "concepts: [sums]", "concepts: [sum]", "'sum' is not defined"),
        (EXERCISE_YAML, 'section: "2"', 'section: "7"', "'7' is not defined"),
        (EXERCISE_YAML, 'section: "1"', 'section: "8"', "'8' is not defined"),
        (
            EXERCISE_YAML,
            "misconception: off-by-one",
            "misconception: off-by-two",
            "'off-by-two' is not defined",
        ),
        (EXERCISE_YAML, '    hints: ["Think of one number first."]\n', "", "scaled has no hint"),
        (EXERCISE_YAML, 'number first."]', 'number first: $x_{1$."]', "cannot be read"),
        # Python files
        (MISTAKE, "def first(x)", "def last(x)", "first is not defined here"),
        (MISTAKE, "return", "return return", "Python cannot parse it"),
        (STARTER_PY, "def first(x)", "def last(x)", "first is not defined"),
        (SOLUTION_PY, "def first(x)", "def last(x)", "first is not defined"),
        (HIDDEN_TESTS, "def test_first", "def test_first)", "Python cannot parse it"),
        # solution code in texts that learners read
        (EXERCISE_YAML, 'one number first."]', 'np.asarray(x)[0]."]', "`np.asarray(x)[0]` from the solution"),
        (
            EXERCISE_YAML,
            'says: What does "times"',
            'says: Is np.asarray( x,dtype=float ) "times"',
            "from the solution",
        ),
        (
            HIDDEN_TESTS,
            "That is not the first number",
            "It should be float(np.asarray(x)[0])",
            "from the solution",
        ),
        (
            HIDDEN_TESTS,
            "The first number is returned.",
            "The first is np.asarray(x)[0].",
            "from the solution",
        ),
    ],
)
def test_a_broken_reference_is_reported(sound: SoundCourse, file: str, old: str, new: str, what: str) -> None:
    sound.replace(file, old, new)
    found = [problem for problem in problems(sound) if what in problem.what]
    assert len(found) == 1, problems(sound)
    assert found[0].file == str(sound.root / file) or what.startswith("asked before")
    assert found[0].todo


def test_a_problem_stands_at_the_line_of_its_words(sound: SoundCourse) -> None:
    sound.replace(LESSON, "      **Sums** come", "      A formula, $x_{2$, and\n      **Sums** come")
    [problem] = problems(sound)
    assert problem.line == sound.line(LESSON, "A formula")
    sound.replace(LESSON, "$x_{2$", "$x_2$")
    sound.replace(EXERCISE_YAML, "misconception: off-by-one", "misconception: off-by-two")
    [problem] = problems(sound)
    assert problem.line == sound.line(EXERCISE_YAML, "off-by-two")


def test_a_problem_in_a_folded_text_stands_at_its_own_line(sound: SoundCourse) -> None:
    folded = "summary: >-\n  You can count,\n  and $x_{2\n  + 3$ too."
    sound.replace(LESSON, "summary: You can count.", folded)
    [problem] = problems(sound)
    assert problem.line == sound.line(LESSON, "and $x_{2")


def test_a_question_that_no_section_asks(sound: SoundCourse) -> None:
    sound.replace(LESSON, "    questions: [tiny-q1]\n", "")
    [problem] = problems(sound)
    assert problem.what == "no section of the lesson asks it"
    assert problem.line == sound.line(QUIZ, "id: tiny-q1")


def test_an_exercise_that_no_section_lists(sound: SoundCourse) -> None:
    sound.replace(LESSON, ", exercises: [exercise-x]", "")
    assert [p.what for p in problems(sound)] == ["no section of the lesson lists it"]


def test_one_id_in_two_quizzes(sound: SoundCourse) -> None:
    text = (sound.root / QUIZ).read_text()
    sound.write("quizzes/other.yaml", text.replace("id: tiny\n", "id: other\n"))
    assert "another file also has a question 'tiny-q1'" in [p.what for p in problems(sound)]


def test_a_figure_that_is_not_valid_svg(sound: SoundCourse) -> None:
    sound.write("lessons/figures/three.svg", "<svg>")
    [problem] = problems(sound)
    assert "three.svg is not a valid SVG file" in problem.what
    assert problem.line == sound.line(LESSON, "three.svg")


def test_a_mistake_listed_but_not_written(sound: SoundCourse) -> None:
    (sound.root / MISTAKE).unlink()
    [problem] = problems(sound)
    assert problem.what == "mistakes/second_one.py does not exist"
    assert problem.line == sound.line(EXERCISE_YAML, "id: second-one")


def test_a_mistake_written_but_not_listed(sound: SoundCourse) -> None:
    sound.write("exercises/exercise-x/mistakes/other.py", "def first(x):\n    return 0.0\n")
    [problem] = problems(sound)
    assert problem.what == "exercise.yaml does not list this mistake"
    assert problem.file.endswith("mistakes/other.py")


def test_a_mistake_that_defines_two_functions(sound: SoundCourse) -> None:
    sound.append(MISTAKE, "\ndef scaled(x, factor=2):\n    return x\n")
    [problem] = problems(sound)
    assert problem.what == "it also changes another function, scaled"
    assert problem.line == sound.line(MISTAKE, "def scaled")


@pytest.mark.parametrize("name", ["starter.py", "solution.py", "visible_tests.py", "hidden_tests.py"])
def test_a_missing_file(sound: SoundCourse, name: str) -> None:
    (sound.root / "exercises/exercise-x" / name).unlink()
    [problem] = problems(sound)
    assert (problem.what, Path(problem.file).name) == ("the file does not exist", name)


def test_an_exercise_without_its_yaml(sound: SoundCourse) -> None:
    sound.write("exercises/exercise-y/solution.py", "x = 1\n")
    [problem] = problems(sound)
    assert problem.file.endswith("exercises/exercise-y/exercise.yaml")


def test_broken_files_neither_hide_nor_cause_problems_of_others(sound: SoundCourse) -> None:
    sound.replace(QUIZ, "prompt: What comes after one?", "promt: What?")
    sound.replace(LESSON, "three.svg", "four.svg")
    assert sorted(p.what for p in problems(sound)) == [
        "`prompt` is missing",
        "`promt` is not a field here",
        "four.svg is not in lessons/figures",
    ]


def test_a_file_that_is_not_text(sound: SoundCourse) -> None:
    (sound.root / QUIZ).write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in problems(sound)[0].what


def test_code_that_the_starter_shows_is_not_secret(sound: SoundCourse) -> None:
    sound.replace(EXERCISE_YAML, 'one number first."]', 'np.asarray(x)[0]."]')
    assert problems(sound)
    sound.append(STARTER_PY, "\ndef main():\n    print(np.asarray(x)[0])\n")
    assert problems(sound) == []


@pytest.mark.parametrize(
    "hint", ["Call float() on it.", "Use np.asarray.", "Think of x[0].", "The factor is 2, dtype float."]
)
def test_short_pieces_of_code_are_allowed_in_hints(sound: SoundCourse, hint: str) -> None:
    sound.replace(EXERCISE_YAML, "Think of one number first.", hint)
    assert problems(sound) == []


# --- practice questions and evidence ---

PRACTICE = "quizzes/practice/tiny.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        (PRACTICE, "concepts: [sums]", "concepts: [sum]", "'sum' is not defined"),
        (PRACTICE, "misconception: off-by-one", "misconception: off-by-two", "'off-by-two' is not defined"),
        (PRACTICE, 'section: "2"', 'section: "4"', "'4' is not defined"),
        (PRACTICE, 'hints: ["Count on from {{n}}."]', "hints: []", "it has no hint"),
        (PRACTICE, "Count on from {{n}}.", "It is {{n + 1}}.", "the hint contains the answer"),
        (
            PRACTICE,
            "value: n + 2",
            "value: 2 * n - 3",
            "it equals the answer or an earlier wrong value for n = 4",
        ),
        (PRACTICE, "tiny-p1", "tiny-q1", "another file also has a question 'tiny-q1'"),
        (PRACTICE, 'section: "2"', 'section: "2"\n    points: 2', "practice questions earn no points"),
        (PRACTICE, "You left one out.", "That is the number itself.", "it repeats wrong answer 1"),
        (PRACTICE, "draw: {n: [4, 7, 12]}", "draw: {n: [4, 7]}", "only 3 pieces of evidence on 'numbers'"),
    ],
)
def test_practice_questions_are_checked_too(
    sound: SoundCourse, file: str, old: str, new: str, what: str
) -> None:
    sound.replace(file, old, new)
    assert what in [problem.what for problem in problems(sound)]


def test_an_option_without_an_explanation(sound: SoundCourse) -> None:
    sound.replace(QUIZ, "why: Three comes after two., ", "")
    assert "`why` is missing" in [problem.what for problem in problems(sound)]


def test_a_concept_has_evidence_from_questions_and_tests(sound: SoundCourse) -> None:
    """Numbers: 1 quiz question and 3 draws of another. Sums: 2 tests and 2 draws of a question."""
    material = Material.of(Course(sound.root))
    assert [evidence_on(concept, material) for concept in ("numbers", "sums")] == [4, 4]


@pytest.mark.parametrize(("letters", "count"), [("aaaa", 1), ("aaab", 0), ("aaa", 0)])
def test_all_right_answers_with_the_same_letter(tmp_path: Path, letters: str, count: int) -> None:
    sound = SoundCourse(tmp_path / "sound")
    material = Material.of(Course(sound.root))
    (quiz, *_) = material.quizzes.values()
    single = next(q for q in quiz.questions if isinstance(q, SingleQuestion))
    questions = [
        replace(
            single,
            options=tuple(replace(o, correct=i == "ab".index(each)) for i, o in enumerate(single.options)),
        )
        for each in letters
    ]
    warnings = quiz_warnings(material, replace(quiz, questions=tuple(questions)))
    assert [w.what for w in warnings] == ["the right answer of all 4 choice questions is a"] * count


@pytest.mark.parametrize(
    ("prompt", "answer", "count"),
    [("How many are {{n}} and 1?", "4", 1), ("How many are {{n}} and 1?", "n + 1", 0), ("How many?", "4", 0)],
)
def test_a_constant_answer_to_a_prompt_with_drawn_values(
    tmp_path: Path, prompt: str, answer: str, count: int
) -> None:
    sound = SoundCourse(tmp_path / "sound")
    material = Material.of(Course(sound.root))
    (practice, *_) = material.practice.values()
    drawn = next(q for q in practice.questions if isinstance(q, ValueQuestion))
    changed = replace(drawn, prompt=prompt, answer=answer, draw={"n": (3.0, 5.0)})
    found = unused_draws(material, replace(practice, questions=(changed,)))
    assert len(found) == count
