"""Messages on the pipe: their framing, and WireError for malformed ones."""

from __future__ import annotations

import io
import struct
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.wire import messages as m
from grader.judge.wire.values import List, Opaque, WireError, decode

OUTPUTS = (m.CellOutput("hi\n"), m.CellOutput("", "3"))
FROM_WORKER = [
    m.Loaded({"f": m.FunctionInfo(True, True, False, (m.Parameter("a", "VAR_KEYWORD", True),))}, OUTPUTS),
    m.Loaded({}, (), (m.Stop("my.py", 3, "ValueError", ("ValueError",), "text", ("f",)),), ("pandas",)),
    m.Returned(List((1, None, "x")), (0, 2), "printed"),
    m.Raised("Own", ("ValueError", "Exception"), "text", "my.py", 3, ""),
    m.Callback(0, (1.5,), {"verbose": 0}),
]
TO_WORKER = [
    m.Load((m.Cell("my.py", "x = 1"),), ("f",), seed=1),
    m.Call("f", (List(()),), {"a": True}),
    m.CallbackReturned(Opaque("x")),
    m.CallbackRaised("ValueError", "no"),
]


def piped(message: m.FromWorker | m.ToWorker) -> bytes:
    pipe = io.BytesIO()
    m.send(pipe, message)
    pipe.seek(0)
    body = m.receive_bytes(pipe)
    assert body is not None and m.receive_bytes(pipe) is None
    return body


@pytest.mark.parametrize("message", FROM_WORKER, ids=lambda message: type(message).__name__)
def test_the_judge_reads_what_a_worker_sends(message: m.FromWorker) -> None:
    assert m.parse_from_worker(piped(message)) == message


@pytest.mark.parametrize("message", TO_WORKER, ids=lambda message: type(message).__name__)
def test_a_worker_reads_what_the_judge_sends(message: m.ToWorker) -> None:
    assert m.parse_for_worker(piped(message)) == message


@pytest.mark.parametrize("message", TO_WORKER, ids=lambda message: type(message).__name__)
def test_the_judge_takes_no_message_that_is_its_own_to_send(message: m.ToWorker) -> None:
    with pytest.raises(WireError):
        m.parse_from_worker(msgspec.msgpack.encode(message))


@given(st.binary(max_size=200))
def test_rubbish_is_a_wire_error_and_nothing_else(body: bytes) -> None:
    with pytest.raises(WireError):
        m.parse_from_worker(body)


@given(st.sampled_from(FROM_WORKER), st.data())
def test_a_damaged_message_is_a_wire_error_or_another_message(
    message: m.FromWorker, data: st.DataObject
) -> None:
    body = bytearray(msgspec.msgpack.encode(message))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = m.parse_from_worker(bytes(body))
        if isinstance(read, m.Returned):
            decode(read.value)
    except WireError:
        pass


@pytest.mark.parametrize(
    "outputs",
    [
        (m.CellOutput("x" * 20_000),),
        (m.CellOutput("", "x" * 20_000),),
        (m.CellOutput(""),) * (m.MAX_CELLS + 1),
        (m.CellOutput(3),),  # type: ignore[arg-type]
        "printed",
    ],
    ids=["printed", "value", "cells", "number", "text"],
)
def test_outputs_that_no_honest_worker_sends_are_refused(outputs: Any) -> None:
    said = [m.Loaded({}, outputs)]
    for message in said:
        with pytest.raises(WireError):
            m.parse_from_worker(msgspec.msgpack.encode(message))


def test_deeply_nested_rubbish_is_a_wire_error() -> None:
    with pytest.raises(WireError):
        m.parse_from_worker(b"\x91" * 1_000_000)
    inner = b"\x82\xa1_\xa4List\xa5items\x91"  # {"_": "List", "items": [ …
    with pytest.raises(WireError):
        m.parse_from_worker(b"\x84\xa1_\xa8Returned\xa5value" + inner * 100_000 + b"\xc0")


def test_a_length_beyond_the_limit_is_refused_before_anything_is_read() -> None:
    with pytest.raises(WireError):
        m.receive_bytes(io.BytesIO(struct.pack(">I", m.MAX_MESSAGE + 1)))


def test_a_pipe_that_ends_inside_a_message_is_the_end() -> None:
    assert m.receive_bytes(io.BytesIO(struct.pack(">I", 10) + b"short")) is None
    assert m.receive_bytes(io.BytesIO(b"\0\0")) is None


def test_what_cannot_be_sent_is_a_wire_error_and_writes_nothing() -> None:
    pipe = io.BytesIO()
    for value in ("x" * (m.MAX_MESSAGE + 1), "half a \ud800 character"):
        with pytest.raises(WireError):
            m.send(pipe, m.CallbackReturned(value))
    assert pipe.getvalue() == b""
