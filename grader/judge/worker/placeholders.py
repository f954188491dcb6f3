"""Placeholders for modules and names that are imported but not there. They raise when they are used."""

from __future__ import annotations

import ast
import importlib
import re
from types import ModuleType
from typing import Any, NoReturn

_PLACE = re.compile(r" \([^()]*\)$")  # Python adds the path of the module that lacks a name


class Placeholder:
    """Stands for something that could not be imported. Every use of it raises the error of the import.

    Some things are no use yet: to read an attribute, to set an option, to name it in an
    annotation or as a base class, and to ask whether a value is an instance of it.
    """

    def __init__(self, error: ImportError) -> None:
        text = _PLACE.sub("", str(error))
        self.__dict__["_error"] = (type(error), text, error.name)

    def _raise(self, *_: Any, **__: Any) -> NoReturn:
        kind, text, name = self.__dict__["_error"]
        raise kind(text, name=name)

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        kind, text, module = self.__dict__["_error"]
        return Placeholder(kind(text, name=module))

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        def raises(other: Any, *_: Any, **__: Any) -> None:
            self._raise()

        return (type("PlaceholderBase", (), {"__init__": raises}),)

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __subclasscheck__(self, kind: type) -> bool:
        return False

    def __or__(self, other: Any) -> Placeholder:  # in an annotation: "pd.DataFrame | None"
        return self

    __ror__ = __or__
    __call__ = __getitem__ = __setitem__ = __iter__ = __next__ = __len__ = __contains__ = _raise
    __enter__ = __exit__ = __add__ = __radd__ = __sub__ = __mul__ = __rmul__ = __truediv__ = _raise
    __float__ = __int__ = __index__ = __array__ = __await__ = __matmul__ = __neg__ = _raise


def bind(module: ModuleType, node: ast.Import | ast.ImportFrom, alias: ast.alias, error: ImportError) -> None:
    """Bind the name that an import statement would have bound to a placeholder."""
    if alias.name == "*":
        return
    if isinstance(node, ast.Import) and alias.asname is None:
        top = alias.name.partition(".")[0]
        try:  # `import a.b` binds a, which may exist
            module.__dict__[top] = importlib.import_module(top)
            return
        except ImportError:
            module.__dict__[top] = Placeholder(error)
    else:
        module.__dict__[alias.asname or alias.name] = Placeholder(error)
