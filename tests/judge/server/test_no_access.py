"""Advice on errors that come from the missing network and missing files."""

from __future__ import annotations

import pytest

from grader.judge import sentences
from grader.judge.server.no_access import surroundings_advice
from grader.judge.wire.messages import Raised

NO_NETWORK, NO_FILES, NO_ACCESS = sentences.no_network(), sentences.no_files(), sentences.no_access()
FETCH = "URL fetch failure on https://storage.googleapis.com/mnist.npz: None -- Temporary failure"


def raised(error: str, text: str, *bases: str) -> Raised:
    return Raised(error, (*bases, "Exception", "BaseException"), text, "my.py", 3, "")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (raised("URLError", "<urlopen error [Errno -3]>", "OSError"), NO_NETWORK),
        (raised("gaierror", "[Errno -2] Name or service not known", "OSError"), NO_NETWORK),
        (raised("ConnectionError", "HTTPSConnectionPool(host='x')", "OSError"), NO_NETWORK),
        (raised("ConnectionRefusedError", "", "ConnectionRefusedError", "ConnectionError"), NO_NETWORK),
        (raised("Exception", FETCH), NO_NETWORK),
        (raised("OSError", "We couldn't connect to 'https://huggingface.co'", "OSError"), NO_NETWORK),
        (raised("OSError", "[Errno 30] Read-only file system: '/tmp/.keras'", "OSError"), NO_NETWORK),
        (raised("FileNotFoundError", "'data.csv'", "FileNotFoundError", "OSError"), NO_FILES),
        (raised("ValueError", "File not found: filepath=my.keras.", "ValueError"), NO_FILES),
        (raised("PermissionError", "'/etc/x'", "PermissionError", "OSError"), NO_ACCESS),
        (raised("OSError", "[Errno 30] Read-only file system: '/content'", "OSError"), NO_ACCESS),
        (raised("OSError", "[Errno 28] No space left on device", "OSError"), ""),
        (raised("ValueError", "the window is too long", "ValueError"), ""),
    ],
)
def test_the_cause_is_told(error: Raised, words: str) -> None:
    assert surroundings_advice(error) == words


def test_a_hidden_test_looks_at_builtin_classes_only() -> None:
    assert surroundings_advice(raised("Exception", FETCH), hidden=True) == ""
    assert surroundings_advice(raised("URLError", "", "OSError"), hidden=True) == ""
    missing = raised("FileNotFoundError", "", "FileNotFoundError", "OSError")
    assert surroundings_advice(missing, hidden=True) == NO_FILES
