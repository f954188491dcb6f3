"""What can stand in the place of tests beside a sentence of a contract."""

from __future__ import annotations

GIVEN = "given"
ADVICE = "advice"
SUMMARY = "summary"

Sentences = dict[str, list[tuple[str, str]]]
