"""Sample attempts, and Hypothesis strategies for attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from grader.progress.attempt import Attempt

DEFAULTS: dict[str, Any] = {
    "time": "2026-01-02T03:04:05.678Z",
    "kind": "answer",
    "item": "tiny-q1",
    "content_hash": "abc",
    "sitting": "s1",
    "quiz": "tiny",
    "answer": "b",
    "score": 1.0,
    "max_score": 1.0,
    "first_try": True,
    "seconds": 2.5,
}


def attempt(number: int, **changed: Any) -> Attempt:
    """Return an answer whose id is derived from the number."""
    return Attempt(id=f"{number:032x}", **(DEFAULTS | changed))


# no control characters (Cc) or marks of direction (Cf), which an import refuses
_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf")), min_size=1, max_size=20)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=5,
)
_amount = st.floats(0, 1e6)


def _of_kind(kind: str) -> st.SearchStrategy[Attempt]:
    return st.builds(
        Attempt,
        id=st.integers(0, 16**32 - 1).map("{:032x}".format),
        time=st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(
            lambda moment: moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S.123Z")
        ),
        kind=st.just(kind),
        item=_text,
        content_hash=_text,
        sitting=st.none() | _text,
        quiz=st.none() | _text,
        answer=_text if kind == "answer" else st.none(),
        score=_amount if kind in ("answer", "check") else st.none(),
        max_score=st.just(1e6) if kind in ("answer", "check") else st.none(),
        first_try=st.none() | st.booleans(),
        hints=st.integers(0, 9),
        confidence=st.sampled_from([None, "low", "medium", "high"]),
        seconds=st.none() | _amount,
        report=st.dictionaries(_text.map("x-{}".format), _json, max_size=3) if kind == "check" else st.none(),
    )


attempts = st.sampled_from(["answer", "hint", "skip", "check"]).flatmap(_of_kind)
