"""Make the worker's surroundings look like those where the code was written.

Helper modules can be imported, `google.colab` is there and does nothing, and
matplotlib draws without a screen whatever backend is asked for.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, NoReturn

from grader.judge.wire.messages import GivenFile, SourceFile

RunFile = Callable[[str, str, ModuleType], Any]  # source, label, module

_COLAB = "google.colab"
_INTERACTIVE = re.compile(
    r"matplotlib\.backends\.backend_(?:gtk\dagg|gtk\dcairo|gtk\d|macosx|nbagg|qt\d?agg|qt\d?cairo|qt\d?"
    r"|tkagg|tkcairo|tk|webagg|wxagg|wxcairo|wx)|ipympl\.backend_nbagg|matplotlib_inline\.backend_inline"
)


def write_files(files: Iterable[SourceFile]) -> None:
    """Write helper modules into the working directory."""
    for file in files:
        path = PurePosixPath(file.path)
        if not path.is_absolute() and ".." not in path.parts:
            Path(path.parent).mkdir(parents=True, exist_ok=True)
            Path(path).write_text(file.source, encoding="utf-8", errors="surrogatepass")


def write_data(files: Iterable[GivenFile]) -> None:
    """Write this worker's copies of the exercise's data files into the working directory, read-only.

    Whatever code does to them, the next worker gets them anew.
    """
    for file in files:
        path = Path(file.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o444)


def prepare(run_file: RunFile) -> None:
    """Extend the import system. `run_file` runs a helper module's source like the submission itself."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _OwnFinder)]
    files = _FileFinder(run_file)
    sys.meta_path[:0] = [_BackendFinder(), _InnerFileFinder(files)]
    sys.meta_path += [files, _ColabFinder()]


class _OwnFinder(MetaPathFinder):
    """The base class of the finders that this module adds."""


@contextmanager
def exits_as_exceptions() -> Iterator[None]:
    """Let `os._exit` and `os.abort` raise SystemExit in the block, as in a notebook that restarts itself."""

    def leave(code: object = None) -> NoReturn:
        raise SystemExit(code)

    before = {name: getattr(os, name) for name in ("_exit", "abort")}
    vars(os).update(dict.fromkeys(before, leave))
    try:
        yield
    finally:
        vars(os).update(before)


# --- helper modules ---


class _FileFinder(_OwnFinder):
    """Finds modules in the working directory, after all other modules."""

    def __init__(self, run_file: RunFile) -> None:
        self._run_file = run_file

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        importlib.invalidate_caches()  # a cell may just have written the file
        spec = PathFinder.find_spec(name, [str(Path.cwd())] if path is None else path)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _FileLoader(spec.loader.name, spec.loader.path, self._run_file)
        return spec


class _InnerFileFinder(_OwnFinder):
    """Finds the modules inside packages in the working directory, before Python's own finder does."""

    def __init__(self, files: _FileFinder) -> None:
        self._files = files

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None or not all(Path(place).is_relative_to(Path.cwd()) for place in path):
            return None
        return self._files.find_spec(name, path)


class _FileLoader(SourceFileLoader):
    """Runs a module statement by statement, so that one that fails ends alone."""

    def __init__(self, name: str, path: str, run_file: RunFile) -> None:
        super().__init__(name, path)
        self._run_file = run_file

    def exec_module(self, module: ModuleType) -> None:
        source = Path(self.path).read_text(encoding="utf-8-sig", errors="replace")
        self._run_file(source, os.path.relpath(self.path), module)


def replace(module: ModuleType, name: str, by: Any) -> None:
    """Replace a value in the submission's module, also under the other names of it and in helper modules."""
    original = vars(module).get(name)
    own = [each for each in [*sys.modules.values()] if isinstance(each, ModuleType) and _is_own(each)]
    for namespace in [vars(module), *map(vars, own)]:
        for alias in [key for key, value in namespace.items() if value is original is not None]:
            namespace[alias] = by
    module.__dict__[name] = by


def _is_own(module: ModuleType) -> bool:
    """Return True for a helper module. No attribute is looked up, which could import a lazy module."""
    return type(getattr(vars(module).get("__spec__"), "loader", None)) is _FileLoader


# --- Google Colab ---


class _ColabFinder(_OwnFinder):
    """Finds `google.colab` and its modules, whose functions do nothing."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "google":  # only if no other package is called that
            return ModuleSpec(name, _ColabLoader(), is_package=True)
        if name == _COLAB or name.startswith(f"{_COLAB}."):
            return ModuleSpec(name, _ColabLoader(), is_package=True)
        return None


class _ColabLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _ColabModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _ColabModule(ModuleType):
    """A module of `google.colab`: everything in it can be called, does nothing and says so."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ColabFunction(f"{self.__name__}.{name}")


class _ColabFunction:
    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_: Any, **__: Any) -> Any:
        print(f"{self._name}() does nothing here.")
        return {} if self._name.endswith("files.upload") else None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ColabFunction(f"{self._name}.{name}")


# --- matplotlib ---


class _BackendFinder(_OwnFinder):
    """Finds matplotlib's backend without a screen under the names of the interactive ones."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, _BackendLoader()) if _INTERACTIVE.fullmatch(name) else None


class _BackendLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        agg = importlib.import_module("matplotlib.backends.backend_agg")
        module.__dict__.update({k: v for k, v in vars(agg).items() if not k.startswith("__")})
