"""The owner of a submission, as the system that it was downloaded from names them."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct
from msgspec.structs import asdict

# letters that Unicode does not decompose into a base letter and a mark
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


class Owner(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that a system says of a submission's owner. Every text is as the system wrote it."""

    lms: str = ""  # "canvas", "moodle", …; empty if a rule of the instructor's read the name
    number: str | None = None  # the system's own id, unique in that system only
    login: str | None = None
    sid: str | None = None  # the institution's number
    email: str | None = None
    name: str | None = None
    group: str | None = None  # the same for all who share one submission
    attempt: str | None = None
    time: str | None = None  # ISO 8601 if the system's form is known
    late: bool = False


def merged(one: Owner, other: Owner) -> Owner:
    """Return what two files say together. The first has priority; one late file makes it late."""
    both = {field: value or getattr(other, field) for field, value in asdict(one).items()}
    return Owner(**both)


def name_forms(name: str) -> frozenset[str]:
    """Return the forms by which a name is compared; two names are alike if they share one.

    Case, accents, spaces and signs do not count. Every rotation of the words is a
    form, so "Lovelace, Ada" is "Ada Lovelace" and Canvas's "lovelaceada".
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)
    words = re.findall(r"[^\W_]+", re.sub(r"['’`´ʼ\-]", "", plain))[:12]
    return frozenset("".join(words[n:] + words[:n]) for n in range(len(words)))
