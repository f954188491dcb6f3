"""Names of the files that learners write, as `course start` creates them and grading looks for them.

Browsers, learning platforms and editors change names on the way: "Copy of
exercise_x (1).py.txt" is still a file for `exercise-x`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


def file_stem(exercise_id: str) -> str:
    """Return the name of a learner's file for an exercise, without the extension."""
    return exercise_id.replace("-", "_")


def answers_stem(quiz_id: str) -> str:
    """Return the name of a learner's file of answers to a quiz, without the extension."""
    return f"{file_stem(quiz_id)}_answers"


class FileKind(StrEnum):
    """The kind of a file, as its name tells."""

    PYTHON = "py"
    NOTEBOOK = "ipynb"
    JSON = "json"  # perhaps a notebook that a browser renamed, perhaps answers
    YAML = "yaml"  # answers
    TEXT = "txt"  # perhaps code or a notebook that a browser renamed
    OTHER = ""

    @property
    def is_code(self) -> bool:
        """True if the name says that the file holds code."""
        return self in (FileKind.PYTHON, FileKind.NOTEBOOK)

    @property
    def may_be_code(self) -> bool:
        """True if the file may hold code; its content decides."""
        return self not in (FileKind.YAML, FileKind.OTHER)


class FileName(Struct, frozen=True):
    """A file name taken apart.

    `stem` is the name without its extensions. `stems` are the names that it may
    stand for, in lower case with "_" for spaces and hyphens: first as it is, then
    with one mark of a copy less each. `copies` are the numbers of these copies.
    """

    stem: str
    kind: FileKind
    stems: tuple[str, ...]
    copies: tuple[int, ...]

    def copy_of(self, stem: str) -> int | None:
        """Return 0 if the file has this name, the number of the copy if it is one, else None."""
        wanted = _normal(stem)
        return self.copies[self.stems.index(wanted)] if wanted in self.stems else None

    def mentions(self, stem: str) -> bool:
        """Return True if the name holds this one among other words: "ada_exercise_x_v2"."""
        return f"_{_normal(stem)}_" in f"_{re.sub(r'[^0-9a-z]+', '_', self.stems[0])}_"

    def among(self, stems: Iterable[str]) -> str | None:
        """Return which of these names the file has or, failing that, is a copy of."""
        known = {_normal(stem): stem for stem in stems}
        return next((known[stem] for stem in self.stems if stem in known), None)


# how browsers, Jupyter, Canvas, Windows and macOS mark a second file with the same name, in some languages
_COPY = r"(?:copy|kopie|kopia|kopi|copie|copia|cópia|副本)"
_AGAIN = re.compile(
    rf"""(?P<name>.*?) (?:
        (?<![\s_-]) [\s_-]*+ [(（] (?P<brackets>\d{{1,9}}) [)）]     # x (1)  x(1)
      | (?<![\s_-]) [\s_-]++ {_COPY} [\s_-]*+ (?P<copy>\d{{0,9}})   # x-Copy2  x - Copy  x_copy  x copy 2
      | (?<!\s) \s++ (?P<finder>\d{{1,3}})                  # x 2
      | - (?P<canvas>\d{{1,9}})                      # x-1
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COPY_OF = re.compile(
    rf"{_COPY}[\s_-]*(?:\((?P<number>\d{{1,9}})\)[\s_-]*)?(?:of|von|de|di)[\s_-]+(?P<name>.+)",
    re.IGNORECASE | re.DOTALL,
)
_MAX_NAME = 300  # characters; no file system allows a longer name
_MAX_MARK = 60  # characters of a mark at the end of a name
_MAX_MARKS = 6  # that a name may have, and as many extensions
_CODE = {"py": FileKind.PYTHON, "ipynb": FileKind.NOTEBOOK}
_ANSWERS = {"json": FileKind.JSON, "yaml": FileKind.YAML, "yml": FileKind.YAML}
_INSIDE = _CODE | _ANSWERS  # may be in front of another extension
_KINDS = _INSIDE | {"txt": FileKind.TEXT}


def read_file_name(name: str) -> FileName:
    """Take a file name apart."""
    if len(name) > _MAX_NAME:
        return FileName(name, FileKind.OTHER, (name,), (0,))
    stem, extension = _extension(name.strip())
    kind = _KINDS.get(extension, FileKind.OTHER)
    outside = 0  # the number of a mark between two extensions: x.py (1).txt
    for _ in range(_MAX_MARKS):
        plain, number = _without_mark(stem)
        inner, extension = _extension(stem)
        if extension not in _INSIDE:
            inner, extension = _extension(plain)
            if extension not in _INSIDE:
                break
            outside = max(outside, number)
        if kind in (FileKind.JSON, FileKind.TEXT):
            kind = _INSIDE[extension]
        stem = inner
    stems, copies = [_normal(stem)], [outside]
    rest = stem
    for _ in range(_MAX_MARKS):
        rest, number = _without_mark(rest)
        if not number:
            break
        stems.append(_normal(rest))
        copies.append(max(copies[-1], number))
    return FileName(stem, kind, tuple(stems), tuple(copies))


def _extension(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    return (stem, extension.strip().casefold()) if dot and stem else (name, "")


def _without_mark(stem: str) -> tuple[str, int]:
    """Return the name with one mark of a copy less, and the number of the copy; 0 if there is no mark."""
    stem = stem.strip()
    if match := _COPY_OF.fullmatch(stem):
        return match["name"], int(match["number"] or 1)
    before, end = stem[:-_MAX_MARK], stem[-_MAX_MARK:]
    match = _AGAIN.fullmatch(end)
    if match is None or not (before + match["name"]).strip(" _-"):
        return stem, 0
    number = int(match["brackets"] or match["copy"] or match["finder"] or match["canvas"] or 1)
    return (before + match["name"]).rstrip(), max(number, 1)


def _normal(stem: str) -> str:
    return re.sub(r"[\s_-]+", "_", stem.strip()).casefold()


def remedy_for(name: str) -> str:
    """Return what a file without code is, and what to do, as the end of a sentence."""
    return f"is {what_it_is(name) or 'neither .py nor .ipynb'} — save your code as .ipynb or .py"


def what_it_is(name: str) -> str:
    """Return what a file is that learners take for code, such as "a PDF"; empty if it is none of these."""
    return _DOCUMENTS.get(_extension(name.strip())[1], "")


_DOCUMENTS = {
    **dict.fromkeys(["docx", "doc"], "a Word document"),
    **dict.fromkeys(["odt", "rtf", "pages"], "a text document"),
    **dict.fromkeys(["html", "htm"], "a web page"),
    **dict.fromkeys(["rar", "7z", "gz", "tgz", "tar"], "an archive other than .zip"),
    "pdf": "a PDF",
    "pyc": "compiled code",
}
