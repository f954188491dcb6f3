"""Keep paths of the machine that graded out of what learners read.

An error's text may quote them: "cannot import name 'x' from 'numpy' (/home/ng/…/numpy/__init__.py)".
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_ONE = r"[^\s/\\'\"(),;:<>\[\]]+"
_PACKAGES = re.compile(rf"(?:[A-Za-z]:)?[/\\](?:{_ONE}[/\\])*(?:site|dist)-packages[/\\]")
# several steps from the root; not of a URL, a fraction or a path below something
_PATH = re.compile(rf"(?<![\w.~/\\:…])(?:[A-Za-z]:)?[/\\](?:{_ONE}[/\\])+({_ONE}|(?=['\"]|\s|$))")
_KEPT = ("/dev/", "/proc/")  # the same on every machine


def without_machine_paths(text: str, own: str = "") -> str:
    """Return a text with only the end of each absolute path, except those in `own`, the learner's code."""
    for place in _places():
        text = text if place in own else text.replace(place, "/…")  # it may hold spaces
    return _PATH.sub(lambda found: _shortened(found, own), _PACKAGES.sub("", text))


def _shortened(found: re.Match[str], own: str) -> str:
    whole = found[0]
    return whole if whole in own or whole.startswith(_KEPT) else f"…/{found[1]}"


def _places() -> list[str]:
    """Return directories of this machine, the longest first."""
    places = {sys.prefix, sys.base_prefix, str(Path.cwd()), str(Path.home())}
    return sorted((each for each in places if len(Path(each).parts) > 2), key=lambda each: -len(each))
