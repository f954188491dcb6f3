"""A message is counted before anything is built from it."""

from __future__ import annotations

import contextlib
import resource
import struct
import sys
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.wire.counting import check_counts
from grader.judge.wire.messages import Returned, framed, parse_from_worker
from grader.judge.wire.values import MAX_ITEMS, WireError, encode

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=300)
    | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=20),
)


@given(PLAIN)
def test_any_message_is_read_to_its_end(value: Any) -> None:
    """A length that was read wrongly would make the count go astray in the list that follows."""
    after = msgspec.msgpack.encode([None] * 20)[:-20] + struct.pack(">BI", 0xDD, MAX_ITEMS + 1)
    check_counts(msgspec.msgpack.encode(value))
    with pytest.raises(WireError, match="items"):
        check_counts(b"\x92" + msgspec.msgpack.encode(value) + after[-5:])


@pytest.mark.parametrize("item", [None, 1.5, -7, "a", (1, 2.5)], ids=type)
@pytest.mark.parametrize("count", [0, 63, 64, 65, 1000])
def test_honest_lists_pass(item: object, count: int) -> None:
    parse_from_worker(framed(Returned(encode([item] * count), (), ""))[4:])
    parse_from_worker(framed(Returned(encode([[1.5] * count, ["x"] * count]), (), ""))[4:])


def callback(args: bytes = b"\x90", kwargs: bytes = b"\x80") -> bytes:
    return b"\x84\xa1_\xa8Callback\xa2id\x00\xa4args" + args + b"\xa6kwargs" + kwargs


MANY = struct.pack(">I", 5_000_000)
KEYWORDS = b"".join(b"\xa4" + struct.pack(">I", n + 0x61616161) + b"\xc0" for n in range(1000))
LISTS = b"\x82\xa1_\xa4List\xa5items\xdd" + struct.pack(">I", 400_000) + b"\xc0" * 400_000


@pytest.mark.parametrize(
    "body",
    [
        callback(args=b"\xdd" + MANY + b"\xc0" * 5_000_000),
        callback(args=b"\xdd\xff\xff\xff\xff"),
        callback(args=b"\x93" + 3 * LISTS),
        callback(kwargs=b"\xdf" + MANY + KEYWORDS),
        callback(kwargs=b"\xdf\xff\xff\xff\xff"),
        b"\x84\xa1_\xa8Returned\xa5value\xdd" + MANY,
        b"\x84\xa1_\xa8Returned\xa7changed\xdd" + MANY,
        b"\x83\xa1_\xa6Loaded\xa7outputs\xdd" + MANY,
        b"\x83\xa1_\xa6Loaded\xa9functions\xdf" + MANY,
    ],
    ids="args,claimed args,nested args,kwargs,claimed kwargs,value,changed,outputs,functions".split(","),
)
def test_too_many_items_are_refused_before_they_take_memory(body: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(WireError, match="items"):
        parse_from_worker(body)
    unit = 1 if sys.platform == "darwin" else 1024
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 20_000_000


@pytest.mark.parametrize("fields", [2, 8])
def test_small_maps_within_each_other_have_a_limit_too(fields: int) -> None:
    inner = bytes([0x80 | fields]) + b"\xa0\xc0" * fields
    whole = callback(args=b"\xdd" + struct.pack(">I", 900_000) + inner * 900_000)
    with pytest.raises(WireError):
        parse_from_worker(whole)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(WireError):
        parse_from_worker(body)
