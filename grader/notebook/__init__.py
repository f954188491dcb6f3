"""Course -> notebooks for nbgrader, and nbgrader's plug-ins. Needs the extra `instructor`.

`%load_ext grader.notebook` loads the magics of `grader.jupyter`, which need only IPython.
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Load `%check` and `%quiz`. IPython calls this."""
    shell.extension_manager.load_extension("grader.jupyter")


def unload_ipython_extension(shell: Any) -> None:
    """End the judge that the magics use. IPython calls this, also before it loads the extension again."""
    shell.extension_manager.unload_extension("grader.jupyter")
