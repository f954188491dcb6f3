"""Submissions that are alike: fingerprints of their tokens, compared through an index.

The fingerprints are chosen by winnowing (Schleimer, Wilkerson & Aiken 2003, as
in MOSS): of every few neighbouring pieces of the code one is kept, so that a
copied passage is found wherever it stands. Names that a learner can choose
count as one, and neither layout nor comments count: a copy with other names is
still a copy. What starter and reference solution have, and what many learners
have, says nothing about who worked together, and does not count either.

It shows where to look. It proves nothing.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import combinations

from msgspec import Struct

PIECE = 10  # tokens in a row that make one fingerprint; shorter likeness is chance
WINDOW = 4  # of so many neighbouring pieces at least one is kept
ALIKE = 0.5  # the share from which a pair is named
ENOUGH = 6  # fingerprints in common, at least
COMMON_SHARE = 0.1  # what more learners than this have is common …
COMMON_COUNT = 5  # … in a class where it is more than these
MAX_TOKENS = 50_000

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<string>[A-Za-z]{0,2}(?:\"{3}[\s\S]*?(?:\"{3}|\Z)|'{3}[\s\S]*?(?:'{3}|\Z)
        |"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?))
    | (?P<name>[^\W\d]\w*)
    | (?P<number>\d[\w.]*)
    | (?P<sign>[^\w\s])
    """,
    re.VERBOSE,
)
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))


class Alike(Struct, frozen=True, kw_only=True):
    """Two learners whose code is alike: how much of the shorter one's own code is in the other's."""

    one: str
    other: str
    share: float
    common: int  # fingerprints


def alike(sources: Mapping[str, str], given: Iterable[str] = ()) -> tuple[Alike, ...]:
    """Return the pairs of learners whose sources are alike, the most alike first.

    `given` are the texts that learners start from or may be led to: starter and
    reference solution.
    """
    known = set().union(*map(fingerprints, given))
    own = {learner: fingerprints(source) - known for learner, source in sources.items()}
    having: defaultdict[int, list[str]] = defaultdict(list)
    for learner in sorted(own):
        for fingerprint in own[learner]:
            having[fingerprint].append(learner)
    most = max(COMMON_COUNT, COMMON_SHARE * len(sources))
    rare: Counter[str] = Counter()
    shared: Counter[tuple[str, str]] = Counter()
    for learners in having.values():
        if len(learners) <= most:
            rare.update(learners)
            shared.update(combinations(learners, 2))
    found = (
        Alike(one=one, other=other, share=count / min(rare[one], rare[other]), common=count)
        for (one, other), count in shared.items()
        if count >= ENOUGH
    )
    return tuple(sorted((a for a in found if a.share >= ALIKE), key=lambda a: (-a.share, -a.common, a.one)))


def fingerprints(source: str) -> set[int]:
    """Return the fingerprints of a source: the least hash of each window of pieces."""
    tokens = list(_tokens(source))[:MAX_TOKENS]
    pieces = [
        int.from_bytes(blake2b("\0".join(tokens[at : at + PIECE]).encode(), digest_size=8).digest())
        for at in range(len(tokens) - PIECE + 1)
    ]
    if len(pieces) <= WINDOW:
        return set(pieces)
    return {min(pieces[at : at + WINDOW]) for at in range(len(pieces) - WINDOW + 1)}


def _tokens(source: str) -> Iterator[str]:
    """Yield the tokens, of code that need not parse."""
    before = ""
    for match in _TOKEN.finditer(source):
        text = match.group()
        match match.lastgroup:
            case "comment":
                continue
            case "string":
                text = "''"
            case "name" if before != "." and text not in _KEPT:
                text = "a"  # `x.shape` and `range` are not the learner's to name
        yield text
        before = text
