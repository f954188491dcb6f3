"""What judge and worker say to each other, and how it is framed on a pipe.

One message is four bytes of length (big endian) and that many bytes of
msgpack. The judge speaks first; the worker answers each `Load` or `Call` with
exactly one `Loaded`, `Returned` or `Raised`, and may ask the judge in between
to run one of its callables (`Callback`, answered by `CallbackReturned` or `CallbackRaised`).
"""

from __future__ import annotations

import struct
from typing import IO, Annotated

import msgspec
from msgspec import Meta, Struct

from grader.judge.wire.values import Value, Wire, WireError, check_items

MAX_MESSAGE = 64_000_000
MAX_PRINTED = 64_000
MAX_OUTPUT = 10_000  # characters that one cell shows
MAX_OUTPUTS = 200_000  # and all of them together
MAX_CELLS = 1000  # whose outputs are told

# what an honest worker keeps to by itself; without these, reports could grow without end
_Name = Annotated[str, Meta(max_length=200)]
_Text = Annotated[str, Meta(max_length=2000)]
_Printed = Annotated[str, Meta(max_length=MAX_PRINTED + 100)]
_Output = Annotated[str, Meta(max_length=MAX_OUTPUT + 100)]


class Cell(Struct, frozen=True):
    """A piece of the learner's source; `label` is how feedback calls it."""

    label: str
    source: str
    notebook: bool = False  # magics and shell lines are dropped


class Load(Wire, frozen=True):
    """Run these cells as one module, then look these functions up; `seed` is for unseeded generators."""

    cells: tuple[Cell, ...]
    functions: tuple[str, ...]
    seed: int


class Call(Wire, frozen=True):
    """Call one function; with a `seed`, seed the unseeded generators before."""

    function: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    seed: int | None = None


class CallbackReturned(Wire, frozen=True):
    """What the judge's callable returned."""

    value: Value


class CallbackRaised(Wire, frozen=True):
    """The judge's callable raised; `type` is the name of a built-in exception."""

    type: str
    text: str


class Parameter(Struct, frozen=True):
    """`kind` is a name of inspect's parameter kinds, such as "VAR_KEYWORD"."""

    name: _Name
    kind: str
    optional: bool


class FunctionInfo(Struct, frozen=True):
    """What the worker sees of one function; `parameters` is None if they cannot be known."""

    exists: bool
    callable: bool = False
    blank: bool = False
    parameters: tuple[Parameter, ...] | None = None


class CellOutput(Struct, frozen=True):
    """What one cell printed, and the value of its last expression as text, if it has one."""

    printed: _Output
    value: _Output = ""


# of the cells that ran to their end, in order; those after MAX_CELLS are left out
_Outputs = Annotated[tuple[CellOutput, ...], Meta(max_length=MAX_CELLS)]


class Loaded(Wire, frozen=True):
    functions: dict[str, FunctionInfo]
    outputs: _Outputs = ()


class Returned(Wire, frozen=True):
    """`changed` numbers the arguments, named ones last, that no longer are what was passed."""

    value: Value
    changed: tuple[int, ...]
    printed: _Printed


class Raised(Wire, frozen=True):
    """Learner code raised. `bases` are the built-in classes of the exception, nearest first.

    `label` and `line` say where in the learner's source, if it was there. If it
    was while loading, `outputs` are of the cells before, and `printed` is of the
    cell that raised.
    """

    type: _Name
    bases: tuple[_Name, ...]
    text: _Text
    label: _Text | None
    line: int | None
    printed: _Printed
    syntax: bool = False  # the source does not parse; nothing has run
    outputs: _Outputs = ()


class Callback(Wire, frozen=True):
    id: int
    args: tuple[Value, ...]
    kwargs: dict[str, Value]


ToWorker = Load | Call | CallbackReturned | CallbackRaised
FromWorker = Loaded | Returned | Raised | Callback

_encoder = msgspec.msgpack.Encoder()
_to_worker = msgspec.msgpack.Decoder(ToWorker)
_from_worker = msgspec.msgpack.Decoder(FromWorker)


def framed(message: ToWorker | FromWorker) -> bytes:
    """Return one message as it goes on the pipe. Raises WireError if it cannot go."""
    try:
        body = _encoder.encode(message)
    except RecursionError:
        raise WireError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise WireError("it contains text that is not valid Unicode") from None
    if len(body) > MAX_MESSAGE:
        raise WireError(f"it is larger than {MAX_MESSAGE // 1_000_000} MB")
    return struct.pack(">I", len(body)) + body


def send(pipe: IO[bytes], message: ToWorker | FromWorker) -> None:
    """Write one message. Raises WireError if it cannot go, OSError if the pipe is gone."""
    pipe.write(framed(message))
    pipe.flush()


def receive_bytes(pipe: IO[bytes]) -> bytes | None:
    """Read the body of one message; None when the other side is gone. Raises WireError."""
    head = _exactly(pipe, 4)
    if head is None:
        return None
    (size,) = struct.unpack(">I", head)
    if size > MAX_MESSAGE:
        raise WireError(f"the message claims to be {size:,} bytes long")
    return _exactly(pipe, size)


def _exactly(pipe: IO[bytes], size: int) -> bytes | None:
    parts = []
    while size:
        part = pipe.read(size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def parse_for_worker(body: bytes) -> ToWorker:
    message: ToWorker = _to_worker.decode(body)
    return message


def parse_from_worker(body: bytes) -> FromWorker:
    """Raises WireError on anything that is not one well-formed message."""
    try:
        message: FromWorker = _from_worker.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(str(error)) from None
    if isinstance(message, Returned):
        check_items(message.value)
    elif isinstance(message, Callback):
        check_items(*message.args, *message.kwargs.values())
    return message
