"""Descriptions and examples of the fields of content files, for editors and for the reference.

The tables are by type. A type also has the descriptions of its base classes, whose names are
written without a leading underscore.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from grader.content.simulation_descriptions import SIMULATION_FIELDS


class Described(NamedTuple):
    """What an author writes into a field, and an example of it."""

    text: str
    example: Any


Fields = Mapping[str, tuple[str, Any]]

_COURSE: Mapping[str, Fields] = {
    "CourseFile": {
        "title": ("The title of the course, as learners see it.", "Text statistics"),
        "package": ("The name of the package in which a learner's kit is installed.", "text-statistics"),
        "lessons": (
            "The lessons in the order in which they are taught. Others follow, sorted.",
            ["day1", "day2"],
        ),
        "language": ("The language of the texts, as a tag of HTML.", "en"),
        "libraries": ("The libraries that every exercise may use, as pip requirements.", ["pandas>=2.2"]),
        "tensorflow": ("False if no exercise needs TensorFlow. A kit then does not bring it.", False),
    },
}

_LESSON: Mapping[str, Fields] = {
    "Lesson": {
        "id": ("The id of the lesson: the name of its file without .yaml.", "day1"),
        "title": ("The title of the lesson.", "Counting words"),
        "introduction": (
            "What the lesson is about, in Markdown. It stands before the first section.",
            "A text…",
        ),
        "concepts": (
            "The ideas that a learner can master.",
            [{"id": "word-counts", "title": "Word counts", "summary": "Each different word has a count."}],
        ),
        "misconceptions": (
            "Wrong ideas. Wrong options of questions and known mistakes of exercises refer to them.",
            [
                {
                    "id": "part-by-rest",
                    "concept": "shares",
                    "belief": "A share compares a part with the rest.",
                    "correction": "A share divides a part by the whole.",
                }
            ],
        ),
        "sections": (
            "The numbered sections, in reading order.",
            [{"id": "1", "title": "Words", "text": "To count words, …", "concepts": ["word-counts"]}],
        ),
        "summary": ("What a learner knows after the lesson, in Markdown.", "You can count words."),
        "glossary": (
            "The terms of the lesson.",
            [{"term": "Count", "definition": "A number of occurrences."}],
        ),
    },
    "Concept": {
        "id": ("The id of the concept. Sections, questions and functions name it.", "word-counts"),
        "title": ("The name of the concept, as learners see it in their progress.", "Word counts"),
        "summary": ("The idea in one sentence.", "Each different word has a count."),
    },
    "Misconception": {
        "id": ("The id of the misconception. Questions and mistakes name it.", "part-by-rest"),
        "concept": ("The concept that it gets wrong.", "shares"),
        "belief": (
            "The wrong idea in the words of someone who holds it.",
            "A share compares a part with the rest.",
        ),
        "correction": ("The right idea.", "A share divides a part by the whole."),
    },
    "Section": {
        "id": ("The number of the section, in quotes. A section 2.1 comes after a section 2.", "2.1"),
        "title": ("The title of the section.", "Shares"),
        "text": ("The section in Markdown, with formulas in $…$.", "A share is $part / whole$."),
        "concepts": ("The concepts that the section teaches.", ["shares"]),
        "figures": (
            "Pictures of the section.",
            [
                {
                    "file": "shares.svg",
                    "caption": "A part and the whole",
                    "alt": "A circle with a colored quarter",
                }
            ],
        ),
        "questions": ("Quiz questions to ask at the end of the section, by id.", ["day1-q1"]),
        "exercises": ("Exercises to suggest after the section, by id.", ["exercise-words"]),
        "simulations": ("Pictures that move on the page, after a prediction.", []),
    },
    "LessonFigure": {"caption": ("The sentence below the picture.", "A part and the whole.")},
    "Figure": {
        "file": (
            "The file, as a path in lessons/figures. SVG is shown in the colors of the page.",
            "shares.svg",
        ),
        "narrow": ("The same picture for a phone, at most 288 wide.", "shares-narrow.svg"),
        "alt": ("What the picture shows, for readers who do not see it.", "A circle with a colored quarter"),
        "drawing": ("The picture in characters, for terminals. Lines have at most 76.", "[####............]"),
    },
    "Term": {
        "term": ("The term.", "Share"),
        "definition": ("Its meaning, in one sentence.", "A part divided by the whole."),
        "section": ("The section that teaches it, in quotes.", "2"),
    },
}

_QUESTIONS: Mapping[str, Fields] = {
    "Quiz": {"title": ("The title of the quiz.", "Counting words quiz")},
    "Questions": {
        "id": ("The id: the name of the file without .yaml.", "day1"),
        "lesson": ("The lesson that the questions belong to, by id.", "day1"),
        "questions": ("The questions, in the order in which they are asked.", []),
    },
    "QuestionBase": {
        "kind": ("The kind of the question. It decides which other fields there are.", "single"),
        "id": ("The id of the question, which no other question of the course has.", "day1-q1"),
        "prompt": ("The question, in Markdown.", "How many different words are there?"),
        "explain": (
            "The whole answer, shown when the question is solved or given up.",
            "There are five words: …",
        ),
        "concepts": ("The concepts that an answer is evidence of.", ["word-counts"]),
        "section": ("The section that teaches the answer, in quotes.", "1"),
        "hints": (
            "Hints on request, the smallest first. None gives the answer.",
            ["Write the words in lower case."],
        ),
        "figure": (
            "A picture that the question is about. Terminals show its `drawing` or `alt`.",
            {"file": "shares.svg", "alt": "A circle with a colored quarter"},
        ),
        "points": ("The points that a right first try earns in a quiz, from 1 to 100. Default: 1.", 2),
    },
    "Choice": {
        "options": (
            "The options. Each needs a reason.",
            [
                {"text": "5", "correct": True, "why": "The words are …"},
                {"text": "7", "why": "“The” and “the” are one word.", "misconception": "case-matters"},
            ],
        ),
        "shuffle": ("False if the order of the options means something.", False),
    },
    "Option": {
        "text": ("The option.", "5"),
        "why": (
            "Why it is right or wrong, shown to those who choose it; not if it is right in a "
            "`multiple` question.",
            "“The” and “the” are one word.",
        ),
        "correct": ("True if the option is right.", True),
        "misconception": ("The wrong idea behind choosing it, by id.", "case-matters"),
        "hint": (
            "A hint about the idea behind a wrong option. It comes first for those who chose the option.",
            "Write both words in lower case. What is the difference now?",
        ),
    },
    "ValueQuestion": {
        "answer": (
            "The right value: a number, a formula with drawn values, or several values in parentheses.",
            "4 * units * (units + 1)",
        ),
        "wrong": ("Foreseen wrong values.", [{"value": "4 * units", "why": "The weights are missing."}]),
        "otherwise": ("What to say about every other wrong value.", "Count the weights of one unit first."),
        "draw": (
            "The values that a name can have. {{name}} in a text becomes the drawn one.",
            {"units": [8, 16]},
        ),
    },
    "NumericQuestion": {
        "tolerance": ("The relative error that is accepted: 0.01 is one percent.", 0.01),
        "decimals": ("The number of decimals to give. The question then says so.", 2),
        "digits": ("The number of significant digits to give. The question then says so.", 3),
    },
    "WrongValue": {
        "value": ("A wrong number or formula that learners may enter.", "4 * units"),
        "why": ("What leads to this value, shown to those who enter it.", "The weights are missing."),
        "misconception": ("The wrong idea behind it, by id.", "part-by-rest"),
    },
    "TextQuestion": {
        "answers": (
            "The right answers, in the spelling that learners see. Case, spaces and hyphens do not matter.",
            ["type-token ratio", "TTR"],
        ),
        "wrong": (
            "Foreseen wrong answers.",
            [{"answers": ["token ratio"], "why": "That counts every word, also those that come back."}],
        ),
        "otherwise": ("What to say about every other wrong answer.", "Look at what is divided by what."),
        "accents": ("False if accents do not matter: “cafe” is then as right as “café”.", False),
        "articles": ("Words that may stand before an answer.", ["a", "an", "the"]),
    },
    "WrongText": {
        "answers": ("The ways to write this wrong answer.", ["token ratio", "word ratio"]),
        "why": ("What is wrong with it, shown to those who type it.", "That counts every word."),
        "misconception": ("The wrong idea behind it, by id.", "every-word-is-new"),
    },
    "OrderingQuestion": {
        "items": (
            "The items in the right order; learners see them in another one.",
            ["Cut", "Count", "Sort"],
        ),
        "wrong": (
            "Foreseen wrong orders.",
            [{"first": 1, "second": 3, "why": "There is nothing to sort yet."}],
        ),
        "otherwise": ("What to say about every other wrong order.", "What does each step need?"),
    },
    "MatchingQuestion": {
        "pairs": (
            "The items, each with the match that belongs to it. Learners see the matches in another order.",
            [
                {"item": "count", "match": "how often a word occurs"},
                {"item": "share", "match": "part of 1"},
            ],
        ),
        "extra": ("More matches, which belong to no item.", ["a sum of words"]),
        "wrong": ("Foreseen wrong pairs.", [{"item": 1, "match": 2, "why": "Nothing is divided here."}]),
        "otherwise": (
            "What to say about a wrong answer that has no foreseen pair.",
            "Which of them is at most 1?",
        ),
    },
    "Pair": {
        "item": ("The item, in Markdown.", "count"),
        "match": ("What belongs to it. Several items may have the same match.", "how often a word occurs"),
    },
    "WrongPair": {
        "item": ("The number of a pair, counted from 1, whose item gets a wrong match.", 1),
        "match": ("The number of the pair whose match it gets. The extra matches come after the pairs.", 2),
        "why": ("What is wrong with this pair.", "Nothing is divided here."),
        "misconception": ("The wrong idea behind it, by id.", "part-by-rest"),
    },
    "EssayQuestion": {
        "criteria": (
            "What earns points. Learners see it after they have answered, and instructors when they mark.",
            ["It names both parts.", "It says what is divided by what."],
        ),
    },
    "WrongOrder": {
        "first": ("The number of an item in the right order, counted from 1.", 1),
        "second": ("The number of a later item, which learners put before the first one.", 3),
        "why": ("What is wrong with this order.", "There is nothing to sort yet."),
        "misconception": ("The wrong idea behind it, by id.", "sorting-comes-first"),
    },
}

_EXERCISE: Mapping[str, Fields] = {
    "Exercise": {
        "id": ("The id of the exercise: the name of its directory.", "exercise-words"),
        "title": ("The title of the exercise.", "Counting words"),
        "lesson": ("The lesson that the exercise belongs to, by id.", "day1"),
        "text": (
            "What the exercise is about, in Markdown. It stands before the functions.",
            "Write two functions…",
        ),
        "libraries": ("What submissions may use besides the usual libraries.", ["pandas>=2.2"]),
        "data": (
            "Files in data/ of the exercise. Code reads them as data/…, and learners get them.",
            [{"file": "story.txt", "about": "The beginning of a story."}],
        ),
        "limits": (
            "Time and memory of a submission. All other limits are those of every exercise.",
            {"call_seconds": 30, "memory_mb": 2000},
        ),
        "functions": (
            "The functions to write, with their contracts.",
            [
                {
                    "signature": "words(text)",
                    "returns": {"result": "list"},
                    "text": "Return the words of `text`.",
                }
            ],
        ),
        "tests": (
            "Help with single tests, by the names of the tests.",
            {"test_no_words": {"hints": ["Try 123."]}},
        ),
        "mistakes": (
            "Known wrong programs. `course new mistake` adds them.",
            [
                {
                    "id": "cuts-at-blanks",
                    "function": "words",
                    "misconception": "blanks-separate-words",
                    "says": "Does your list contain anything that is not a letter?",
                }
            ],
        ),
        "networks": ("Networks of learners that run on the page.", []),
    },
    "Function": {
        "signature": ("The name and the parameters, as in Python.", "most_common(text, n=3)"),
        "text": (
            "The contract, in Markdown: what it takes, what it returns, and what it refuses.",
            "Return the…",
        ),
        "returns": ("The name of each result and its kind. The judge checks the kinds.", {"result": "list"}),
        "concepts": ("The concepts that its tests are evidence of.", ["word-counts"]),
        "section": ("The section to read again, in quotes.", "1"),
        "hints": ("Hints on request, the smallest first.", ["Write the words of “Stop, don't!” on paper."]),
        "example": ("A similar problem with its solution, shown after the last hint.", "To count letters, …"),
    },
    "DataFile": {
        "file": (
            "The path of the file in data/ of the exercise. All data files have 5 MB at most.",
            "story.txt",
        ),
        "about": ("What the file holds. Learners read it.", "The beginning of a story."),
    },
    "ExerciseLimits": {
        "call_seconds": ("The seconds that one call may take, from 0.5 to 120. Default: 10.", 30.0),
        "total_seconds": ("The seconds of all calls and tests, from 10 to 1800. Default: 600.", 900.0),
        "memory_mb": ("The memory of a submission in MB, from 500 to 16000. Default: 4000.", 2000),
    },
    "TestHelp": {"hints": ("Hints for learners whose code fails this test.", ["What are the words of 123?"])},
    "Mistake": {
        "id": (
            "The id of the mistake. Its code is in mistakes/, with underscores: cuts_at_blanks.py.",
            "cuts-at-blanks",
        ),
        "function": ("The function that is wrong.", "words"),
        "misconception": (
            "The wrong idea behind it: a misconception of the lesson, by id.",
            "blanks-separate-words",
        ),
        "says": (
            "A question or a pointer for learners with this mistake. It does not give the answer.",
            "Does…?",
        ),
        "section": ("The section to read again, in quotes. Default: the function's.", "1"),
        "hints": ("Hints that go further than `says`.", ["What is the first word of “Stop, don't!”?"]),
        "relation": (
            "How wrong results relate to the right ones, if that alone shows the mistake.",
            "reversed",
        ),
        "results": ("The results that the relation must be about. Default: any.", ["X"]),
    },
    "EquivalentMutants": {
        "mutants": (
            "Changes of the solution that no test should notice. validate --write-survivors writes them.",
            [],
        ),
    },
    "EquivalentMutant": {
        "function": ("The changed function or constant.", "share_of_long"),
        "line": ("The line of the solution on which the change begins.", "return float(np.mean(x))"),
        "change": ("The change, as `course validate --mutants` shows it.", "float(np.mean(x)) -> np.mean(x)"),
        "reason": ("Why a learner may write this, too.", "The contract asks for a number."),
    },
    "Network": {
        "id": ("The id of the network.", "forecaster"),
        "title": ("The name of the network on the page.", "Your network"),
        "call": ("A call of a function of the exercise that returns one model.", "build_model(10, units=24)"),
        "window": ("The number of values that the model reads to predict the next one.", 10),
        "wave": ("The series that the judge trains a copy on.", {"values": 100, "period": 25}),
        "train_fraction": ("The share of the windows to train on.", 0.8),
        "shift": ("What is subtracted from each value before the model reads it.", 0.0),
        "factor": ("What each value is divided by after that.", 1.0),
        "steps": ("The number of training steps.", 300),
        "learning_rate": ("The learning rate of Adam.", 0.005),
    },
    "Wave": {
        "values": ("The number of values.", 100),
        "period": ("The length of one wave, in steps.", 25),
        "amplitude": ("The height of the wave above its level.", 1.0),
        "level": ("The value around which the wave goes up and down.", 0.0),
    },
}

FIELDS: Mapping[str, Fields] = {**_COURSE, **_LESSON, **_QUESTIONS, **_EXERCISE, **SIMULATION_FIELDS}


def described(type_: type, field: str, tables: Mapping[str, Fields]) -> Described | None:
    """Return the description of a field of a type, or of the base class that declares it."""
    for each in type_.__mro__:
        found = tables.get(each.__name__.lstrip("_"), {}).get(field)
        if found is not None:
            return Described(*found)
    return None
