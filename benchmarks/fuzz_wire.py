"""Mutate well-formed messages at random and feed them to the judge's side of the wire.

    python benchmarks/fuzz_wire.py [--seconds 60] [--seed 1]

Each message must either be refused with WireError or decode to plain data. Any
other result ends the run and prints the bytes. At the end, the numbers of tried and
of decoded messages are printed.
"""

from __future__ import annotations

import argparse
import random
import time

import numpy as np

from grader.judge.wire import messages as m
from grader.judge.wire.values import FigureData, WireError, decode, encode
from grader.judge.worker.convert import convert

VALUES = [
    None, True, -1, 2**70, 1.5, float("nan"), "text", [1, [2, (3,)]], {"a": 1, 2: None},
    np.arange(6.0).reshape(2, 3), np.float32(1), np.zeros((0, 4), dtype=np.int64), object(),
]  # fmt: skip


def seeds() -> list[bytes]:
    """Return well-formed bodies of messages, without the length prefix."""
    values = [encode(value, convert=convert) for value in VALUES] + [FigureData("t", ())]
    messages: list[m.FromWorker] = [m.Returned(value, (0,), "printed") for value in values]
    messages += [m.Callback(0, tuple(values), {"verbose": 0}), m.Loaded({"f": m.FunctionInfo(True)})]
    outputs = (m.CellOutput("printed", "3"), m.CellOutput(""))
    messages += [
        m.Loaded({}, outputs),
        m.Raised("E", ("Exception",), "text", "my.py", 3, "", outputs=outputs),
    ]
    return [m.framed(message)[4:] for message in messages]


def mutated(body: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return the body with a few bytes changed, deleted, repeated, or copied in from another message."""
    raw = bytearray(body)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(raw) + 1)
        match rng.randrange(5):
            case 0 if at < len(raw):
                raw[at] = rng.randrange(256)
            case 1:
                del raw[at : at + rng.randint(1, 8)]
            case 2:
                raw[at:at] = raw[at : at + rng.randint(1, 16)]
            case 3:
                raw[at:at] = bytes(
                    rng.choice((0x00, 0x7F, 0x80, 0x90, 0xC0, 0xDD, 0xDF, 0xFF)) for _ in "123"
                )
            case 4:
                other = rng.choice(others)
                start = rng.randrange(len(other))
                raw[at : at + 8] = other[start : start + rng.randint(1, 24)]
    return bytes(raw)


def is_accepted(body: bytes) -> bool:
    """Decode a message as the judge does. Return True if it is accepted, False on a WireError."""
    try:
        message = m.parse_from_worker(body)
        if isinstance(message, m.Returned):
            decode(message.value)
        elif isinstance(message, m.Callback):
            for value in (*message.args, *message.kwargs.values()):
                decode(value)
    except WireError:
        return False
    return True


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--seconds", type=float, default=60, help="duration of the run")
    parser.add_argument("--seed", type=int, default=1, help="seed of the mutations")
    options = parser.parse_args()
    rng, bodies = random.Random(options.seed), seeds()
    tried = accepted = 0
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        body = mutated(rng.choice(bodies), rng, bodies)
        try:
            accepted += is_accepted(body)
        except BaseException:
            print(f"neither accepted nor refused with WireError: {body.hex()}")
            raise
        tried += 1
    print(f"{tried:,} messages tried, {accepted:,} accepted, all others refused with WireError")


if __name__ == "__main__":
    main()
