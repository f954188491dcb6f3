"""The log of a copy with probes, read with suspicion: learner code can forge it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct

from grader.judge.own_code.outcomes import shown

MAX_ITEMS = 4000


class Seen(Struct, frozen=True):
    """The value of a variable, and the line that assigned it."""

    line: int
    value: Any


class Rounds(Struct, frozen=True):
    """A loop that was entered once, and the values that each variable had in each round, by line."""

    line: int
    count: int
    values: dict[tuple[int, str], tuple[str | None, ...]]  # (line of the assignment, name)


class Log(Struct, frozen=True):
    """What ran in one call."""

    items: tuple[tuple[Any, ...], ...]

    @property
    def lines(self) -> set[int]:
        """The lines that ran."""
        return {item[1] for item in self.items}

    def counts(self) -> Counter[int]:
        """Return how often each line ran."""
        return Counter(item[1] for item in self.items if item[0] == "hit")

    def last_line(self) -> int | None:
        """Return the line that ran last."""
        return next((item[1] for item in reversed(self.items) if item[0] == "hit"), None)

    def rounds(self) -> list[Rounds]:
        """Return the loops that were entered exactly once."""
        entered = Counter(item[1] for item in self.items if item[0] == "loop")
        return [self._rounds(line) for line, count in entered.items() if count == 1]

    def _rounds(self, loop: int) -> Rounds:
        number, call = 0, None
        found: dict[tuple[int, str], list[list[str | None]]] = {}
        for item in self.items:
            if item[0] == "round" and item[1] == loop:
                number, call = number + 1, item[2]
            elif item[0] == "see" and number and item[2] == call:
                each = found.setdefault((item[1], item[3]), [])
                each += [[] for _ in range(number - len(each))]
                each[number - 1].append(shown(item[4]) if item[4] is not None else None)
        once = {
            key: tuple(values[0] for values in rounds)
            for key, rounds in found.items()
            if len(rounds) == number and all(len(values) == 1 for values in rounds)
        }
        return Rounds(loop, number, once)

    def sources(self, line: int, name: str) -> set[int | None]:
        """Return the lines that set a variable last before each visit of a line, in the same activation."""
        last: dict[int, int] = {}
        found: set[int | None] = set()
        for item in self.items:
            if item[0] == "see" and item[3] == name:
                last[item[2]] = item[1]
            elif item[0] == "hit" and item[1] == line:
                found.add(last.get(item[2]))
        return found

    def variables_at(self, line: int) -> dict[str, Seen]:
        """Return what was assigned last to each variable when a line ran; empty unless it ran once.

        Only values that nothing can change without an assignment are certain, and only names that no
        other activation assigns: it may be a nested function that rebinds them.
        """
        hits = [place for place, item in enumerate(self.items) if item[:2] == ("hit", line)]
        if len(hits) != 1:
            return {}
        call = self.items[hits[0]][2]
        sees = [item for item in self.items if item[0] == "see"]
        elsewhere = {item[3] for item in sees if item[2] != call}
        last = {item[3]: item for item in self.items[: hits[0]] if item[0] == "see" and item[2] == call}
        return {
            name: Seen(item[1], item[4])
            for name, item in last.items()
            if name not in elsewhere and type(item[4]) in (int, float, str, tuple)
        }


def read_log(items: Any) -> Log | None:
    """Return the log, or None if it is not one, or was cut."""
    if not isinstance(items, list) or not 0 < len(items) < MAX_ITEMS:
        return None
    if not all(_is_item(item) for item in items):
        return None
    return Log(tuple(items))


def _is_item(item: Any) -> bool:
    if type(item) is not tuple or len(item) not in (3, 5) or item[0] not in ("hit", "see", "loop", "round"):
        return False
    if type(item[1]) is not int or type(item[2]) is not int:
        return False
    return (item[0] == "see") == (len(item) == 5) and (len(item) == 3 or type(item[3]) is str)
