# Sends as much text as messages can hold, to make the report overflow.
# expect: 0 of 4
import contextlib
import os
import stat
import struct
import time

import msgspec


def forge(message):
    body = msgspec.msgpack.encode(message)
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                data = memoryview(struct.pack(">I", len(body)) + body)
                while data:
                    data = data[os.write(descriptor, data) :]
                return


LONG = "flood " * 1_000_000


def double(x):
    names = {"type": LONG, "bases": ["ValueError"], "text": LONG, "printed": ""}
    forge({"_": "Raised", "label": None, "line": None} | names)
    time.sleep(30)


def total(x):
    forge({"_": "Returned", "value": None, "changed": [], "printed": LONG})
    time.sleep(30)


def twice(f, x):
    forge({"_": "Returned", "value": {"_": "Opaque", "type": LONG}, "changed": [], "printed": ""})
    time.sleep(30)
