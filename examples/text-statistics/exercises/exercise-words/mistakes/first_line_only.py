"""Reading a line reads the file."""

from pathlib import Path


def most_common_in(path, n=3):
    with Path(path).open(encoding="utf-8") as file:
        return most_common(file.readline(), n)
