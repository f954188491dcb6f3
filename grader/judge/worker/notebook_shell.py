"""What IPython offers to a notebook's code: its syntax, `get_ipython()`, `display`, `Out` and `_`.

IPython's own transformer and magics do the work. They are imported when a cell needs
them. Without IPython, its syntax is blanked out.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import re
import shlex
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

from grader.judge.worker.statements import UNPARSABLE, LeftOut, parsed, statements

SHELL_SECONDS = 10.0  # for one command

_RUN_AS_PYTHON = re.compile(r"\s*%%(?:time|timeit|capture|prun|check)\b([^\n]*)")
# characters that are pasted from web pages and that Python refuses; nobody can see them
_INVISIBLE = {
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u2028\u2029\u3000"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None),
}
# commands that IPython takes without a percent sign
_AUTOMAGIC = re.compile(
    r"^([ \t]*)((?:pip3?|conda|mamba|apt|apt-get|cd|ls|mkdir|cp|mv|rm|cat)[ \t]+[\w./~-][^=(\n]*)$", re.M
)
_MAGIC = re.compile(r"^\s*[%!?]|=\s*[!%]|\?\??\s*$")
_TIMED = re.compile(r"%time\s+(?=\S)")
# Colab's "Download .py" puts this above cells whose magics it has turned into comments
_COLAB = "# Commented out IPython magic to ensure Python compatibility."
_COMMENTED = re.compile(r"# (%%?[a-zA-Z].*)")
# commands that install or download, which cannot work without a network
_INSTALLERS = frozenset(
    "pip pip3 conda mamba uv poetry apt apt-get sudo brew npm wget curl git gdown kaggle nvidia-smi".split()
)
# magics that only change the display, and the course's own
_SILENT = frozenset(
    "matplotlib config load_ext reload_ext autoreload colors xmode autosave gui check quiz".split()
)
# magics in other languages, or that install something or would end or empty the session
_NOT_RUN = frozenset(
    "pip conda mamba micromamba uv tensorboard tensorflow_version reset reset_selective xdel debug pdb"
    " notebook store logstart logon javascript js html HTML svg SVG latex markdown script bash sh perl ruby"
    " sql R cython".split()
)
_PYLAB = "import numpy as np\nimport matplotlib.pyplot as plt\nfrom pylab import *"


class Translator:
    """Turns a notebook's or an exported notebook's source into Python, keeping its line numbers."""

    def __init__(self) -> None:
        self.was_missing = False  # True if IPython was needed and is not installed

    def __call__(self, source: str) -> str:
        first = _RUN_AS_PYTHON.match(source)
        if first is not None:  # the rest is Python, and what it defines counts
            words = first[1].split()
            keeps = "capture" in first[0] and bool(words) and words[-1].isidentifier()
            line = f"{words[-1]} = get_ipython().captured()" if keeps else "pass"
            return source[: first.end()].count("\n") * "\n" + line + self(source[first.end() :])
        visible = source.translate(_INVISIBLE)
        if parsed(visible) is not None:
            return visible
        source = _AUTOMAGIC.sub(r"\1%\2", visible)
        try:
            from IPython.core.inputtransformer2 import TransformerManager
        except ImportError:
            self.was_missing = True
            return without_magics(source)
        try:
            return _aligned(source, TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
        except UNPARSABLE:
            return without_magics(source)


def _aligned(source: str, translated: str) -> str:
    """Return the translated source with its lines where they were before continued lines were joined."""
    if source.lstrip().startswith("%%"):
        return translated
    leading = len(source) - len(source.lstrip("\n"))  # IPython drops empty lines at the start
    before, result, position = source.split("\n"), [""] * leading, leading
    for line in translated.rstrip("\n").split("\n"):
        result.append(line)
        if position < len(before) and line != before[position]:
            while position < len(before) and before[position].rstrip().endswith("\\"):
                result.append("")
                position += 1
        position += 1
    return "\n".join(result)


def without_magics(source: str) -> str:
    """Return a notebook cell without its IPython magics, shell lines and help requests.

    Each dropped line becomes `pass` at its indentation, so that line numbers do not
    change and a block with nothing else still parses. `%time x = f()` keeps its
    statement, because later cells may need `x`. A line is a magic only if Python
    cannot parse it, so a `%` that continues an expression is kept.
    """
    if source.lstrip().startswith("%%"):
        return ""  # the cell is in another language
    lines = source.split("\n")
    for _ in lines:
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            while number > 0 and lines[number - 1].rstrip().endswith("\\"):
                number -= 1
            if not 0 <= number < len(lines) or not _MAGIC.search(lines[number]):
                break  # a real syntax error, which the compiler will report with its position
            code = lines[number].lstrip()
            indent = lines[number][: len(lines[number]) - len(code)]
            timed = _TIMED.match(code)
            kept = code[timed.end() :] if timed else "pass"
            while number < len(lines) - 1 and not timed and lines[number].rstrip().endswith("\\"):
                lines[number] = ""
                number += 1
            lines[number] = indent + kept
        except UNPARSABLE:
            break
        else:
            break
    return "\n".join(lines)


def restored(source: str) -> str:
    """Return a file that Colab exported, with the magics that it had turned into comments.

    Colab comments out line magics one by one. Of a cell that begins with a cell magic
    it comments out every line. Line numbers stay the same.
    """
    if _COLAB not in source:
        return source
    lines = source.split("\n")
    for number, line in enumerate(lines):
        match = _COMMENTED.fullmatch(line)
        if match is None:
            continue
        if not match[1].startswith("%%"):
            lines[number] = match[1]
        elif number and lines[number - 1] == _COLAB:
            rest = lines[number + 1 :]
            size = next((n for n, other in enumerate(rest) if not other.startswith("#")), len(rest))
            body = [other[2:] for other in rest[:size]]
            lines[number : number + 1 + size] = _as_call(match[1], body)
    return "\n".join(lines)


def _as_call(first: str, body: list[str]) -> list[str]:
    """Return the lines of Python for a cell that begins with a cell magic, as many as the cell has."""
    if _RUN_AS_PYTHON.match(first):
        return ["pass", *body]
    name, _, line = first.removeprefix("%%").partition(" ")
    text = "\n".join(body) + "\n"
    return [f"get_ipython().run_cell_magic({name!r}, {line!r}, {text!r})", *("" for _ in body)]


class NotebookShell:
    """The object that `get_ipython()` returns. What it does not do itself, IPython's own shell does."""

    def __init__(self, module: ModuleType, notebook: bool) -> None:
        """Run magics in the names of `module`. In a `notebook`, cells also see `In`, `Out` and `_`."""
        self.user_module, self.user_ns = module, module.__dict__
        self._notebook = notebook
        self._shell: Any = None

    def install(self) -> None:
        """Provide what IPython puts among the built-in names, and what it puts among a notebook's."""
        builtins.get_ipython = lambda: self  # type: ignore[attr-defined]
        builtins.display = display  # type: ignore[attr-defined]
        builtins.exit = builtins.quit = _exit  # type: ignore[assignment]
        if self._notebook:
            self.user_ns |= {"In": [""], "Out": {}, "_": "", "__": "", "___": ""}

    def keep(self, source: str, value: Any) -> None:
        """Keep the source of a cell and the value shown below it, as IPython does."""
        inputs, outputs = self.user_ns.get("In"), self.user_ns.get("Out")
        if not isinstance(inputs, list) or not isinstance(outputs, dict):
            return  # the learner uses the names for something else
        inputs.append(source)
        if value is not None:
            outputs[len(inputs) - 1] = value
            names = self.user_ns
            names["___"], names["__"], names["_"] = names.get("__"), names.get("_"), value

    # --- the methods that translated source calls ---

    def run_line_magic(self, name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic of one line. One that is unknown or has no effect here is left out."""
        if name in ("system", "sx", "!", "!!"):
            return self.getoutput(line)
        return self._run_magic("line", name, line)

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run a magic of a whole cell, such as `%%writefile`."""
        if _RUN_AS_PYTHON.match(f"%%{name}"):  # in a file that Jupyter exported
            self._run_python(cell)
            if name == "capture" and line.strip().isidentifier():
                self.user_ns[line.strip()] = self.captured()
            return None
        return self._run_magic("cell", name, line, cell)

    def magic(self, text: str) -> Any:
        """Run a magic of one line, as older versions of IPython wrote it."""
        name, _, line = text.lstrip("%").partition(" ")
        return self.run_line_magic(name, line)

    def system(self, command: str) -> None:
        """Run a shell command and print its output."""
        print(self._command(command), end="")

    def getoutput(self, command: str, **_: Any) -> list[str]:
        """Run a shell command and return the lines of its output."""
        lines: list[str] = self._lines(self._command(command))
        return lines

    def captured(self) -> Any:
        """Return what `%%capture` stores. Nothing is captured."""
        return SimpleNamespace(stdout="", stderr="", outputs=[], show=lambda: None)

    def __getattr__(self, name: str) -> Any:
        shell = None if name.startswith("__") else self._ipython()
        if shell is not None and hasattr(shell, name):
            return getattr(shell, name)
        if name.startswith("_"):
            raise AttributeError(name)
        return _Nothing()

    # --- the shell behind it ---

    def _run_python(self, cell: str) -> None:
        """Run statements one by one; raise the first error after the last of them."""
        failed: BaseException | None = None
        for each in statements(cell, Translator(), notebook=True):
            try:
                if isinstance(each, LeftOut):
                    raise each.error
                exec(compile(each.code, "<cell>", "exec", dont_inherit=True), self.user_ns)
            except (Exception, SystemExit) as error:
                failed = failed or error
        if failed is not None:
            raise failed

    def _run_magic(self, kind: str, name: str, *arguments: str) -> Any:
        if name in _SILENT:
            return None
        if name == "pylab":
            exec(_PYLAB, self.user_ns)
            return None
        shell = None if name in _NOT_RUN else self._ipython()
        if shell is None or name not in shell.magics_manager.magics[kind]:
            print(f"{'%' if kind == 'line' else '%%'}{name} is not run here.")
            return None
        if kind == "cell":
            return shell.run_cell_magic(name, *arguments)
        return shell.run_line_magic(name, *arguments, _stack_depth=3)  # in the names of the learner's code

    def _ipython(self) -> Any:
        if self._shell is None:
            with contextlib.suppress(ImportError):
                from IPython.core.interactiveshell import InteractiveShell
                from traitlets.config import Config

                config = Config({"HistoryManager": {"enabled": False}})
                kept = {name: self.user_ns.get(name) for name in ("In", "Out", "_", "__", "___")}
                self._shell = InteractiveShell(  # type: ignore[no-untyped-call]
                    config=config, user_module=self.user_module, user_ns=self.user_ns
                )
                self.user_ns |= {name: value for name, value in kept.items() if value is not None}
                for name in ("exit", "quit", "open"):  # IPython's need parts of it that are not here
                    self.user_ns.pop(name, None)
                self.user_ns["get_ipython"] = lambda: self
                sys.displayhook = sys.__displayhook__
        return self._shell

    def _command(self, command: str) -> str:
        if self._ipython() is not None:
            with contextlib.suppress(Exception):  # a name in braces that does not exist stays as it is
                command = self._shell.var_expand(command, depth=2)
        if _installs(command):
            return f"Not run, because nothing can be installed or downloaded here: {command}\n"
        try:
            done = subprocess.run(
                command,
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=SHELL_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"Stopped after {SHELL_SECONDS:.0f} s: {command}\n"
        except OSError as error:
            return f"Not run ({error.strerror}): {command}\n"
        return done.stdout.decode(errors="replace")

    @staticmethod
    def _lines(text: str) -> Any:
        try:
            from IPython.utils.text import SList
        except ImportError:
            return text.splitlines()
        return SList(text.splitlines())


class _Nothing:
    """Stands for a part of IPython's shell that is not here: it can be called and has any attribute."""

    def __call__(self, *_: Any, **__: Any) -> None:
        return None

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def display(*values: Any, **_: Any) -> None:
    """Print what Jupyter would show."""
    for value in values:
        print(repr(value))


def _exit(code: object = None) -> None:
    # unlike Python's own, this leaves stdin open
    raise SystemExit(code)


def _installs(command: str) -> bool:
    try:
        words = shlex.split(command, posix=True)
    except ValueError:
        words = command.split()
    first = words[0].rpartition("/")[2] if words else ""
    return first in _INSTALLERS or (first.startswith("python") and words[1:3] == ["-m", "pip"])
