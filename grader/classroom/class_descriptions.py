"""Descriptions and examples of the fields of `class.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DECIDED = {"learner": "ann", "who": "Kim", "when": "2026-11-27"}
_LATE = {"rule": "per_day", "percent": 10, "at_most": 50}

CLASS_FIELDS: Mapping[str, Mapping[str, tuple[str, Any]]] = {
    "ClassFile": {
        "timezone": ("The time zone of all times in this file.", "Europe/Berlin"),
        "late": ("What late work loses. Default: nothing.", _LATE),
        "grace": (
            "How late work may be without a penalty: a whole number and m (minutes), h (hours) or d (days).",
            "30m",
        ),
        "work": (
            "The due dates, by the ids of exercises and quizzes.",
            {"exercise-words": {"due": "2026-11-27"}},
        ),
        "groups": ("Learners who hand in together.", [{"name": "team-1", "learners": ["ann", "bob"]}]),
        "extensions": (
            "Later due dates for single learners.",
            [{**_DECIDED, "until": "2026-12-01", "why": "ill"}],
        ),
        "excused": ("Work that does not count for a learner.", [{**_DECIDED, "why": "ill"}]),
        "marks": (
            "Points for essays of quizzes.",
            [{**_DECIDED, "work": "day1", "question": "day1-q5", "points": 2}],
        ),
        "overrides": (
            "Final scores that you decide.",
            [{**_DECIDED, "work": "exercise-words", "score": 8, "why": "marked by hand"}],
        ),
        "comments": ("Remarks for learners. They change no score.", [{**_DECIDED, "text": "Well done."}]),
        "absent": (
            "Learners of the class who have no submission, if their names resemble those of others.",
            ["anna"],
        ),
    },
    "Rule": {"rule": ("The rule for late work.", "per_day")},
    "PerSpan": {
        "percent": ("What each day or hour that has begun costs, in percent of the points.", 10),
        "at_most": ("The most that late work can lose, in percent.", 50),
    },
    "Steps": {"steps": ("What late work loses, by how late it is.", [{"after": "1d", "percent": 20}])},
    "Step": {
        "after": ("How late the work is: a whole number and m (minutes), h (hours) or d (days).", "1d"),
        "percent": ("What it loses from then on, in percent.", 20),
    },
    "Work": {
        "due": ("When it is due. A date alone means the end of that day.", "2026-11-27 23:59"),
        "late": ("What late work loses, in place of the rule for the class.", _LATE),
        "grace": ("How late it may be without a penalty, in place of that for the class.", "1h"),
    },
    "Group": {
        "name": ("The name of the group, as submissions have it.", "team-1"),
        "learners": ("The members.", ["ann", "bob"]),
        "work": ("What the group hands in together. Default: all work.", ["exercise-words"]),
    },
    "Remark": {
        "learner": ("The learner or the group.", "ann"),
        "who": ("Who decided it or wrote it.", "Kim"),
        "when": ("When it was decided or written.", "2026-11-27"),
        "work": ("The exercise or quiz that it is about. Default: all work.", "exercise-words"),
    },
    "Decision": {"why": ("The reason, which the learner reads.", "ill")},
    "Extension": {"until": ("The new due date. A date alone means the end of that day.", "2026-12-01")},
    "EssayMark": {
        "question": ("The essay, by the id of its question.", "day1-q5"),
        "points": ("The points that it earns.", 2),
    },
    "Override": {"score": ("The final score, in points.", 8)},
    "Comment": {"text": ("The remark.", "Well done.")},
}
