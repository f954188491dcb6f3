# Answers one call twice, so that the second answer goes to the next call.
# expect: 3 of 4
# outcomes: test_total=passed test_twice=failed
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
    forge({"_": "Returned", "value": float(np.sum(x)), "changed": [], "printed": ""})
    forge({"_": "Returned", "value": 0.0, "changed": [], "printed": ""})
    time.sleep(30)


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
