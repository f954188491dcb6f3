# Sends an answer before there is a request.
# expect: 0 of 4
# outcomes: test_two=crashed test_drawn=crashed test_total=crashed test_twice=crashed
import contextlib
import os
import stat
import struct

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


for _ in range(8):
    forge({"_": "Returned", "value": 0.0, "changed": [], "printed": ""})


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
