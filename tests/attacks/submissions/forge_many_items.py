# Sends sixty million None values of one byte each.
# expect: 3 of 4
# outcomes: test_total=crashed test_twice=passed
import contextlib
import os
import stat
import struct
import time

import msgspec
import numpy as np

COUNT = 60_000_000


def forge(body):
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                data = memoryview(struct.pack(">I", len(body)) + body)
                while data:
                    data = data[os.write(descriptor, data) :]
                return


def total(x):
    body = msgspec.msgpack.encode(
        {"_": "Returned", "changed": [], "printed": "", "value": {"_": "List", "items": []}}
    )
    forge(body[:-1] + b"\xdd" + struct.pack(">I", COUNT) + b"\xc0" * COUNT)
    time.sleep(30)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
