"""Export questions as a QTI 1.2 package with the metadata that Canvas writes and reads.

The element and field names are those of Canvas's own export (`question_type`,
`points_possible`, `general_fb`, …), which other systems also read. text2qti
writes the same format, but without matching and ordering questions.
"""

from __future__ import annotations

import io
import zipfile
from enum import Enum
from string import ascii_lowercase
from urllib.parse import quote
from xml.etree import ElementTree as ET

from grader.classroom.exports.bank import (
    SHORT_TEXT,
    Bank,
    Feature,
    Notes,
    accepted,
    is_single_number,
    note_what_is_lost,
    to_match,
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

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
FIGURES = "figures"  # directory in the package
_THEN = (1980, 1, 1, 0, 0, 0)  # a fixed date, so that the same questions give the same file


def qti(bank: Bank, notes: Notes) -> bytes:
    """Return the package: a manifest, the questions, and the quiz's settings."""
    shuffle = all(q.shuffle for q in bank.questions if isinstance(q, ChoiceQuestion))
    for question in bank.questions:
        if not shuffle and isinstance(question, ChoiceQuestion) and not question.shuffle:
            notes.add(
                question,
                "must keep the order of its options, so Canvas shuffles no options in this quiz",
            )
    name = f"course-{bank.id}"
    files = {
        "imsmanifest.xml": _manifest(name, bank),
        f"{name}/{name}.xml": _assessment(bank, name, notes),
        f"{name}/assessment_meta.xml": _settings(bank, name, shuffle),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, root in files.items():
            ET.indent(root)
            text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
            package.writestr(zipfile.ZipInfo(path, _THEN), text, zipfile.ZIP_DEFLATED)
        for file, content in bank.figures.items():
            package.writestr(zipfile.ZipInfo(f"{FIGURES}/{file}", _THEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _manifest(name: str, bank: Bank) -> ET.Element:
    root = ET.Element("manifest", identifier=f"{name}-manifest", xmlns=PACKAGE)
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    questions = ET.SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    ET.SubElement(questions, "file", href=f"{name}/{name}.xml")
    ET.SubElement(questions, "dependency", identifierref=f"{name}-settings")
    settings = ET.SubElement(
        resources,
        "resource",
        identifier=f"{name}-settings",
        type="associatedcontent/imscc_xmlv1p1/learning-application-resource",
        href=f"{name}/assessment_meta.xml",
    )
    ET.SubElement(settings, "file", href=f"{name}/assessment_meta.xml")
    for number, file in enumerate(bank.figures, 1):
        place = {"identifier": f"{name}-figure-{number}", "href": f"{FIGURES}/{file}"}
        figure = ET.SubElement(resources, "resource", place, type="webcontent")
        ET.SubElement(figure, "file", href=f"{FIGURES}/{file}")
    return root


def _settings(bank: Bank, name: str, shuffle: bool) -> ET.Element:
    root = ET.Element("quiz", identifier=name, xmlns=CANVAS)
    ET.SubElement(root, "title").text = legal(bank.title)
    ET.SubElement(root, "description")
    ET.SubElement(root, "shuffle_answers").text = "true" if shuffle else "false"
    ET.SubElement(root, "scoring_policy").text = "keep_highest"
    ET.SubElement(root, "quiz_type").text = "assignment"
    ET.SubElement(root, "points_possible").text = f"{sum(question.worth for question in bank.questions)}.0"
    ET.SubElement(root, "allowed_attempts").text = "1"
    ET.SubElement(root, "available").text = "false"  # not published
    return root


def _assessment(bank: Bank, name: str, notes: Notes) -> ET.Element:
    root = ET.Element("questestinterop", xmlns=QTI)
    assessment = ET.SubElement(root, "assessment", ident=name, title=legal(bank.title))
    section = ET.SubElement(assessment, "section", ident="root_section")
    for question in bank.questions:
        section.append(_Item(question, notes).element)
    return root


class After(Enum):
    """The effect of a met condition on the conditions after it."""

    STOP = "No"
    CONTINUE = "Yes"  # the next condition is tried as well


class _Item:
    """One item: the question, the conditions that mark answers, and the feedback."""

    def __init__(self, question: Question, notes: Notes) -> None:
        self.element = ET.Element("item", ident=question.id, title=question.id)
        self._metadata = ET.SubElement(self.element, "itemmetadata")
        self._presentation = ET.SubElement(self.element, "presentation")
        picture = question.picture
        source = f"%24IMS-CC-FILEBASE%24/{FIGURES}/{quote(picture.file)}" if picture else ""
        shown = image(source, picture.words) if picture else ""
        self._material(self._presentation, question.full_prompt, shown)
        self._marking = ET.SubElement(self.element, "resprocessing")
        outcomes = ET.SubElement(self._marking, "outcomes")
        ET.SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
        self._feedback_to_all(question.explain, "general_fb")
        if isinstance(question, ChoiceQuestion):
            kind = self._choice(question)
        elif isinstance(question, OrderingQuestion):
            kind = self._matching(question)
            notes.add(question, "matches items to positions, because Canvas has no ordering questions")
        elif isinstance(question, MatchingQuestion):
            kind = self._matching(question)
            self._feedback_to_all(question.otherwise, "general_incorrect_fb")
        elif isinstance(question, EssayQuestion):
            kind = self._essay()
            if question.criteria:
                notes.add(question, "what earns points is left out, because Canvas has no place for it")
        elif isinstance(question, NumericQuestion) and is_single_number(question):
            kind = self._number(question)
        elif isinstance(question, TextQuestion):
            kind = self._short_answer(question)
            notes.add(question, SHORT_TEXT)
        else:
            kind = self._short_answer(question)
            notes.add(question, "is a short-answer question that accepts the common ways to write the values")
            if isinstance(question, NumericQuestion) and question.tolerance:
                notes.add(question, "the tolerance is lost, because short answers have none")
        if isinstance(question, ValueQuestion | TextQuestion):
            self._feedback_to_all(question.otherwise, "general_incorrect_fb")
        if isinstance(question, OrderingQuestion):
            notes.add(question, "feedback on other orders is left out, because Canvas does not support it")
        note_what_is_lost(question, notes, {Feature.PARTIAL_CREDIT})
        self._describe(kind, question.worth)

    def _describe(self, kind: str, points: int) -> None:
        metadata = ET.SubElement(self._metadata, "qtimetadata")
        for label, entry in (("question_type", kind), ("points_possible", f"{points}.0")):
            each = ET.SubElement(metadata, "qtimetadatafield")
            ET.SubElement(each, "fieldlabel").text = label
            ET.SubElement(each, "fieldentry").text = entry

    def _choice(self, question: ChoiceQuestion) -> str:
        single = isinstance(question, SingleQuestion)
        response = ET.SubElement(
            self._presentation,
            "response_lid",
            ident="response1",
            rcardinality="Single" if single else "Multiple",
        )
        render = ET.SubElement(response, "render_choice")
        for letter in question.option_ids:
            option = question.option(letter)
            label = ET.SubElement(render, "response_label", ident=f"{question.id}-{letter}")
            self._material(label, option.text)
            condition = self._condition(After.CONTINUE)
            self._equals(condition, f"{question.id}-{letter}")
            self._feedback(condition, option.why, f"{question.id}-{letter}_fb")
        condition = self._condition()
        if isinstance(question, MultipleQuestion):
            all_of = ET.SubElement(condition[0], "and")
            for letter in question.option_ids:
                right = question.option(letter).correct
                place = all_of if right else ET.SubElement(all_of, "not")
                equal = ET.SubElement(place, "varequal", respident="response1")
                equal.text = f"{question.id}-{letter}"
        else:
            self._equals(condition, f"{question.id}-{question.answer}")
        self._full(condition)
        return "multiple_choice_question" if single else "multiple_answers_question"

    def _matching(self, question: OrderingQuestion | MatchingQuestion) -> str:
        """Add a choice of all matches for each item. Those of an ordering are the places."""
        pairs = to_match(question)
        if isinstance(question, MatchingQuestion):
            names, matches = ascii_lowercase[: len(pairs)], [*map(question.text_of, question.option_ids)]
        else:  # by letter, as the learner reads them
            names, matches = question.option_ids, [str(n) for n in range(1, len(pairs) + 1)]
        for name, pair in zip(names, pairs, strict=True):
            response = ET.SubElement(self._presentation, "response_lid", ident=f"response_{name}")
            self._material(response, pair.item)
            render = ET.SubElement(response, "render_choice")
            for place, match in enumerate(matches, 1):
                label = ET.SubElement(render, "response_label", ident=f"place-{place}")
                material = ET.SubElement(label, "material")
                ET.SubElement(material, "mattext").text = to_text(match)
        for name, pair in zip(names, pairs, strict=True):
            condition = self._condition(After.CONTINUE)
            self._equals(condition, f"place-{matches.index(pair.match) + 1}", f"response_{name}")
            points = ET.SubElement(condition, "setvar", varname="SCORE", action="Add")
            points.text = f"{100 / len(pairs):.2f}"
        return "matching_question"

    def _essay(self) -> str:
        response = ET.SubElement(self._presentation, "response_str", ident="response1", rcardinality="Single")
        render = ET.SubElement(response, "render_fib")
        ET.SubElement(render, "response_label", ident="answer1", rshuffle="No")
        ET.SubElement(self._condition()[0], "other")
        return "essay_question"

    def _number(self, question: NumericQuestion) -> str:
        response = ET.SubElement(self._presentation, "response_str", ident="response1", rcardinality="Single")
        render = ET.SubElement(response, "render_fib", fibtype="Decimal")
        ET.SubElement(render, "response_label", ident="answer1")
        right = accepted(question)[0]
        condition = self._condition()
        either = ET.SubElement(condition[0], "or")
        ET.SubElement(either, "varequal", respident="response1").text = f"{right.value:.15g}"
        between = ET.SubElement(either, "and")
        for name, bound in (("vargte", right.value - right.margin), ("varlte", right.value + right.margin)):
            ET.SubElement(between, name, respident="response1").text = f"{bound:.15g}"
        self._full(condition)
        return "numerical_question"

    def _short_answer(self, question: ValueQuestion | TextQuestion) -> str:
        response = ET.SubElement(self._presentation, "response_str", ident="response1", rcardinality="Single")
        render = ET.SubElement(response, "render_fib")
        ET.SubElement(render, "response_label", ident="answer1", rshuffle="No")
        condition = self._condition()
        for form in next(each for each in written(question) if each.right).forms:
            self._equals(condition, form)
        self._full(condition)
        return "short_answer_question"

    def _condition(self, after: After = After.STOP) -> ET.Element:
        condition = ET.SubElement(self._marking, "respcondition", {"continue": after.value})
        ET.SubElement(condition, "conditionvar")
        return condition

    def _equals(self, condition: ET.Element, value: str, response: str = "response1") -> None:
        ET.SubElement(condition[0], "varequal", respident=response).text = value

    def _full(self, condition: ET.Element) -> None:
        ET.SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"

    def _feedback_to_all(self, text: str, name: str) -> None:
        condition = self._condition(After.CONTINUE)
        ET.SubElement(condition[0], "other")
        self._feedback(condition, text, name)

    def _feedback(self, condition: ET.Element, text: str, name: str) -> None:
        ET.SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=name)
        feedback = ET.SubElement(self.element, "itemfeedback", ident=name)
        self._material(ET.SubElement(feedback, "flow_mat"), text)

    def _material(self, parent: ET.Element, markdown: str, after: str = "") -> None:
        material = ET.SubElement(parent, "material")
        ET.SubElement(material, "mattext", texttype="text/html").text = to_html(markdown) + after
