"""Quizzes for other systems: no question is lost, right answers stay right, and any text survives."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from fractions import Fraction
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from gift_checker import Read, read_gift
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_questions import ESSAY, KINDS, bundled, question

from grader.classroom.exports.bank import Bank, Notes, forms_of, written
from grader.classroom.exports.gift import gift
from grader.classroom.exports.html_text import to_html
from grader.classroom.exports.moodle_xml import moodle_xml
from grader.classroom.exports.qti import CANVAS, PACKAGE, QTI, qti
from grader.content.course import Course
from grader.content.figures import Figure
from grader.content.questions import (
    ChoiceQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    ShapeQuestion,
    SingleQuestion,
    TextQuestion,
)
from grader.quiz.answer import AnswerRefused, mark, right_answer
from grader.quiz.drawn_values import drawn

SAMPLES = tuple(replace(drawn(question(body), 0), id=f"sample-{kind}") for kind, body in KINDS.items())


@cache
def everything() -> Bank:
    """Return all questions of the bundled course and one sample of each kind."""
    course = Course.bundled()
    asked = [drawn(each, 0) for each in bundled()]
    figures = {each.picture.file: course.figure_bytes(each.picture.file) for each in asked if each.picture}
    return Bank("all", "All / of it", (*SAMPLES, *asked), figures)


@cache
def moodle_questions() -> dict[str, ET.Element]:
    root = ET.fromstring(moodle_xml(everything(), Notes()))
    found = root.findall("question")
    assert found[0].get("type") == "category"
    assert found[0].findtext("category/text") == "$course$/All // of it"
    return {each.findtext("idnumber") or "": each for each in found[1:]}


@cache
def gift_questions() -> dict[str, Read]:
    return {each.name: each for each in read_gift(gift(everything(), Notes()).decode())}


@cache
def canvas_items() -> dict[str, ET.Element]:
    package = zipfile.ZipFile(io.BytesIO(qti(everything(), Notes())))
    root = ET.fromstring(package.read("course-all/course-all.xml"))
    return {item.get("ident", ""): item for item in root.iter(f"{{{QTI}}}item")}


def is_right(asked: Question, typed: str) -> bool:
    try:
        return mark(asked, typed).correct
    except AnswerRefused:
        return False


all_questions = pytest.mark.parametrize("asked", everything().questions, ids=lambda each: each.id)


def test_no_question_is_lost() -> None:
    ids = [each.id for each in everything().questions]
    assert len(set(ids)) == len(ids) > 60
    assert list(moodle_questions()) == list(gift_questions()) == list(canvas_items()) == ids


@all_questions
def test_moodle_gets_the_right_answer(asked: Question) -> None:
    found = moodle_questions()[asked.id]
    answers = [(a.get("fraction"), a.findtext("text") or "") for a in found.findall("answer")]
    assert found.findtext("questiontext/text", "").startswith(to_html(asked.full_prompt))
    assert found.findtext("generalfeedback/text") == to_html(asked.explain)
    assert [hint.findtext("text") for hint in found.findall("hint")] == list(map(to_html, asked.hints))
    if isinstance(asked, ChoiceQuestion):
        whys = [answer.findtext("feedback/text") for answer in found.findall("answer")]
        assert whys == [to_html(option.why) for option in asked.options]
        right = [option.correct for option in asked.options]
        assert [fraction for fraction, _ in answers if fraction and float(fraction) > 0]
        assert [float(fraction or 0) > 0 for fraction, _ in answers] == right
        total = sum(float(fraction or 0) for fraction, _ in answers if not (fraction or "").startswith("-"))
        assert total == pytest.approx(100, abs=1e-3)
        assert (found.findtext("single") == "true") == isinstance(asked, SingleQuestion)
    elif isinstance(asked, OrderingQuestion):
        assert found.get("type") == "ordering"
        assert [text for _, text in answers] == list(map(to_html, asked.items))
        assert found.findtext("gradingtype") == "ALL_OR_NOTHING"
    elif isinstance(asked, MatchingQuestion):
        places = [(p.findtext("text") or "", p.findtext("answer/text")) for p in found.findall("subquestion")]
        right = [*zip(map(to_html, asked.items), map(asked.text_of, asked.answer), strict=True)]
        assert places == [*right, *(("", extra) for extra in asked.extra)]
    elif found.get("type") == "cloze":
        gaps = re.findall(r"\{1:NUMERICAL:=([^:}]+):([^}]+)\}", found.findtext("questiontext/text", ""))
        assert is_right(asked, ", ".join(value for value, _ in gaps))
    else:
        given_right = [text for fraction, text in answers if fraction == "100"]
        assert given_right
        assert all(is_right(asked, text) for text in given_right)
        wrong = [text for fraction, text in answers if fraction == "0"]
        assert wrong[-1] == "*"
        assert not any(is_right(asked, text) for text in wrong[:-1])


@all_questions
def test_gift_gets_the_right_answer(asked: Question) -> None:
    found = gift_questions()[asked.id]
    figure = f"\n\nFigure: {asked.picture.words}" if asked.picture else ""
    assert found.prompt == to_html(asked.full_prompt + figure)
    assert found.explain == to_html(asked.explain)
    if isinstance(asked, ChoiceQuestion):
        assert [answer.text for answer in found.answers] == [to_html(o.text) for o in asked.options]
        assert [answer.feedback for answer in found.answers] == [to_html(o.why) for o in asked.options]
        single = isinstance(asked, SingleQuestion)
        told = [a.mark == "=" if single else (a.weight or 0) > 0 for a in found.answers]
        assert told == [option.correct for option in asked.options]
    elif isinstance(asked, OrderingQuestion):
        places = dict(answer.text.rsplit(" -> ", 1) for answer in found.answers)
        assert [places[to_html(item)] for item in asked.items] == [
            str(place) for place in range(1, len(asked.items) + 1)
        ]
        assert [
            answer.text for answer in found.answers
        ] != [  # the order of the file must not reveal the answer
            f"{to_html(item)} -> {place}" for place, item in enumerate(asked.items, 1)
        ]
    elif isinstance(asked, MatchingQuestion):
        pairs = [*zip(map(to_html, asked.items), map(asked.text_of, asked.answer), strict=True)]
        pairs += [("", extra) for extra in asked.extra]
        assert [tuple(answer.text.strip().split("-> ")) for answer in found.answers] == [
            (f"{item} " if item else "", match) for item, match in pairs
        ]
    elif found.numeric:
        first, *others = (a for a in found.answers if a.mark == "=")
        assert is_right(asked, first.text.partition(":")[0])
        assert not any(is_right(asked, other.text.partition(":")[0]) for other in others)
        assert [first.weight, *{other.weight for other in others}] in ([100.0], [100.0, 0.0])
        assert found.answers[-1].feedback == to_html(asked.otherwise)
    else:
        right = [answer.text for answer in found.answers if answer.weight == 100]
        assert right
        assert all(is_right(asked, text) for text in right)
        assert found.answers[-1].text == "*"


@all_questions
def test_canvas_gets_the_right_answer(asked: Question) -> None:
    item = canvas_items()[asked.id]
    names = {"q": QTI}
    fields = {
        each.findtext("q:fieldlabel", namespaces=names): each.findtext("q:fieldentry", namespaces=names)
        for each in item.iter(f"{{{QTI}}}qtimetadatafield")
    }
    linked = {each.get("linkrefid") for each in item.iter(f"{{{QTI}}}displayfeedback")}
    feedback = {each.get("ident"): each for each in item.iter(f"{{{QTI}}}itemfeedback")}
    assert linked == set(feedback)
    assert feedback["general_fb"].findtext(".//q:mattext", namespaces=names) == to_html(asked.explain)
    kind = fields["question_type"]
    full = next(
        (c for c in item.iter(f"{{{QTI}}}respcondition") if c.findtext("q:setvar", "", names) == "100"), None
    )
    if isinstance(asked, ChoiceQuestion):
        assert full is not None
        refused = {e.text for e in full.iterfind(".//q:not/q:varequal", names)}
        wanted = {e.text for e in full.iterfind(".//q:varequal", names)} - refused
        assert wanted == {f"{asked.id}-{letter}" for letter in asked.answer}
        if isinstance(asked, MultipleQuestion):
            assert len(refused | wanted) == len(asked.options)
        for letter in asked.option_ids:
            said = feedback[f"{asked.id}-{letter}_fb"].findtext(".//q:mattext", namespaces=names)
            assert said == to_html(asked.option(letter).why)
    elif isinstance(asked, OrderingQuestion):
        assert kind == "matching_question"
        places = {e.get("respident"): e.text for e in item.iterfind(".//q:varequal", names)}
        in_order = sorted(places, key=lambda name: int(places[name].removeprefix("place-")))
        assert "".join(name.removeprefix("response_") for name in in_order) == asked.answer
    elif isinstance(asked, MatchingQuestion):
        assert kind == "matching_question"
        chosen = [e.text for e in item.iterfind(".//q:varequal", names)]
        render = next(item.iter(f"{{{QTI}}}render_choice"))
        texts = [each.text for each in render.iter(f"{{{QTI}}}mattext")]
        assert texts == [asked.text_of(letter) for letter in asked.option_ids]
        numbers = [int((place or "").removeprefix("place-")) for place in chosen]
        assert "".join(asked.option_ids[number - 1] for number in numbers) == asked.answer
    elif kind == "numerical_question":
        assert isinstance(asked, NumericQuestion)
        assert full is not None
        assert is_right(asked, full.findtext(".//q:varequal", "", names))
        low, high = (Fraction(full.findtext(f".//q:{n}", "", names)) for n in ("vargte", "varlte"))
        assert low <= Fraction(full.findtext(".//q:varequal", "", names)) <= high
        spread = float(high - low) / 2
        value = float(right_answer(asked))
        allowed = max(abs(value) * asked.tolerance, asked.half_unit(value))
        assert spread == pytest.approx(allowed, rel=1e-6, abs=1e-6)
    else:
        assert kind == "short_answer_question"
        assert full is not None
        forms = [e.text or "" for e in full.iterfind(".//q:varequal", names)]
        assert forms
        assert all(is_right(asked, form) for form in forms)


def test_the_files_of_the_canvas_package_refer_to_each_other() -> None:
    bank = Bank("tiny", "A & B", SAMPLES)
    package = zipfile.ZipFile(io.BytesIO(qti(bank, Notes())))
    assert package.testzip() is None
    names = {"p": PACKAGE}
    manifest = ET.fromstring(package.read("imsmanifest.xml"))
    files = [file.get("href", "") for file in manifest.iterfind(".//p:file", names)]
    assert sorted([*files, "imsmanifest.xml"]) == sorted(package.namelist())
    resources = {each.get("identifier") for each in manifest.iterfind(".//p:resource", names)}
    assert {each.get("identifierref") for each in manifest.iterfind(".//p:dependency", names)} <= resources
    settings = ET.fromstring(package.read("course-tiny/assessment_meta.xml"))
    assert settings.findtext(f"{{{CANVAS}}}title") == "A & B"
    assert settings.findtext(f"{{{CANVAS}}}points_possible") == "7.0"
    assert qti(bank, Notes()) == qti(bank, Notes())


def test_limits_of_each_format_are_reported() -> None:
    bank = Bank("tiny", "Tiny", SAMPLES)
    told = {}
    for write in (moodle_xml, gift, qti):
        notes = Notes()
        write(bank, notes)
        told[write.__name__] = "\n".join(notes.lines(bank))
    assert "hints" not in told["moodle_xml"]
    assert "all questions: hints are left out" in told["gift"]
    assert "sample-ordering: matches items to positions" in told["qti"]
    assert "sample-ordering: needs Moodle 4.4" in told["moodle_xml"]
    assert "sample-shape: is a short-answer question" in told["moodle_xml"]
    assert "sample-ordering, sample-matching: feedback on foreseen wrong answers" in told["gift"]
    ids = "sample-ordering, sample-matching, sample-numeric, sample-shape, sample-text"
    assert f"{ids}: feedback on foreseen wrong answers" in told["qti"]
    assert all("sample-text: is a short-answer question" in each for each in told.values())
    assert all("sample-multiple" in each and "partly correct answers" in each for each in told.values())


def test_formulas_stay_latex_and_tags_are_escaped() -> None:
    shown = to_html("For $h_{t-1} < 1$ take `a < b`, **not** <b>this</b>, at \\$5.")
    assert shown == (
        r'For <span class="math inline">\(h_{t-1} &lt; 1\)</span> take <code>a &lt; b</code>, '
        "<strong>not</strong> "
        "&lt;b&gt;this&lt;/b&gt;, at $5."
    )
    assert r"\[\frac{a}{b}\]" in to_html("$$\\frac{a}{b}$$")
    assert to_html("one\n\ntwo") == "<p>one</p>\n<p>two</p>"


@all_questions
def test_every_formula_is_converted(asked: Question) -> None:
    pieces = re.sub(r"(`+).+?\1", "", asked.full_prompt)
    formulas = re.findall(r"(?<!\\)\$(?=\S)[^$]+(?<=\S)\$(?!\d)", pieces)
    assert to_html(asked.full_prompt).count(r"\(") == len(formulas)


def test_a_shape_is_accepted_in_many_notations() -> None:
    shape = next(each for each in SAMPLES if isinstance(each, ShapeQuestion))
    assert forms_of((None, 3)) == ["(None, 3)", "(None,3)", "None, 3", "None,3", "[None, 3]", "[None,3]"]
    assert forms_of((5,)) == ["(5,)", "(5)", "5", "[5]"]
    assert all(is_right(shape, form) for form in forms_of((50, 3))) or right_answer(shape) == "(4, 3)"


def test_points_are_exported_or_reported() -> None:
    bank = Bank("two", "Two", (replace(SAMPLES[0], points=3), SAMPLES[1]))
    assert [each.text for each in ET.fromstring(moodle_xml(bank, Notes())).iter("defaultgrade")] == ["3", "1"]
    package = zipfile.ZipFile(io.BytesIO(qti(bank, Notes())))
    settings = ET.fromstring(package.read("course-two/assessment_meta.xml"))
    assert settings.findtext(f"{{{CANVAS}}}points_possible") == "4.0"
    entries = [
        e.text for e in ET.fromstring(package.read("course-two/course-two.xml")).iter(f"{{{QTI}}}fieldentry")
    ]
    assert (entries[1], entries[3]) == ("3.0", "1.0")
    notes = Notes()
    gift(bank, notes)
    assert "sample-single: has other points than 1" in "\n".join(notes.lines(bank))


def test_figures_come_along_or_are_told_in_words() -> None:
    content = b"<svg>\xff</svg>"
    figure = Figure(file="in/my dots.svg", alt='Three "dots"')
    bank = Bank("one", "One", (replace(SAMPLES[0], figure=figure),), {figure.file: content})
    shown = ET.fromstring(moodle_xml(bank, Notes())).find(".//questiontext")
    assert shown is not None
    file = shown.find("file")
    assert file is not None and (file.get("name"), file.get("path")) == ("my dots.svg", "/")
    assert base64.b64decode(file.text or "") == content
    assert '<img src="@@PLUGINFILE@@/my%20dots.svg" alt="Three &quot;dots&quot;">' in shown.findtext(
        "text", ""
    )
    package = zipfile.ZipFile(io.BytesIO(qti(bank, Notes())))
    assert package.read("figures/in/my dots.svg") == content
    manifest = ET.fromstring(package.read("imsmanifest.xml"))
    assert "figures/in/my dots.svg" in {file.get("href") for file in manifest.iter(f"{{{PACKAGE}}}file")}
    text = next(ET.fromstring(package.read("course-one/course-one.xml")).iter(f"{{{QTI}}}mattext")).text
    assert '<img src="%24IMS-CC-FILEBASE%24/figures/in/my%20dots.svg"' in (text or "")
    notes = Notes()
    assert "Figure\\: Three" in gift(bank, notes).decode()
    assert "sample-single: has words in place of its figure" in "\n".join(notes.lines(bank))


def test_essays_are_essays_everywhere() -> None:
    essay = replace(question(ESSAY), id="why", points=4)
    bank = Bank("one", "One", (essay,))
    (found,) = [e for e in ET.fromstring(moodle_xml(bank, Notes())) if e.get("type") == "essay"]
    assert found.findtext("responseformat") == "editor" and found.findtext("defaultgrade") == "4"
    assert (found.findtext("graderinfo/text") or "").startswith("What earns points: It names")
    assert found.findtext("generalfeedback/text") == to_html(essay.explain)
    notes = Notes()
    (read,) = read_gift(gift(bank, notes).decode())
    assert (read.answers, read.explain) == ([], to_html(essay.explain))
    assert "why: what earns points is left out" in "\n".join(notes.lines(bank))
    package = zipfile.ZipFile(io.BytesIO(qti(bank, Notes())))
    root = ET.fromstring(package.read("course-one/course-one.xml"))
    assert [e.text for e in root.iter(f"{{{QTI}}}fieldentry")] == ["essay_question", "4.0"]
    assert not [*root.iter(f"{{{QTI}}}setvar")]


def test_a_text_is_accepted_in_its_common_spellings() -> None:
    text = next(each for each in SAMPLES if isinstance(each, TextQuestion))
    right, *wrong = written(text)
    assert {"café", "cafe", "a café", "the cafe", "coffee-house", "the coffee house"} <= set(right.forms)
    assert [each.forms[:2] for each in wrong] == [("bar", "a bar"), ("at home", "a at home")]
    odd = replace(text, answers=("2*3", "The", "-x"), wrong=(), articles=("the",))
    assert written(odd)[0].forms == ("2*3", "the 2*3", "The", "the The", "-x", "the -x")
    bank = Bank("odd", "Odd", (odd,))
    answers = ET.fromstring(moodle_xml(bank, Notes())).iter("answer")
    assert next(answers).findtext("text") == r"2\*3"
    assert read_gift(gift(bank, Notes()).decode())[0].answers[0].text == r"2\*3"


texts = st.text(st.sampled_from("~=#{}:\\%[]->&<\"'`$*_/ \n\tab1é\x07\ud7ff"), min_size=1, max_size=40)


@given(texts, texts, texts)
def test_any_text_survives_every_format(prompt: str, option: str, why: str) -> None:
    single = next(each for each in SAMPLES if isinstance(each, SingleQuestion))
    first = replace(single.options[0], text=f"x{option}", why=why)
    odd = replace(single, prompt=f"x{prompt}", options=(first, *single.options[1:]))
    bank = Bank("odd", option, (odd, single))
    again, plain = read_gift(gift(bank, Notes()).decode())
    assert again.prompt == to_html(odd.full_prompt).strip()
    assert again.answers[0].text == to_html(first.text).strip()
    assert again.answers[0].feedback == to_html(why).strip()
    assert len(again.answers) == len(plain.answers) == 3
    found = ET.fromstring(moodle_xml(bank, Notes())).findall("question")[1]
    assert found.findtext("questiontext/text") == to_html(odd.full_prompt)
    package = zipfile.ZipFile(io.BytesIO(qti(bank, Notes())))
    assert len(list(ET.fromstring(package.read("course-odd/course-odd.xml")).iter(f"{{{QTI}}}item"))) == 2
