"""A command at a real terminal of 80x24, and what its screen shows at any moment."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Any

import pexpect
import pyte


class Emulated:
    """A command at a pseudo-terminal. A terminal emulator keeps the screen."""

    def __init__(
        self,
        command: str,
        environment: dict[str, str],
        cwd: Path,
        *args: str,
        columns: int = 80,
        rows: int = 24,
        timeout: float = 40,
    ) -> None:
        self.output = ""
        self._screen = pyte.HistoryScreen(columns, rows, history=5000)
        self._stream = pyte.Stream(self._screen)
        self._timeout = timeout
        self._child: Any = pexpect.spawn(
            command,
            [*args],
            env=environment | {"PYTHONUNBUFFERED": "1"},
            cwd=str(cwd),
            encoding="utf-8",
            timeout=timeout,
            dimensions=(rows, columns),
        )

    def __enter__(self) -> Emulated:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    @property
    def lines(self) -> list[str]:
        """The lines on the screen now."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def words(self) -> str:
        """The text on the screen as one line."""
        return " ".join(self.text.split())

    @property
    def scrolled(self) -> int:
        """The number of lines that have left the screen at its top."""
        return len(self._screen.history.top)

    @property
    def title(self) -> str:
        return str(self._screen.title)

    def color_of(self, word: str) -> str:
        """Return the foreground color of the first place where a word stands."""
        row = next(i for i, line in enumerate(self._screen.display) if word in line)
        return str(self._screen.buffer[row][self._screen.display[row].index(word)].fg)

    def wait_for(self, *texts: str) -> str:
        """Wait until the screen shows all these texts, and return what it shows."""
        end = time.monotonic() + self._timeout
        while not all(text in self.words for text in texts):
            assert time.monotonic() < end, f"{texts} did not appear:\n{self.text}"
            self._feed()
        self._settle()
        return self.text

    def wait_for_end_of_line(self, *ends: str) -> str:
        """Wait until the last line of the screen ends with one of these texts, and return it."""
        end = time.monotonic() + self._timeout
        while not (last := self.text.rpartition("\n")[2]).endswith(ends):
            assert time.monotonic() < end, f"{ends} did not appear:\n{self.text}"
            self._feed()
        self._settle()
        return last

    def forget(self) -> None:
        """Empty the screen of the emulator, so that only what comes now is on it."""
        self._screen.reset()

    def send(self, keys: str) -> None:
        self._child.send(keys)

    def end(self) -> int:
        """Wait for the end of the command and return its exit code."""
        while self._feed():
            pass
        self._child.close()
        return int(self._child.exitstatus)

    def _settle(self) -> None:
        """Read until nothing has come for a moment."""
        before = None
        while before != len(self.output):
            before = len(self.output)
            self._feed(0.2)

    def _feed(self, timeout: float = 0.5) -> bool:
        try:
            text = self._child.read_nonblocking(4096, timeout)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.output += text
        self._stream.feed(text)
        return True
