"""Recognize errors that a submission raises because it has no network and no files here."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judge import sentences
from grader.judge.wire import messages as m

# types and texts of the errors of urllib, socket, requests, Keras and Hugging Face
_NETWORK_TYPES = frozenset(
    "URLError HTTPError gaierror ConnectionError ConnectTimeout NewConnectionError MaxRetryError"
    " NameResolutionError ProxyError LocalEntryNotFoundError OfflineModeIsEnabled".split()
)
_NETWORK = (
    "urlopen error",
    "URL fetch failure on",
    "Name or service not known",
    "Temporary failure in name resolution",
    "nodename nor servname provided",
    "getaddrinfo failed",
    "Network is unreachable",
    "No route to host",
    "Connection refused",
    "Max retries exceeded with url",
    "Failed to establish a new connection",
    "We couldn't connect to",
)
# where libraries keep what they download; a worker cannot write there
_DOWNLOADS = (
    "/.keras",
    "/.cache",
    "/scikit_learn_data",
    "/seaborn-data",
    "/nltk_data",
    "/tensorflow_datasets",
)


def surroundings_advice(raised: m.Raised | m.Stop, hidden: bool = False, data: Sequence[str] = ()) -> str:
    """Say that the network or a file is not available if the error shows that, or return "".

    In a hidden test only the error's built-in classes count. `data` are the paths of the
    exercise's data files.
    """
    bases = raised.bases
    text, kind = ("", "") if hidden else (raised.text, raised.type)
    if "ConnectionError" in bases or kind in _NETWORK_TYPES or _contains(text, _NETWORK):
        return sentences.no_network()
    if "OSError" in bases and _contains(text, _DOWNLOADS):
        return sentences.no_network()
    if "FileNotFoundError" in bases or "File not found: filepath=" in text:
        return sentences.no_files(data)
    if "PermissionError" in bases or ("OSError" in bases and "Read-only file system" in text):
        return sentences.no_access(data)
    return ""


def _contains(text: str, parts: tuple[str, ...]) -> bool:
    return any(part in text for part in parts)
