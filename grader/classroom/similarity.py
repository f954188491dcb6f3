"""Find similar submissions: token fingerprints, compared through an index.

The fingerprints are chosen by winnowing (Schleimer, Wilkerson & Aiken 2003, as
in MOSS): one hash is kept per window of neighboring token sequences, so that a
copied passage is found wherever it is. All names that a learner chooses are
equal, and layout and comments are ignored: a copy with renamed variables is
still a copy. Code of the starter and the reference solution is ignored as well. Code
that many learners share makes no pairs; they are reported as one group.

Similarity is a reason to look, not a proof.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
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
NEARLY = 0.8  # minimum share of all fingerprints of two learners that both have, in a large group
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
    own = _own(sources, given)
    having: defaultdict[int, list[str]] = defaultdict(list)
    for learner in sorted(own):
        for fingerprint in own[learner]:
            having[fingerprint].append(learner)
    most = _most(sources)
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


def large_groups(sources: Mapping[str, str], given: Iterable[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Return the groups of learners with nearly the same code that are too large for `alike`.

    What so many share counts as common there. It may be the usual solution, or a copy that went
    around. Each group is sorted; the largest comes first.
    """
    by_prints: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for learner, own in sorted(_own(sources, given).items()):
        if len(own) >= ENOUGH:
            by_prints[own].append(learner)
    groups: list[tuple[frozenset[int], list[str]]] = []  # the first code of each group, and its learners
    for prints, learners in sorted(by_prints.items(), key=lambda pair: (-len(pair[1]), pair[1])):
        near = (group for first, group in groups if _are_nearly_the_same(first, prints))
        group = next(near, None)
        if group is None:
            groups.append((prints, [*learners]))
        else:
            group += learners
    large = [tuple(sorted(group)) for _, group in groups if len(group) > _most(sources)]
    return tuple(sorted(large, key=lambda group: (-len(group), group)))


def _are_nearly_the_same(one: frozenset[int], other: frozenset[int]) -> bool:
    common = len(one & other)
    return common >= NEARLY * (len(one) + len(other) - common)


def _own(sources: Mapping[str, str], given: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return the fingerprints of each learner that come from none of the given texts."""
    known = frozenset().union(*map(fingerprints, given))
    return {learner: fingerprints(source) - known for learner, source in sources.items()}


def _most(sources: Mapping[str, str]) -> float:
    """Return the largest number of learners whose common code is not ignored."""
    return max(COMMON_COUNT, COMMON_SHARE * len(sources))


@lru_cache(2_000)  # pairs and groups of a class need those of each learner
def fingerprints(source: str) -> frozenset[int]:
    """Return the fingerprints of a source: the smallest hash per window."""
    pieces = piece_hashes([token.text for token in tokens(source)])
    if len(pieces) <= WINDOW:
        return frozenset(pieces)
    return frozenset(min(pieces[at : at + WINDOW]) for at in range(len(pieces) - WINDOW + 1))


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
