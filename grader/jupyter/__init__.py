"""`%check` and `%quiz`: what `course check` and `course quiz` do, in a notebook while it runs.

Importing this imports neither IPython nor numpy.
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Load the magics. IPython calls this."""
    from grader.jupyter.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """End the judge. IPython calls this, also before it loads the extension again."""
    from grader.jupyter.magics import unload

    unload(shell)
