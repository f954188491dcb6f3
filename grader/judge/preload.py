"""Import the libraries that submissions use, before any submission arrives."""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
from collections.abc import Iterable

_NEEDED = {"model": ("keras",), "figure": ("matplotlib.pyplot", "matplotlib.backends.backend_agg")}
_NEEDED |= dict.fromkeys(("DataFrame", "Series"), ("pandas",))


def needed_for(kinds: Iterable[str]) -> list[str]:
    """Return the modules to import before a submission whose functions return these kinds of results."""
    wanted = set(kinds)
    return [module for kind, modules in _NEEDED.items() if kind in wanted for module in modules]


def preload(modules: Iterable[str]) -> None:
    """Import `modules`. Skip any that are not installed: a submission that needs one gets the error.

    Garbage collection is off during the import, which makes TensorFlow load a sixth
    faster. Imported objects are then frozen, because collecting them later would
    copy memory pages that forked processes share.
    """
    missing = [module for module in modules if module not in sys.modules]
    if not missing:
        return  # freezing now would also keep garbage forever
    gc.disable()
    try:
        for module in missing:
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        gc.freeze()
    finally:
        gc.enable()
