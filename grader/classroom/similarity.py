"""Find similar submissions: token fingerprints, compared through an index.

The fingerprints are chosen by winnowing (Schleimer, Wilkerson & Aiken 2003, as
in MOSS): one hash is kept per window of neighboring token sequences, so that a
copied passage is found wherever it is. All names that a learner chooses are
equal, and layout and comments are ignored: a copy with renamed variables is
still a copy. Code of the starter and the reference solution, and code that many
learners share, is ignored as well: it does not show who worked together.

Similarity is a reason to look, not a proof.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations, islice
from typing import NamedTuple

from msgspec import Struct

PIECE = 10  # tokens per fingerprint; shorter matches are chance
WINDOW = 4  # one fingerprint is kept per window of this many
ALIKE = 0.5  # minimum share of a reported pair
ENOUGH = 6  # minimum number of common fingerprints
COMMON_SHARE = 0.1  # a fingerprint is common if more than this share of learners have it …
COMMON_COUNT = 5  # … and more than this many
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
    """Two learners with similar code; `share` is how much of the shorter code is in the other."""

    one: str
    other: str
    share: float
    common: int  # number of common fingerprints


def alike(sources: Mapping[str, str], given: Iterable[str] = ()) -> tuple[Alike, ...]:
    """Return the pairs of learners with similar sources, the most similar first.

    `given` are the texts that similar code may come from: starter and reference
    solution.
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
    pairs = (
        Alike(one=one, other=other, share=count / min(rare[one], rare[other]), common=count)
        for (one, other), count in shared.items()
        if count >= ENOUGH
    )
    return tuple(sorted((a for a in pairs if a.share >= ALIKE), key=lambda a: (-a.share, -a.common, a.one)))


def fingerprints(source: str) -> set[int]:
    """Return the fingerprints of a source: the smallest hash per window."""
    pieces = piece_hashes([token.text for token in tokens(source)])
    if len(pieces) <= WINDOW:
        return set(pieces)
    return {min(pieces[at : at + WINDOW]) for at in range(len(pieces) - WINDOW + 1)}


def piece_hashes(texts: Sequence[str]) -> list[int]:
    """Return the hash of each sequence of PIECE neighboring tokens."""
    return [
        int.from_bytes(blake2b("\0".join(texts[at : at + PIECE]).encode(), digest_size=8).digest())
        for at in range(len(texts) - PIECE + 1)
    ]


class Token(NamedTuple):
    """A token with the names that a learner chooses made equal, and its place in the source."""

    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """Return the first tokens of code, which need not parse."""
    return list(islice(_tokens(source), MAX_TOKENS))


def _tokens(source: str) -> Iterator[Token]:
    before = ""
    for match in _TOKEN.finditer(source):
        text = match.group()
        match match.lastgroup:
            case "comment":
                continue
            case "string":
                text = "''"
            case "name" if before != "." and text not in _KEPT:
                text = "a"  # learners do not choose `shape` in `x.shape`, nor `range`
        yield Token(text, match.start(), match.end())
        before = text
