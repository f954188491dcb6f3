"""Imports what submissions will want, before any of them is there."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable


def preload(modules: Iterable[str]) -> None:
    """Import modules; one that is not installed is left to the submission that wants it."""
    for module in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
