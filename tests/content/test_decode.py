"""Decoding of content files: every problem is reported with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sound_course import SoundCourse
from tiny_course import EXERCISE, LESSON, QUIZ

from grader.content.course import content_hash
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.problem import ContentError, Problem
from grader.content.quiz import Quiz
from grader.content.relations import RelationKind


def problems(text: str, type_: type = Quiz) -> list[Problem]:
    with pytest.raises(ContentError) as caught:
        decode(text, "f.yaml", type_)
    assert caught.value.exit_code == 2
    return list(caught.value.problems)


def problem(text: str, type_: type = Quiz) -> Problem:
    (found,) = problems(text, type_)
    return found


def edited(old: str, new: str, text: str = QUIZ) -> str:
    assert old in text
    return text.replace(old, new, 1)


def line_of(part: str, text: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_small_course_is_right() -> None:
    quiz = decode(QUIZ, "q", Quiz)
    assert [question.answer for question in quiz.questions] == ["b", "c", "a"]
    assert decode(LESSON, "l", Lesson).sections_on("sums")[0].id == "2"
    assert decode(EXERCISE, "e", Exercise).functions[0].parameters == ("a", "b")


def test_a_duplicate_key() -> None:
    text = edited('    section: "1"\n', '    section: "1"\n    section: "2"\n')
    found = problem(text)
    assert found.line == line_of('section: "2"', text)
    assert "`section` occurs twice" in found.what


def test_an_unknown_field_with_the_nearest_one() -> None:
    text = edited("    explain: Numbers", "    explian: Numbers")
    unknown, missing = sorted(problems(text), key=lambda p: -p.line)
    assert unknown.line == line_of("explian", text)
    assert unknown.todo == "did you mean `explain`?"
    assert missing.what == "`explain` is missing"


def test_answer_yes_is_an_unknown_field() -> None:
    text = edited("    explain: Numbers", "    answer: yes\n    explain: Numbers")
    found = problem(text)
    assert found.line == line_of("answer: yes", text)
    assert found.what == "`answer` is not a field here"


def test_correct_yes_is_text_and_says_so() -> None:
    text = edited("correct: true", "correct: yes")
    assert problem(text).what == "'yes' is not true or false"


def test_a_missing_why() -> None:
    text = edited(", why: Four comes after three.", "")
    found = problem(text)
    assert (found.line, found.what) == (line_of("{text: Four", text), "`why` is missing")


def test_two_correct_options() -> None:
    text = edited("why: Four comes", "correct: true, why: Four comes")
    found = problem(text)
    assert found.what == "2 options are marked correct"
    assert found.line in (line_of("options:", text), line_of("options:", text) + 1)


def test_no_correct_option() -> None:
    assert problem(edited("correct: true, ", "")).what == "no option is marked correct"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file(text: str) -> None:
    assert problem(text).what == "the file is empty"


def test_all_problems_of_a_file_are_reported_with_their_lines() -> None:
    text = edited("kind: single", "kind: singel")
    text = edited(", why: One is small.", "", text)
    text = edited("explain: One and one is two.", "explian: x", text)
    found = {(p.line, p.what) for p in problems(text)}
    assert (line_of("singel", text), "'singel' is not a known value") in found or any(
        "singel" in what and line == line_of("singel", text) for line, what in found
    )
    assert (line_of("{text: One}", text), "`why` is missing") in found
    assert (line_of("explian", text), "`explian` is not a field here") in found


def test_a_syntax_error_has_a_line() -> None:
    text = edited("title: A tiny quiz", "title: [A tiny quiz")
    assert "not valid YAML" in problem(text).what


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_without_harm(opening: str) -> None:
    found = problem(opening * 100_000)
    assert "nested too deeply" in found.what or "not valid YAML" in found.what


def test_too_many_aliases() -> None:
    text = "a: &a x\nb: [" + ", ".join(["*a"] * 21) + "]\n"
    assert "aliases" in problem(text).what


def test_an_alias_bomb_ends_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 10)]
    assert problems("\n".join(lines))
    wide = "x: &x [" + "y, " * 5000 + "]\noptions: [" + "*x, " * 20 + "]"
    assert problems(f"id: a\ntitle: b\nlesson: c\nquestions: [{{options: {wide[wide.index('[') :]}}}]")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [true]", "!!str x", "!mine x", "!!binary eA=="]
)
def test_tags_are_refused(tag: str) -> None:
    found = problem(f"id: a\ntitle: {tag}\n")
    assert (found.line, "tag" in found.what) == (2, True)


def test_two_documents_are_refused() -> None:
    assert problem(QUIZ + "---\n" + QUIZ)


def test_control_characters_are_refused() -> None:
    found = problem(edited("A tiny quiz", "A \x07 quiz"))
    assert (found.line, "not allowed" in found.what) == (2, True)


@pytest.mark.parametrize(
    "word",
    ["yes", "no", "on", "off", "y", "n", "Yes", "NO", "012", "3:30", "1_000", "2026-01-01", "=", "0b1"],
)
def test_words_that_older_yaml_turns_into_something_else_stay_text(word: str) -> None:
    quiz = decode(edited("title: A tiny quiz", f"title: {word}"), "f", Quiz)
    assert quiz.title == word


@pytest.mark.parametrize("word", ["true", "12", "1.5", "null", "~", "0x1F", ".inf"])
def test_a_value_that_is_not_text_gets_the_advice_to_quote_it(word: str) -> None:
    found = problem(edited("title: A tiny quiz", f"title: {word}"))
    assert (found.line, "is not text" in found.what) == (2, True)
    assert decode(edited("title: A tiny quiz", f'title: "{word}"'), "f", Quiz).title == word


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip))
def test_any_text_survives_the_way_through_yaml(text: str) -> None:
    head = {"id": "a", "title": text, "lesson": "a"}
    # PyYAML would write 0E0 without quotes: that is text in YAML 1.1, but a number in 1.2
    dumped = yaml.safe_dump(head, allow_unicode=True, default_style='"')
    dumped += QUIZ[QUIZ.index("questions:") :]
    assert decode(dumped, "f", Quiz).title == text


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with pytest.raises(ContentError):
        decode(text, "f", Quiz)


@given(st.integers(0, len(QUIZ) - 1), st.sampled_from("[]{}:-\"'&*!|>\t\n #,x0"))
def test_no_slip_of_a_finger_breaks_the_reader(at: int, key: str) -> None:
    try:
        quiz = decode(QUIZ[:at] + key + QUIZ[at + 1 :], "f", Quiz)
    except ContentError as error:
        assert all(problem.line >= 1 for problem in error.problems)
    else:
        assert all(sum(o.correct for o in q.options) == 1 for q in quiz.questions)


def test_the_content_hash_follows_the_content() -> None:
    quiz = decode(QUIZ, "f", Quiz)
    same = decode(QUIZ.replace("title: A tiny quiz", "title:   'A tiny quiz'  # the same"), "f", Quiz)
    other = decode(edited("Count on.", "Count."), "f", Quiz)
    assert content_hash(quiz) == content_hash(same)
    assert content_hash(quiz.questions[0]) != content_hash(other.questions[0])
    assert content_hash(quiz.questions[1]) == content_hash(other.questions[1])


def test_references_inside_a_lesson_are_checked_with_the_nearest_name() -> None:
    text = edited("concepts: [sums]", "concepts: [sum]", LESSON)
    found = problem(text, Lesson)
    assert (found.line, found.todo) == (line_of("concepts: [sum]", text), "did you mean 'sums'?")
    assert (
        "'number' is not defined"
        in problem(edited("concept: numbers", "concept: number", LESSON), Lesson).what
    )


def test_ids_used_twice() -> None:
    assert "'tiny-q1' is used twice" in problem(edited("id: tiny-q2", "id: tiny-q1")).what
    assert "'1' is used twice" in problem(edited('id: "1.1"', 'id: "1"', LESSON), Lesson).what


@pytest.mark.parametrize("wrong", ["Tiny", "tiny quiz", "-tiny", "tiny--q", "../tiny", "x" * 65])
def test_ids_have_one_form(wrong: str) -> None:
    assert problem(edited("id: tiny\n", f"id: {wrong!r}\n")).line == 1


@pytest.mark.parametrize("signature", ["add(", "add", "1()", "add(a): pass; import os #", "add(a a)"])
def test_a_signature_must_be_one(signature: str) -> None:
    assert problem(edited('"add(a, b)"', f'"{signature}"', EXERCISE), Exercise)


def test_a_relation_of_a_mistake_is_one_of_a_list() -> None:
    text = (
        "id: exercise-x\ntitle: X\nlesson: x\ntext: Do it.\nfunctions:\n"
        '  - {signature: "f(x)", text: Do it., returns: {y: array}}\n'
        "mistakes:\n  - {id: m, function: f, misconception: m, says: No, relation: reversed, results: [y]}\n"
    )
    assert decode(text, "e", Exercise).mistakes[0].relation is RelationKind.REVERSED
    for old, new, what in [
        ("reversed", "revresed", "'revresed' is not a known value"),
        ("results: [y]", "results: [z]", "'z'"),
        ("relation: reversed, ", "", "`results` needs a `relation`"),
    ]:
        found = problem(edited(old, new, text), Exercise)
        assert what in found.what and found.line == 8


def test_a_renamed_function_is_reported_at_its_signature(tmp_path: Path) -> None:
    sound = SoundCourse(tmp_path / "sound")
    text = (sound.root / "exercises/exercise-x/exercise.yaml").read_text()
    text = text.replace("scaled(x, factor=2)", "scald(x, factor=2)", 1)
    found = problem(text, Exercise)
    assert found.line == line_of("scald(", text)
    assert "the mistakes are about scaled" in found.what
