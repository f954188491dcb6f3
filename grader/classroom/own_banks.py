"""Questions about each learner's own code as question banks for learning platforms, one per learner."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from hashlib import blake2b

from grader.classroom.exports.bank import Bank, Notes
from grader.classroom.exports.gift import gift
from grader.classroom.exports.moodle_xml import moodle_xml
from grader.classroom.exports.qti import qti
from grader.classroom.own_sheets import Talk


class BankFormat(StrEnum):
    """The format of a bank, as `course export quiz` names it."""

    QTI = "qti"
    MOODLE_XML = "moodle-xml"
    GIFT = "gift"


_WRITERS: dict[BankFormat, tuple[str, Callable[[Bank, Notes], bytes]]] = {
    BankFormat.QTI: ("zip", qti),
    BankFormat.MOODLE_XML: ("xml", moodle_xml),
    BankFormat.GIFT: ("txt", gift),
}


def bank_of(name: str, talk: Talk, form: BankFormat, notes: Notes) -> tuple[str, bytes]:
    """Return the name and the content of a learner's bank. It holds the keys, as every bank does."""
    suffix, write = _WRITERS[form]
    id_ = f"own-{blake2b(name.encode(), digest_size=6).hexdigest()}"  # names of learners fit no identifier
    title = f"{talk.exercise}: own code of {talk.learner}"
    return f"{name}.{suffix}", write(Bank(id_, title, tuple(own.question for own in talk.questions)), notes)
