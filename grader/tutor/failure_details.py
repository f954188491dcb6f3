"""The message of a failed test, taken apart: what was called, what was expected, and what came back."""

from __future__ import annotations

import re

from msgspec import Struct

_CALL = re.compile(r"(?:in |in (call \d+ of \d+): |(last of \d+ calls): )(\w+\(.*\))")
_DIFFERENCE = re.compile(r"first difference at position \[(.*?)\]: (.*) came back, expected (.*)")
_GOT = re.compile(r"got (.*?), expected (.*)")
_SHAPE = re.compile(r"the shape is (.*), expected (.*)")
_ARRAY = re.compile(r"got (.*)")
_PRINTED = "printed:"


class FailureDetails(Struct, frozen=True):
    """Parts of a message. A part that the message does not have is empty.

    `says` is what the author or the judge says; it keeps every line that has no place of its own.
    """

    says: str = ""
    call: str = ""
    which_call: str = ""  # "call 1 of 4" or "last of 4 calls", if that matters
    returned: str = ""
    expected: str = ""
    got: str = ""
    printed: str = ""


def failure_details(message: str) -> FailureDetails:
    """Take a message apart. Texts may be the learner's own, so a part can hold anything."""
    told, mark, printed = f"\n{message}".partition(f"\n{_PRINTED}\n")
    says: list[str] = []
    call, which, expected, got, value = "", "", "", "", ""
    for line in told.lstrip("\n").split("\n"):
        if found := _CALL.fullmatch(line):
            call, which = found[3], found[1] or found[2] or ""
        elif found := _DIFFERENCE.fullmatch(line):
            at = f" at position {found[1]}" if found[1] else ""
            got, expected = found[2] + at, found[3] + at
        elif found := _SHAPE.fullmatch(line):
            got, expected = f"shape {found[1]}", f"shape {found[2]}"
        elif found := _GOT.fullmatch(line):
            got, expected = found[1], found[2]
        elif found := _ARRAY.fullmatch(line):
            value = found[1]
        else:
            says.append(line)
    return FailureDetails("\n".join(says).strip(), call, which, value, expected, got, printed if mark else "")
