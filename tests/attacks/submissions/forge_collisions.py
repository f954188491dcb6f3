# Sends a dictionary whose keys all have the same hash, so that building it takes minutes.
# expect: 2 of 4
# outcomes: test_total=error test_twice=timed_out
import contextlib
import os
import stat
import struct
import time

import msgspec
import numpy as np


def forge(message):
    body = msgspec.msgpack.encode(message)
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                data = memoryview(struct.pack(">I", len(body)) + body)
                while data:
                    data = data[os.write(descriptor, data) :]
                return


def total(x):
    keys = [
        {"_": "Tuple", "items": [-1 - (number >> bit & 1) for bit in range(15)]}  # hash(-1) == hash(-2)
        for number in range(2**15)
    ]
    forge(
        {
            "_": "Returned",
            "value": {"_": "Dict", "keys": keys, "values": [0] * len(keys)},
            "changed": [],
            "printed": "",
        }
    )
    time.sleep(30)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
