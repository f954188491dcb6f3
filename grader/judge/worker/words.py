"""What a zygote says on its control socket, one word at a time."""

WALLED = b"w"  # the walls can be built here, or none were asked for
READY = b"r"  # everything is imported
FORKED = b"f"  # the worker that was asked for has been forked
