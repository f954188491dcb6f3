"""The messages between judge and worker, and their framing on a pipe.

A message is its length in four bytes (big endian), followed by that many bytes
of msgpack. The judge sends first. The worker answers each `Load` or `Call` with
exactly one `Loaded`, `Returned` or `Raised`. Before that it may send `Callback`,
to have the judge run one of its callables. The judge answers a `Callback` with
`CallbackReturned` or `CallbackRaised`.
"""

from __future__ import annotations

import struct
from typing import IO, Annotated

import msgspec
from msgspec import Meta, Struct

from grader.judge.wire.counting import check_counts
from grader.judge.wire.values import MAX_MESSAGE, Value, Wire, WireError, too_large

MAX_PRINTED = 64_000  # bytes printed by one call that are kept
MAX_FLOOD = 10_000_000  # bytes that one call or one cell may print; then it is stopped
PRINTED_TOO_MUCH = "PrintedTooMuch"  # the type of the exception that stops it
MAX_OUTPUT = 10_000  # characters of output per cell
MAX_OUTPUTS = 200_000  # characters of output of all cells together, except short values
SHORT_VALUE = 100  # characters; a value that may be a score is shown however much was printed
MAX_CELLS = 1000  # cells whose outputs are sent
MAX_PARAMETERS = 255  # of a function; those of one with more are not sent

# an honest worker stays within these limits; without them, reports could grow without bound
_Name = Annotated[str, Meta(max_length=200)]
_Text = Annotated[str, Meta(max_length=2000)]
_Printed = Annotated[str, Meta(max_length=MAX_PRINTED + 100)]
_Output = Annotated[str, Meta(max_length=MAX_OUTPUT + 100)]
_Names = Annotated[tuple[_Name, ...], Meta(max_length=100)]


class Cell(Struct, frozen=True):
    """A piece of the learner's source. `label` is its name in feedback."""

    label: str
    source: str
    notebook: bool = False  # if True, the value of the last expression is shown, as in Jupyter
    as_one: bool = False  # if True, the first statement that fails ends the cell, as in Jupyter


class SourceFile(Struct, frozen=True):
    """A helper module of the learner. `path` is relative, with "/" between its parts."""

    path: str
    source: str


class GivenFile(Struct, frozen=True):
    """A data file of the exercise. `path` is relative, with "/" between its parts."""

    path: str
    content: bytes


class Load(Wire, frozen=True):
    """Request: run these cells as one module, then look up these functions.

    The cells can import `files` and read `data`. `seed` seeds the generators that learner code may
    use without seeding them. All statements together get `seconds`, and each of them
    at most `statement_seconds`. After that, the judge takes the place of the functions
    in `replaced`: in every call, they are its callables 0, 1, and so on.
    """

    cells: tuple[Cell, ...]
    functions: tuple[str, ...]
    seed: int
    files: tuple[SourceFile, ...] = ()
    seconds: float = 60.0
    statement_seconds: float = 20.0
    replaced: tuple[str, ...] = ()
    data: tuple[GivenFile, ...] = ()


class Call(Wire, frozen=True):
    """Request: call one function. If `seed` is given, first seed the generators as for `Load`."""

    function: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    seed: int | None = None


class CallbackReturned(Wire, frozen=True):
    """Answer to a `Callback`: the value that the judge's callable returned."""

    value: Value


class CallbackRaised(Wire, frozen=True):
    """Answer to a `Callback`: the judge's callable raised. `type` names a built-in exception."""

    type: str
    text: str


class Parameter(Struct, frozen=True):
    """A parameter of a learner's function.

    `kind` is the name of one of inspect's parameter kinds, such as "VAR_KEYWORD".
    """

    name: _Name
    kind: _Name
    optional: bool


class FunctionInfo(Struct, frozen=True):
    """A description of one learner's function. `parameters` is None if they cannot be inspected.

    If the function does not exist, `near` is the name of one that may be meant, or "".
    """

    exists: bool
    callable: bool = False
    blank: bool = False
    parameters: Annotated[tuple[Parameter, ...], Meta(max_length=MAX_PARAMETERS)] | None = None
    near: _Name = ""


class CellOutput(Struct, frozen=True):
    """The text that one cell printed, and the repr of its last expression, if it has one."""

    printed: _Output
    value: _Output = ""


class Stop(Struct, frozen=True):
    """A top-level statement that did not run to its end, or lines that Python cannot parse.

    `bases` are the built-in classes of the exception, nearest first. `defines` are names
    that the statement would have defined. `column` counts from 1.
    """

    label: _Text
    line: int
    type: _Name
    bases: _Names
    text: _Text
    defines: _Names = ()
    column: int | None = None
    timed_out: bool = False
    syntax: bool = False


class Loaded(Wire, frozen=True):
    """Answer to `Load`: the requested functions by name, and the outputs of the cells.

    `outputs` are in the order of the cells, up to MAX_CELLS. `missing` are imported
    modules that are not there.
    """

    functions: Annotated[dict[_Name, FunctionInfo], Meta(max_length=1000)]
    outputs: Annotated[tuple[CellOutput, ...], Meta(max_length=MAX_CELLS)] = ()
    stops: Annotated[tuple[Stop, ...], Meta(max_length=MAX_CELLS + 100)] = ()
    missing: _Names = ()
    without_ipython: bool = False  # True if IPython's syntax was left out
    overwritten: _Names = ()  # functions whose names were given to other values, and that were put back


class Returned(Wire, frozen=True):
    """Answer to `Call`: the function returned `value`.

    `changed` holds the indices of modified arguments; keyword arguments come last. `warned`
    holds the built-in classes of the warnings that the call showed.
    """

    value: Value
    changed: tuple[int, ...]
    printed: _Printed
    warned: _Names = ()


class Raised(Wire, frozen=True):
    """Answer to `Call`: learner code raised. Answer to `Load`: it ran out of memory or broke the worker.

    `bases` are the built-in classes of the exception, nearest first. `label` and
    `line` locate the error if it is in the learner's source.
    """

    type: _Name
    bases: _Names
    text: _Text
    label: _Text | None
    line: int | None
    printed: _Printed
    eager: bool = True  # False if learner code has turned off TensorFlow's eager execution


class Callback(Wire, frozen=True):
    """Request to the judge: run the callable that the reference `id` stands for."""

    id: int
    args: tuple[Value, ...]
    kwargs: dict[str, Value]


ToWorker = Load | Call | CallbackReturned | CallbackRaised
FromWorker = Loaded | Returned | Raised | Callback

_encoder = msgspec.msgpack.Encoder()
_to_worker = msgspec.msgpack.Decoder(ToWorker)
_from_worker = msgspec.msgpack.Decoder(FromWorker)


def framed(message: ToWorker | FromWorker) -> bytes:
    """Encode one message with its length. Raises WireError if it is too large or cannot be encoded."""
    try:
        body = _encoder.encode(message)
    except RecursionError:
        raise WireError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise WireError("it contains text that is not valid Unicode") from None
    if len(body) > MAX_MESSAGE:
        raise too_large()
    return struct.pack(">I", len(body)) + body


def send(pipe: IO[bytes], message: ToWorker | FromWorker) -> None:
    """Write one message. Raises WireError if it cannot be encoded, OSError if the pipe is closed."""
    pipe.write(framed(message))
    pipe.flush()


def receive_bytes(pipe: IO[bytes]) -> bytes | None:
    """Read the body of one message, or return None at the end of the pipe.

    Raises WireError if the message is too long.
    """
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
    """Decode a message from the judge, which is trusted. Raises msgspec.MsgspecError."""
    message: ToWorker = _to_worker.decode(body)
    return message


def parse_from_worker(body: bytes) -> FromWorker:
    """Decode a message from a worker. Raises WireError if it is malformed or too large."""
    check_counts(body)
    try:
        message: FromWorker = _from_worker.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(str(error)) from None
    return message
