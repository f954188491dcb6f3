"""The message loop of a worker: load a submission, call its functions and answer with plain data."""

from __future__ import annotations

import builtins
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, BinaryIO

import msgspec

from grader.judge.wire import messages as m
from grader.judge.wire.values import (
    Generator,
    Object,
    Opaque,
    Reference,
    Value,
    WireError,
    decode,
    encode,
    type_name,
)
from grader.judge.worker import surroundings
from grader.judge.worker.capture import Printed, noting_warnings, take_over_stdio
from grader.judge.worker.convert import convert, is_eager
from grader.judge.worker.limits import PROCESSES, limit_resources
from grader.judge.worker.loading import Loader, bases_of, text_of, type_of
from grader.judge.worker.seeding import seed_generators


def serve(memory: int, processes: int = PROCESSES, before: Callable[[], None] = lambda: None) -> None:
    """Serve one submission on this process's stdin and stdout until the judge closes the pipe.

    `memory` is the limit in bytes, `processes` that of processes and threads. `before` runs once the
    limits are set and stdout is captured.
    """
    limit_resources(memory, processes)
    pipe_in, pipe_out, printed = take_over_stdio()
    before()
    WorkerLoop(pipe_in, pipe_out, printed).run()


class WorkerLoop:
    """The loop that loads a submission and calls its functions until the judge closes the pipe.

    The course's own programs can be loaded one after another.
    """

    def __init__(self, pipe_in: BinaryIO, pipe_out: BinaryIO, printed: Printed) -> None:
        self._in = pipe_in
        self._out = pipe_out
        self._printed = printed
        self._module: ModuleType | None = None
        self._labels: set[str] = set()
        self._outputs: list[m.CellOutput] = []
        self._output_left = m.MAX_OUTPUTS
        self._known: dict[bytes, m.ToWorker] = {}  # answers of replaced functions to the running test

    def run(self) -> None:
        """Answer messages until the judge closes the pipe."""
        while (body := m.receive_bytes(self._in)) is not None:
            message = m.parse_for_worker(body)
            try:
                if isinstance(message, m.Load):
                    reply: m.FromWorker = self._load(message)
                elif isinstance(message, m.Call):
                    reply = self._call(message)
                else:
                    return
            except BaseException as error:  # includes SystemExit and KeyboardInterrupt from learner code
                reply = self._raised(error)
            try:
                m.send(self._out, reply)
            except WireError:
                m.send(self._out, m.Returned(Opaque("object", "unsendable"), (), ""))

    def _load(self, message: m.Load) -> m.FromWorker:
        if self._labels:  # a program was loaded before
            self._forget()
        self._labels = {each.label for each in message.cells} | {each.path for each in message.files}
        seed_generators(message.seed)
        loader = Loader(message.seconds, message.statement_seconds)
        with suppress(OSError, ValueError):  # such as two files where one is the directory of the other
            surroundings.write_files(message.files)
        surroundings.write_data(message.data)
        surroundings.prepare(loader.run)
        self._module = loader.load(message.cells, self._keep_output, message.functions)
        functions = {name: loader.find(self._module, name, message.functions) for name in message.functions}
        for id_, name in enumerate(message.replaced):
            surroundings.replace(self._module, name, self._callback(id_, self._known))
        self._printed.take()  # drop what inspecting the functions printed
        return m.Loaded(
            functions,
            tuple(self._outputs),
            tuple(loader.stops),
            tuple(name[:200] for name in loader.missing[:100]),
            loader.without_ipython,
            tuple(loader.overwritten[:100]),
        )

    def _forget(self) -> None:
        """Reset what the previous program left behind: its outputs, figures and Keras state."""
        self._outputs, self._output_left = [], m.MAX_OUTPUTS
        if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
            pyplot.close("all")
        if (keras := sys.modules.get("keras")) is not None:
            keras.backend.clear_session(free_memory=False)

    def _keep_output(self, value: Any) -> None:
        """Keep the output of a cell, within the limits."""
        shown = _shown(value)
        if len(shown) > m.SHORT_VALUE:
            shown = shown[: self._output_left]
        printed = self._printed.take(min(m.MAX_OUTPUT, max(0, self._output_left - len(shown))))
        if len(self._outputs) < m.MAX_CELLS:
            self._outputs.append(m.CellOutput(printed, shown))
            self._output_left = max(0, self._output_left - len(printed) - len(shown))

    def _call(self, message: m.Call) -> m.Returned:
        function = getattr(self._module, message.function)
        if message.seed is not None:
            seed_generators(message.seed)
            self._known.clear()  # a test begins
        args = [decode(value, self._callback) for value in message.args]
        kwargs = {name: decode(value, self._callback) for name, value in message.kwargs.items()}
        with noting_warnings() as warned:
            result = function(*args, **kwargs)
        try:
            value = encode(result, convert=convert)
        except WireError:
            value = Opaque(type_name(result), "unsendable")
        passed = [*message.args, *message.kwargs.values()]
        now = [*args, *kwargs.values()]
        pairs = enumerate(zip(passed, now, strict=True))
        changed = tuple(number for number, (was, is_) in pairs if _differs(was, is_))
        return m.Returned(value, changed, self._printed.take(), tuple(sorted(warned)))

    def _callback(self, id_: int, known: dict[bytes, m.ToWorker] | None = None) -> Callable[..., Any]:
        """Return a function that calls one of the judge's callables, unless its answer is in `known`."""

        def call_the_judge(*args: Any, **kwargs: Any) -> Any:
            sent = {str(name): encode(value, convert=convert) for name, value in kwargs.items()}
            message = m.framed(m.Callback(id_, tuple(encode(a, convert=convert) for a in args), sent))
            reply = None if known is None else known.get(message)
            if reply is None:
                self._out.write(message)
                self._out.flush()
                body = m.receive_bytes(self._in)
                if body is None:
                    raise SystemExit
                reply = m.parse_for_worker(body)
                if known is not None:
                    known[message] = reply
            if isinstance(reply, m.CallbackReturned):
                return decode(reply.value, self._callback)
            if isinstance(reply, m.CallbackRaised):
                raise getattr(builtins, reply.type, RuntimeError)(reply.text)
            raise SystemExit

        call_the_judge._original = Reference(id_)  # type: ignore[attr-defined]
        return call_the_judge

    def _raised(self, error: BaseException) -> m.Raised:
        if isinstance(error, MemoryError):  # what the code has collected leaves no room for the reply
            traceback.clear_frames(error.__traceback__)
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in self._labels]
        return m.Raised(
            type=type_of(error),
            bases=bases_of(error),
            text=text_of(error),
            label=frames[-1].filename if frames else None,
            line=frames[-1].lineno if frames else None,
            printed=self._printed.take(),
            eager=is_eager(),
        )


def _shown(value: Any) -> str:
    """Return the repr of a value as shown below a cell, or "" if there is none or it fails."""
    if value is None:
        return ""
    try:
        text = repr(value)
        text = text if len(text) <= m.MAX_OUTPUT else f"{text[: m.MAX_OUTPUT]} …"
        return text.encode(errors="replace").decode()
    except BaseException:  # __repr__ may be the learner's code, and its errors do not matter here
        return ""


def _differs(was: Value, now: Any) -> bool:
    """Return True if an argument differs from what was passed. The judge's own objects never do."""
    if isinstance(was, Reference | Object | Generator):
        return False
    try:
        again = encode(now, convert=lambda value: getattr(value, "_original", None))
    except WireError:
        return True
    return bool(msgspec.msgpack.encode(again) != msgspec.msgpack.encode(was))
