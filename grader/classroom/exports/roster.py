"""Read a roster: the people of a course as another system exported them, in any language and encoding."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Literal

from msgspec import Struct

from grader.classroom.spreadsheet import read_lines
from grader.errors import CourseError

System = Literal["canvas", "moodle", "gradescope-csv"]


class Key(StrEnum):
    """The meaning of a column."""

    NUMBER = "number"
    SID = "sid"
    LOGIN = "login"
    EMAIL = "email"
    NAME = "name"
    FIRST = "first"
    LAST = "last"
    SECTION = "section"
    GRADE = "grade"  # of a Moodle worksheet, like the next
    MAXIMUM = "maximum"


# every known header in English, German, French, Spanish, Italian, Dutch and Portuguese, without accents
_HEADERS: dict[Key, str] = {
    Key.NUMBER: "id|identifier|identifiant|identificador|identificatore|identificativo|identificator"
    "|kennung|participant number",
    Key.SID: "sis user id|sid|id number|idnumber|student id|student number|org defined id|orgdefinedid"
    "|matrikelnummer|id nummer|identifikationsnummer|numero d'identification|numero etudiant"
    "|numero de id|numero de identificacion|codice identificativo|matricola|idnummer"
    "|numero de identificacao",
    Key.LOGIN: "sis login id|username|user name|login|login name|net id|netid|benutzername|anmeldename"
    "|nom d'utilisateur|nombre de usuario|username utente|nome utente|gebruikersnaam"
    "|nome de usuario|identificacao do utilizador",
    Key.EMAIL: "email|email address|e mail|mail|e mail adresse|emailadresse|adresse de courriel|courriel"
    "|adresse e mail|adresse electronique|direccion de correo|direccion de correo electronico"
    "|correo electronico|correo|direccion email|indirizzo email|e mailadres"
    "|endereco de e mail|endereco de email",
    Key.NAME: "student|full name|name|student name|user full name|vollstandiger name|nom complet"
    "|nombre completo|nome completo|nome cognome|volledige naam|studierende|studierender"
    "|etudiant|estudiante|studente|naam|nombre completo del usuario",
    Key.FIRST: "first name|firstname|given name|vorname|prenom|nombre|nome|voornaam|primeiro nome",
    Key.LAST: "last name|lastname|surname|family name|nachname|familienname|nom|nom de famille"
    "|apellido|apellidos|apellido s|cognome|achternaam|sobrenome|apelido|ultimo nome",
    Key.SECTION: "section|sections|abschnitt|kurs|groups|group|gruppe|gruppen",
    Key.GRADE: "grade|bewertung|note|calificacion|valutazione|cijfer|nota|beoordeling",
    Key.MAXIMUM: "maximum grade|bestwertung|note maximale|calificacion maxima|valutazione massima"
    "|maximale cijfer|nota maxima",
}
_IDENTIFYING = (Key.NUMBER, Key.SID, Key.LOGIN, Key.EMAIL, Key.NAME)
SYSTEMS: dict[System, str] = {"canvas": "Canvas", "moodle": "Moodle", "gradescope-csv": "Gradescope"}
_WANTED: dict[System, str] = {
    "canvas": "Student, ID, SIS User ID or SIS Login ID",
    "moodle": "Identifier, Full name, Username, Email address or ID number",
    "gradescope-csv": "SID, Email, First Name or Last Name",
}


class Roster(Struct, frozen=True):
    """The people of a course.

    `columns` has the place of each column whose meaning is known. `points` is
    Canvas's row of the points possible.
    """

    header: tuple[str, ...]
    columns: Mapping[Key, int]
    people: tuple[tuple[str, ...], ...]
    points: tuple[str, ...] = ()

    def of(self, person: Sequence[str], key: Key) -> str:
        """Return the text in a column, empty if there is no such column."""
        return person[self.columns[key]] if key in self.columns else ""

    def name(self, person: Sequence[str]) -> str:
        """Return the full name, which may be in two columns."""
        whole = self.of(person, Key.NAME)
        return whole or f"{self.of(person, Key.FIRST)} {self.of(person, Key.LAST)}".strip()

    @property
    def is_worksheet(self) -> bool:
        """True for the grading worksheet of one Moodle assignment."""
        return Key.NUMBER in self.columns and Key.GRADE in self.columns


def same_text(one: str) -> str:
    """Return a header in the form by which headers are compared: letters and digits only."""
    decomposed = unicodedata.normalize("NFKD", one.casefold())
    return "".join(char for char in decomposed if char.isalnum())


_MEANING = {same_text(text): key for key, texts in _HEADERS.items() for text in texts.split("|")}


def read_roster(path: Path, system: System, columns: Mapping[Key, str] | None = None) -> Roster:
    """Read a table that the other system exported. Raises CourseError, EnvironmentProblem.

    `columns` names the header of columns that are not recognized by themselves.
    """
    table = _table(path, system, columns or {})
    header = tuple(table[0]) if table else ()
    meaning = _meanings(header, columns or {}, path)
    if not any(key in meaning for key in (*_IDENTIFYING, Key.LAST)):
        worksheet = ", or --column number=HEADER --column grade=HEADER for a grading worksheet"
        raise CourseError(
            f"{path}:1: there is no column {_WANTED[system]}, only {', '.join(filter(None, header))} — name "
            f"the roster that {SYSTEMS[system]} exported; if its headers are in another language, say what "
            f"they mean, as in --column login=HEADER{worksheet if system == 'moodle' else ''}"
        )
    rows = [(*row[: len(header)], *[""] * (len(header) - len(row))) for row in table[1:]]
    roster = Roster(header, meaning, ())
    return Roster(
        header,
        meaning,
        tuple(row for row in rows if _is_somebody(row, roster)),
        next((row for row in rows if row[0].startswith("Points Possible")), ()),
    )


def _table(path: Path, system: System, columns: Mapping[Key, str]) -> list[list[str]]:
    """Return the rows that are not blank, split at the delimiter that gives the most known columns."""
    named = {same_text(each) for each in columns.values()}

    def is_known(header: str) -> bool:
        return same_text(header) in named or _meaning(header) is not None

    wanted = f"the roster that {SYSTEMS[system]} exported"
    return [row for _, row in read_lines(path, wanted, is_known)]


def _meaning(header: str) -> Key | None:
    return _MEANING.get(same_text(header))


def _meanings(header: Sequence[str], columns: Mapping[Key, str], path: Path) -> dict[Key, int]:
    """Return the place of each column whose meaning is known. Raises CourseError."""
    found: dict[Key, int] = {}
    for key, wanted in columns.items():
        found[key] = place_of(wanted, header, f"{path}:1")
    for place, cell in enumerate(header):
        meant = _meaning(cell)
        if meant is not None and place not in found.values():
            found.setdefault(meant, place)
    # one word, such as "Nombre", means the first name only beside a last name
    for one, other in ((Key.FIRST, Key.LAST), (Key.LAST, Key.FIRST)):
        if one in found and other not in found and Key.NAME not in found:
            found[Key.NAME] = found.pop(one)
    return found


def place_of(wanted: str, header: Sequence[str], where: str) -> int:
    """Return the place of a column that an option names. Raises CourseError."""
    exact = [place for place, cell in enumerate(header) if cell == wanted.strip()]
    alike = [place for place, cell in enumerate(header) if same_text(cell) == same_text(wanted)]
    places = exact or alike
    if len(places) != 1:
        problem = "there are several columns" if places else "there is no column"
        raise CourseError(f"{where}: {problem} {wanted} — the columns are {', '.join(filter(None, header))}")
    return places[0]


def _is_somebody(row: Sequence[str], roster: Roster) -> bool:
    """Return False for the rows of a gradebook that are not people's."""
    if row[0].startswith(("Points Possible", "Student, Test")):
        return False
    return any(roster.of(row, key) for key in (*_IDENTIFYING, Key.FIRST, Key.LAST))
