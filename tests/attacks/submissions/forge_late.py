# Keeps sending answers from a thread without a request.
# expect: 2 of 4
# outcomes: test_total=failed test_twice=failed
import contextlib
import os
import stat
import struct
import threading
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


def babble():
    for _ in range(600):
        forge({"_": "Returned", "value": 0.0, "changed": [], "printed": ""})
        time.sleep(0.1)


def total(x):
    threading.Thread(target=babble, daemon=True).start()
    time.sleep(0.5)
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
