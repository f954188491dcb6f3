"""Count what a message holds before anything is built from it."""

from __future__ import annotations

from grader.judge.wire.values import MAX_ITEMS, WireError

_MAX_OBJECTS = 7 * MAX_ITEMS  # of msgpack: the fields of an array take as many
_MAX_FIELDS = 10  # entries of a map; one with more is not a struct, but a dictionary such as keywords

# by first byte, as the msgpack specification has it: the bytes of the length that follows,
# and the further bytes of a value without a length
_LENGTHS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_FIXED = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
_RUN = 64  # numbers that are skipped at once
_FLOATS = b"\xcb" * _RUN
_SMALL = bytes([*range(0x80), *range(0xE0, 0x100), 0xC0, 0xC2, 0xC3])  # values of a single byte
_EXTENSIONS = {0xC7: 1, 0xC8: 1, 0xC9: 1, 0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17}


def check_counts(body: bytes) -> None:
    """Raise WireError if a message has more than MAX_ITEMS items, or claims to have them.

    The size of a message bounds neither the memory nor the time that it takes: None takes
    one byte, but a microsecond to decode. Items are counted at every level, in all lists,
    tuples, dictionaries and arguments together.
    """
    at, items, left, seen = 0, 0, 1, 0
    while left and at < len(body):
        first = body[at]
        at += 1
        left -= 1
        seen += 1
        if first < 0x80 or first >= 0xE0:  # a small integer
            continue
        if 0xA0 <= first < 0xC0:  # a short string
            at += first & 31
        elif first < 0xA0 or 0xDC <= first <= 0xDF:
            is_map = first < 0x90 or first >= 0xDE
            if first < 0xA0:
                length = first & 15
            else:
                size = 4 if first & 1 else 2
                length = int.from_bytes(body[at : at + size], "big")
                at += size
            left += length * (2 if is_map else 1)
            items += 0 if is_map and length <= _MAX_FIELDS else length
            if items > MAX_ITEMS or seen + left > _MAX_OBJECTS:
                raise WireError(f"it has more than {MAX_ITEMS:,} items")
            while length >= _RUN and (size := _run(body, at)):
                at += size
                length, left, seen = length - _RUN, left - _RUN, seen + _RUN
        elif size := _LENGTHS.get(first, 0):
            at += size + int.from_bytes(body[at : at + size], "big") + _EXTENSIONS.get(first, 0)
        else:
            at += _FIXED.get(first, 0) + _EXTENSIONS.get(first, 0)


def _run(body: bytes, at: int) -> int:
    """Return the bytes of the next _RUN values if all are floats, or all have a single byte; else 0."""
    if body[at : at + 9 * _RUN : 9] == _FLOATS:
        return 9 * _RUN
    values = body[at : at + _RUN]
    return _RUN if len(values) == _RUN and not values.strip(_SMALL) else 0
