"""Load the learner's source as a module, statement by statement, and describe its functions."""

from __future__ import annotations
import __future__ as future_features

import ast
import builtins
import inspect
import linecache
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, cast

from grader.judge.wire.messages import Cell, FunctionInfo, Parameter, Stop
from grader.judge.worker import placeholders, surroundings
from grader.judge.worker.notebook_shell import NotebookShell, Translator, restored
from grader.judge.worker.statements import (
    LeftOut,
    Statement,
    defined_names,
    imports_in,
    is_definition,
    is_main_guard,
    only,
    statements,
)

if TYPE_CHECKING:
    import asyncio

MODULE = "submission"
MAX_STOPS = 50
MAX_DEPTH = 5  # definitions that need other definitions
_KEPT_TEXT = 2000  # characters
_BUILT_IN = dict(vars(builtins))  # before learner code can change them
_NEAR = 0.75  # as difflib measures similarity, from 0 to 1

OnRan = Callable[[Any], None]


class TimeUp(BaseException):
    """A statement has used up its time. Not an Exception, so that few statements catch it."""


class Loader:
    """Runs a submission's cells as one module. A statement that fails ends alone, and the next one runs.

    All statements share one time limit. Each may use at most half of the time that is
    left, so that there is always time for the definitions after it.
    """

    def __init__(self, seconds: float, statement_seconds: float) -> None:
        """Limit all statements together, and each of them, to this many seconds."""
        self.stops: list[Stop] = []
        self.missing: list[str] = []  # modules that the submission imports and that are not there
        self.without_ipython = False  # True if IPython was needed to read the cells
        self._statement_seconds = statement_seconds
        self._ends = time.monotonic() + seconds
        self._is_loaded = False  # later imports of helper modules belong to a call, which has its own limit
        self.overwritten: list[str] = []  # functions whose names were given to other values
        self._definitions: dict[str, ast.stmt] = {}
        self._functions: dict[str, Callable[..., Any]] = {}
        self._guarded: list[tuple[str, ast.stmt, int]] = []  # below `if __name__ == "__main__":`
        self._loop: asyncio.AbstractEventLoop | None = None  # for `await` outside functions

    def load(
        self, cells: tuple[Cell, ...], on_ran: OnRan = lambda value: None, functions: tuple[str, ...] = ()
    ) -> ModuleType:
        """Run the cells in order. Return the module, which should define these functions.

        After each cell, `on_ran` receives the value that Jupyter would show below it,
        or None. No exception of the learner's code leaves this method.
        """
        module = ModuleType(MODULE)
        module.__dict__["__file__"] = cells[0].label if cells else MODULE
        sys.modules[MODULE] = module
        shell = NotebookShell(module, any(cell.notebook for cell in cells))
        shell.install()
        sys.argv = [module.__dict__["__file__"]]
        with surroundings.exits_as_exceptions():
            self._run_all(cells, module, shell, on_ran)
            self._run_what_is_missing(module, functions)
        self._put_back(module, functions)
        if self._loop is not None:
            self._loop.close()
        self._is_loaded = True
        return module

    def _run_all(
        self, cells: tuple[Cell, ...], module: ModuleType, shell: NotebookShell, on_ran: OnRan
    ) -> None:
        for cell in cells:
            value = self.run(cell.source, cell.label, module, cell.notebook, cell.as_one)
            if cell.notebook:
                shell.keep(cell.source, value)
            with suppress(TimeUp), self._time_limit():  # the value's repr may be the learner's code
                on_ran(value)

    def _run_what_is_missing(self, module: ModuleType, functions: tuple[str, ...]) -> None:
        """Run those definitions below `if __name__ == "__main__":` that the functions need.

        The block itself does not run, but learners put imports, constants and functions there, too.
        """
        for _ in range(MAX_DEPTH):
            missing = set(functions) - vars(module).keys() | _undefined_names(module)
            needed = [each for each in self._guarded if not missing.isdisjoint(defined_names(each[1]))]
            if not needed:
                return
            for each in needed:
                self._guarded.remove(each)
                label, node, flags = each
                self._run_node(Statement(node.lineno, node, "", 0), label, module, flags)

    def _put_back(self, module: ModuleType, functions: tuple[str, ...]) -> None:
        """Undo assignments of other values to the names of functions, as in `forecast = forecast(x)`."""
        for name in functions:
            if name in self._functions and not callable(vars(module).get(name)):
                module.__dict__[name] = self._functions[name]
                self.overwritten.append(name)

    def run(
        self, source: str, label: str, module: ModuleType, notebook: bool = False, as_one: bool = False
    ) -> Any:
        """Run the statements of one cell or file in a module. Return the value of its last expression.

        With `as_one`, the first statement that fails is kept in any case and ends the cell.
        """
        source = source if notebook else restored(source)
        linecache.cache[label] = (len(source), None, source.splitlines(True), label)
        translator = Translator()
        found = [*statements(source, translator, notebook)]
        self.without_ipython |= translator.was_missing
        flags, value = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, None
        others, self.stops = self.stops, [] if as_one else self.stops
        for position, each in enumerate(found):
            value = None
            if as_one and self.stops:
                break
            if isinstance(each, LeftOut):
                self._note_left_out(each, label)
                continue
            node = each.node
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                for alias in node.names:  # applies to the statements after it
                    flags |= getattr(getattr(future_features, alias.name, None), "compiler_flag", 0)
            is_last = position == len(found) - 1 and not source.rstrip().endswith(";")
            if notebook and is_last and isinstance(node, ast.Expr):
                value = self._attempt(each, label, module, lambda n: ast.Expression(n.value), "eval", flags)
            else:
                self._run_node(each, label, module, flags)
        if as_one:
            self.stops = others + self.stops[:1]
        return value

    def _run_node(self, statement: Statement, label: str, module: ModuleType, flags: int) -> None:
        """Run a statement that has no value, and keep what it defines."""
        node = statement.node
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._import(statement, node, label, module, flags)
        else:
            self._attempt(statement, label, module, lambda n: ast.Module([n], []), "exec", flags)
        if isinstance(node, ast.Try):
            for inner in imports_in(node):
                self._import_unbound(inner, label, module, flags)
        if node is None or module.__name__ != MODULE:
            return
        if isinstance(node, ast.If) and is_main_guard(node.test):
            self._guarded += [(label, each, flags) for each in node.body if is_definition(each)]
            return
        for name in defined_names(node):
            self._definitions[name] = node
        if isinstance(node, ast.FunctionDef) and callable(function := vars(module).get(node.name)):
            self._functions[node.name] = function

    def _import_unbound(
        self, node: ast.Import | ast.ImportFrom, label: str, module: ModuleType, flags: int
    ) -> None:
        """Import those names of a statement in a `try` that another one, which failed, has kept from it."""
        for alias in node.names:
            if alias.name != "*" and (alias.asname or alias.name.partition(".")[0]) not in vars(module):
                single = only(node, alias)
                self._import(Statement(node.lineno, single, "", 0), single, label, module, flags)

    def find(self, module: ModuleType, name: str, others: tuple[str, ...]) -> FunctionInfo:
        """Describe the function called `name`: whether it exists and is blank, and its parameters.

        `others` are names that cannot be misspellings of it.
        """
        if not hasattr(module, name):
            return FunctionInfo(exists=False, near=_near(name, module, others))
        function = getattr(module, name)
        if not callable(function):
            return FunctionInfo(exists=True)
        try:
            parameters = tuple(
                Parameter(
                    p.name,
                    p.kind.name,
                    p.default is not p.empty or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL),
                )
                for p in inspect.signature(function).parameters.values()
            )
        except (TypeError, ValueError):
            parameters = None
        return FunctionInfo(True, True, _is_blank(self._definitions.get(name)), parameters)

    # --- running one statement ---

    def _attempt(
        self,
        statement: Statement,
        label: str,
        module: ModuleType,
        wrap: Callable[[Any], ast.AST],
        mode: str,
        flags: int,
    ) -> Any:
        """Run one statement, and note it if it fails. Return its value if `mode` is "eval"."""
        try:
            code = _compiled(statement, label, wrap, mode, flags)
            with self._time_limit():
                return self._evaluate(code, module)
        except BaseException as error:  # includes SystemExit and KeyboardInterrupt
            names = defined_names(statement.node) if statement.node is not None else set()
            self._note(error, label, statement.line, names)
            return None

    def _evaluate(self, code: CodeType, module: ModuleType) -> Any:
        value = eval(code, module.__dict__)
        if code.co_flags & inspect.CO_COROUTINE:  # there is an `await` outside a function
            import asyncio  # slow to import, and rarely needed

            self._loop = self._loop or asyncio.new_event_loop()
            return self._loop.run_until_complete(value)
        return value

    def _import(
        self,
        statement: Statement,
        node: ast.Import | ast.ImportFrom,
        label: str,
        module: ModuleType,
        flags: int,
    ) -> None:
        """Import each name. One that is not there gets a placeholder, which raises when it is used."""
        for alias in node.names:
            single = only(node, alias)
            try:
                code = compile(ast.Module([single], []), label, "exec", flags=flags, dont_inherit=True)
                with self._time_limit():
                    exec(code, module.__dict__)
                if (
                    alias.name == "get_ipython"
                ):  # IPython's own returns None, because no shell of it runs here
                    module.__dict__[alias.asname or alias.name] = vars(builtins)["get_ipython"]
            except ImportError as error:
                if alias.name == "*":
                    self._note(error, label, statement.line, set())
                placeholders.bind(module, node, alias, error)
                if isinstance(error.name, str) and error.name not in self.missing:
                    self.missing.append(error.name)
            except BaseException as error:
                self._note(error, label, statement.line, set())

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Raise TimeUp in the block when its time is over. No effect without interval timers (Windows)."""
        is_main = threading.current_thread() is threading.main_thread()
        if self._is_loaded or not is_main or not hasattr(signal, "setitimer"):
            yield
            return

        expired = False

        def expire(*_: object) -> None:
            nonlocal expired
            expired = True
            raise TimeUp

        seconds = min(self._statement_seconds, (self._ends - time.monotonic()) / 2)
        started = time.monotonic()
        before = signal.signal(signal.SIGALRM, expire)
        # again every second, in case the exception was raised where Python ignores it
        outer, _ = signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if outer:  # a helper module is imported by a statement that has a limit, too
                left = outer - (time.monotonic() - started)
                signal.setitimer(signal.ITIMER_REAL, max(left, 0.01), 1.0)
        if expired:  # the statement has caught the exception
            raise TimeUp

    # --- what did not run ---

    def _note(self, error: BaseException, label: str, line: int, names: set[str]) -> None:
        if type(error) is SyntaxError:  # raised by the compiler, such as a `return` outside a function
            line = error.lineno if isinstance(error.lineno, int) else line
        else:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == label]
            line = (frames[0].lineno if frames else None) or line
        self._keep(
            Stop(
                label=label,
                line=line,
                type=type_of(error),
                bases=bases_of(error),
                text=text_of(error),
                defines=tuple(sorted(names))[:MAX_STOPS],
                timed_out=isinstance(error, TimeUp),
                syntax=isinstance(error, SyntaxError),
            )
        )

    def _note_left_out(self, part: LeftOut, label: str) -> None:
        error = part.error
        line = error.lineno if isinstance(error, SyntaxError) and error.lineno else part.line
        self._keep(
            Stop(
                label=label,
                line=line,
                type=type(error).__name__,
                bases=bases_of(error),
                text=(error.msg if isinstance(error, SyntaxError) else str(error))[:_KEPT_TEXT],
                defines=tuple(part.defines)[:MAX_STOPS],
                column=error.offset if isinstance(error, SyntaxError) else None,
                syntax=True,
            )
        )

    def _keep(self, stop: Stop) -> None:
        if len(self.stops) < MAX_STOPS:
            self.stops.append(stop)


def _compiled(
    statement: Statement, label: str, wrap: Callable[[Any], ast.AST], mode: str, flags: int
) -> CodeType:
    """Compile a statement. The compiler can handle deeper source than syntax trees."""
    if statement.node is not None:
        with suppress(RecursionError):
            tree: Any = wrap(statement.node)
            return cast(CodeType, compile(tree, label, mode, flags=flags, dont_inherit=True))
    return cast(CodeType, compile(statement.code, label, "exec", flags=flags, dont_inherit=True))


def type_of(error: BaseException) -> str:
    """Return the name of an exception's class."""
    return _name_of(type(error))[:100]


def _name_of(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))  # the metaclass may be the learner's


def bases_of(error: BaseException) -> tuple[str, ...]:
    """Return the names of the built-in classes of an exception, nearest first."""
    own = (kind for kind in type.mro(type(error)) if kind is not object)
    return tuple(name for kind in own if _BUILT_IN.get(name := _name_of(kind)) is kind)


def text_of(error: BaseException) -> str:
    """Return the message of an exception, or "" if it cannot be formatted."""
    try:
        text = error.msg if type(error) is SyntaxError else str(error)
        return text[:_KEPT_TEXT].encode(errors="replace").decode()
    except BaseException:  # __str__ may be the learner's code
        return ""


def _undefined_names(module: ModuleType) -> set[str]:
    """Return the names that the module's functions use and that are not there; some may be attributes."""
    used: set[str] = set()
    waiting = [value.__code__ for value in [*vars(module).values()] if isinstance(value, FunctionType)]
    while waiting:
        code = waiting.pop()
        used.update(code.co_names)
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return used - vars(module).keys() - vars(builtins).keys()


def _near(name: str, module: ModuleType, others: tuple[str, ...]) -> str:
    """Return the name of a function in the module that is probably a misspelling of `name`, or ""."""

    def plain(text: str) -> str:
        return text.replace("_", "").casefold()

    own = {
        plain(known): known
        for known, value in [*vars(module).items()]
        if isinstance(known, str) and known not in others and getattr(value, "__module__", None) == MODULE
    }
    near = get_close_matches(plain(name), own, n=1, cutoff=_NEAR)
    return own[near[0]][:100] if near else ""


def _is_blank(node: ast.stmt | None) -> bool:
    """Return True for a function that does nothing.

    A docstring, `pass`, `...` and `raise NotImplementedError` count as nothing.
    """
    return isinstance(node, ast.FunctionDef) and all(_does_nothing(statement) for statement in node.body)


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass)
