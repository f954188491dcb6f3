"""Export questions as Moodle XML, as in MoodleDocs, "Moodle XML format", and as Moodle exports it.

Ordering questions need Moodle 4.4, or a plug-in for older versions. A question
for several numbers becomes one with a gap per number ("Embedded answers (Cloze)").
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import PurePosixPath
from urllib.parse import quote
from xml.etree import ElementTree as ET

from grader.classroom.exports.bank import (
    SHORT_TEXT,
    Bank,
    Feature,
    Notes,
    accepted,
    accepted_in_turn,
    is_single_number,
    note_what_is_lost,
    to_match,
    wildcards_escaped,
    written,
)
from grader.classroom.exports.html_text import image, legal, to_html, to_text
from grader.content.questions import (
    ChoiceQuestion,
    EssayQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    SingleQuestion,
    TextQuestion,
    ValueQuestion,
)
from grader.quiz.answer import wanted


def moodle_xml(bank: Bank, notes: Notes) -> bytes:
    """Return the questions in a category named after their quiz."""
    root = ET.Element("quiz")
    category = ET.SubElement(root, "question", type="category")
    # a single slash would start a subcategory
    _text(ET.SubElement(category, "category"), f"$course$/{legal(bank.title).replace('/', '//')}")
    for question in bank.questions:
        element = _question(question, notes)
        if question.picture is not None:
            _add_file(element, question.picture.file, bank.figures[question.picture.file])
        root.append(element)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _question(question: Question, notes: Notes) -> ET.Element:
    if isinstance(question, ChoiceQuestion):
        element = _choice(question)
    elif isinstance(question, OrderingQuestion):
        element = _ordering(question)
        notes.add(question, "needs Moodle 4.4, or the ordering plug-in; an older Moodle skips it")
    elif isinstance(question, MatchingQuestion):
        element = _matching(question)
    elif isinstance(question, EssayQuestion):
        element = _essay(question)
    elif isinstance(question, NumericQuestion) and is_single_number(question):
        element = _numerical(question)
    elif isinstance(question, NumericQuestion):
        element = _gaps(question)
        notes.add(question, "has a gap per number, each worth part of the point")
        notes.add(question, "feedback on other values is left out, because gaps do not support it")
        if question.worth != 1:
            notes.add(question, "has other points than 1, which gaps do not support: set them in Moodle")
    elif isinstance(question, TextQuestion):
        element = _short_answer(question)
        notes.add(question, SHORT_TEXT)
    else:
        element = _short_answer(question)
        notes.add(question, "is a short-answer question that accepts the common ways to write the shape")
    features = {Feature.HINTS}
    if isinstance(question, ValueQuestion | TextQuestion) and element.get("type") != "cloze":
        features.add(Feature.WRONG_ANSWER_FEEDBACK)
    if isinstance(question, MultipleQuestion):
        features.add(Feature.PARTIAL_CREDIT)
    note_what_is_lost(question, notes, features)
    for hint in question.hints:
        _html(element, "hint", hint)
    tags = ET.SubElement(element, "tags")
    for concept in question.concepts:
        _text(ET.SubElement(tags, "tag"), concept)
    return element


def _head(question: Question, kind: str, after: str = "") -> ET.Element:
    """Return a question of a Moodle type, with the elements that all types have."""
    element = ET.Element("question", type=kind)
    _text(ET.SubElement(element, "name"), question.id)
    text = ET.SubElement(element, "questiontext", format="html")
    shown = ""
    if question.picture is not None:
        name = PurePosixPath(question.picture.file).name
        shown = image(f"@@PLUGINFILE@@/{quote(name)}", question.picture.words)
    _text(text, to_html(question.full_prompt) + shown + after)
    _html(element, "generalfeedback", question.explain)
    ET.SubElement(element, "defaultgrade").text = str(question.worth)
    ET.SubElement(element, "penalty").text = "0.3333333"
    ET.SubElement(element, "hidden").text = "0"
    ET.SubElement(element, "idnumber").text = question.id
    return element


def _add_file(question: ET.Element, file: str, content: bytes) -> None:
    """Put a file into the text of a question."""
    text = question.find("questiontext")
    assert text is not None
    place = ET.SubElement(text, "file", name=PurePosixPath(file).name, path="/", encoding="base64")
    place.text = b64encode(content).decode()


def _choice(question: ChoiceQuestion) -> ET.Element:
    element = _head(question, "multichoice")
    single = isinstance(question, SingleQuestion)
    ET.SubElement(element, "single").text = "true" if single else "false"
    ET.SubElement(element, "shuffleanswers").text = "true" if question.shuffle else "false"
    ET.SubElement(element, "answernumbering").text = "abc"
    right = round(100 / sum(option.correct for option in question.options), 5)
    for option in question.options:
        wrong = 0 if single else -100
        _answer(element, f"{right if option.correct else wrong:g}", to_html(option.text), option.why)
    return element


def _ordering(question: OrderingQuestion) -> ET.Element:
    element = _head(question, "ordering")
    options = {"layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": str(len(question.items))}
    options |= {"gradingtype": "ALL_OR_NOTHING", "showgrading": "HIDE", "numberingstyle": "none"}
    for name, value in options.items():
        ET.SubElement(element, name).text = value
    _html(element, "incorrectfeedback", question.otherwise)
    for place, item in enumerate(question.items, 1):
        _answer(element, f"{place}", to_html(item))
    return element


def _matching(question: MatchingQuestion) -> ET.Element:
    element = _head(question, "matching")
    ET.SubElement(element, "shuffleanswers").text = "true"
    _html(element, "incorrectfeedback", question.otherwise)
    ET.SubElement(element, "shownumcorrect")
    pairs = [(to_html(each.item), each.match) for each in to_match(question)]
    for item, match in (*pairs, *(("", extra) for extra in question.extra)):
        place = ET.SubElement(element, "subquestion", format="html")
        _text(place, item)
        _text(ET.SubElement(place, "answer"), to_text(match))
    return element


def _essay(question: EssayQuestion) -> ET.Element:
    element = _head(question, "essay")
    options = {"responseformat": "editor", "responserequired": "1", "responsefieldlines": "10"}
    for name, value in (options | {"attachments": "0", "attachmentsrequired": "0"}).items():
        ET.SubElement(element, name).text = value
    _html(element, "graderinfo", wanted(question))
    _html(element, "responsetemplate", "")
    return element


def _numerical(question: NumericQuestion) -> ET.Element:
    element = _head(question, "numerical")
    for place, each in enumerate(accepted(question)):
        answer = _answer(
            element, "0" if place else "100", f"{each.value:.15g}", each.why, kind="moodle_auto_format"
        )
        ET.SubElement(answer, "tolerance").text = f"{each.margin:.6g}"
    _answer(element, "0", "*", question.otherwise, kind="moodle_auto_format")
    return element


def _gaps(question: NumericQuestion) -> ET.Element:
    gaps = " ".join(
        f"{{1:NUMERICAL:={each.value:.15g}:{each.margin:.6g}}}" for each in accepted_in_turn(question)
    )
    return _head(question, "cloze", f"<p>{gaps}</p>")


def _short_answer(question: ValueQuestion | TextQuestion) -> ET.Element:
    element = _head(question, "shortanswer")
    ET.SubElement(element, "usecase").text = "0"
    for each in written(question):
        for form in each.forms:
            pattern = wildcards_escaped(form)
            _answer(element, "100" if each.right else "0", pattern, each.why, kind="moodle_auto_format")
    _answer(element, "0", "*", question.otherwise, kind="moodle_auto_format")
    return element


def _answer(parent: ET.Element, fraction: str, text: str, why: str = "", kind: str = "html") -> ET.Element:
    answer = ET.SubElement(parent, "answer", fraction=fraction, format=kind)
    _text(answer, text)
    _html(answer, "feedback", why)
    return answer


def _html(parent: ET.Element, name: str, markdown: str) -> None:
    _text(ET.SubElement(parent, name, format="html"), to_html(markdown))


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
