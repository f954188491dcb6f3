"""Keys of a terminal, one at a time and without Enter where the system allows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

MORE, BACK, QUIT, HINT, OPEN, AGAIN = " ", "b", "q", "h", "o", "r"
_ARROWS = {"A": BACK, "B": MORE, "C": MORE, "D": BACK, "5~": BACK, "6~": MORE, "F": MORE}


@contextmanager
def single_keys() -> Iterator[None]:
    """Deliver keys without Enter, and always restore the terminal. What was typed before is kept."""
    try:
        import termios
        import tty
    except ImportError:  # Windows, whose console delivers keys one by one anyway
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def read_key() -> str:
    """Return the next key as a letter in lowercase: Enter, space and the arrows as MORE and BACK.

    Other keys return their character. The end of the input returns "".
    """
    try:
        key = _character()
        if key == "\x1b":
            key = _character()
            if key and key in "[O":
                return _escape_sequence()
    except (OSError, ValueError):  # the terminal has gone away
        return ""
    if key == "\x04":  # Ctrl-D
        return ""
    return MORE if key in ("\n", "\r") else key.lower()


def _character() -> str:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.getwch()
    return sys.stdin.read(1)


def _escape_sequence() -> str:
    sequence = ""
    while True:
        key = _character()
        sequence += key
        if not key or "@" <= key <= "~":
            return _ARROWS.get(sequence, "\x1b")
