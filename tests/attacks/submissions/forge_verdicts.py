# Sends the judge's own kinds of messages, verdicts and references.
# expect: 2 of 4
# outcomes: test_two=crashed test_drawn=crashed
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


def double(x):
    for message in (
        {"_": "Report", "score": 4},
        {"_": "CallbackReturned", "value": 1},
        {"test": {"outcome": "passed", "score": 4}},
    ):
        forge(message)
    forge({"_": "Returned", "value": {"_": "Reference", "id": 0}, "changed": [], "printed": ""})


def total(x):
    return float(np.sum(x))


def twice(f, x):
    return f(f(x))
