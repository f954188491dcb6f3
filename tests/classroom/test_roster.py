"""Rosters as systems and spreadsheets write them: delimiters, encodings, languages."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.classroom.exports.roster import Key, read_roster
from grader.errors import CourseError

ROWS = [["Full name", "Email address", "ID number"], ["Zoë Ångström; the 2nd", "z@x.example", "007"]]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_delimiter_and_encoding_is_read(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(written(ROWS, delimiter, end).encode(encoding))
    roster = read_roster(path, "moodle")
    (person,) = roster.people
    assert [roster.of(person, key) for key in (Key.NAME, Key.EMAIL, Key.SID)] == ROWS[1]


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="'"), min_size=1
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=4), st.sampled_from(ENCODINGS[:3]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_names_are_read_back(tmp_path: Path, people: list[tuple[str, str]], encoding: str) -> None:
    rows = [["SID", "Email"], *([f"s{one}", other] for one, other in people)]
    (tmp_path / "roster.csv").write_bytes(written(rows, ";").encode(encoding))
    roster = read_roster(tmp_path / "roster.csv", "gradescope-csv")
    assert [list(person) for person in roster.people] == rows[1:]


@pytest.mark.parametrize(
    ("header", "name", "keys"),
    [
        (
            "ID;Vollständiger Name;E-Mail-Adresse;Bewertung;Bestwertung",
            "{}",
            "number name email grade maximum",
        ),
        ("Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Anmeldename", None, "first last sid email login"),
        (
            "Identifiant;Nom complet;Adresse de courriel;Note;Note maximale",
            "{}",
            "number name email grade maximum",
        ),
        ("Prénom;Nom de famille;Numéro d'identification", None, "first last sid"),
        ("Identificador;Nombre completo;Dirección de correo;Calificación", "{}", "number name email grade"),
        ("Nombre;Apellido(s);Número de ID;Nombre de usuario", None, "first last sid login"),
        ("Nombre;Correo electrónico", "{}", "name email"),
        ("Nome;Cognome;Indirizzo email", None, "first last email"),
        ("Voornaam;Achternaam;E-mailadres;Gebruikersnaam", None, "first last email login"),
        ("Matrikelnummer;Kennung", "", "sid number"),
        ("OrgDefinedId;Username;Last Name;First Name;Email", None, "sid login last first email"),
    ],
)
def test_translated_headers_are_known(tmp_path: Path, header: str, name: str | None, keys: str) -> None:
    (tmp_path / "r.csv").write_text(f"{header}\n{';'.join(header.split(';'))}\n", encoding="utf-8")
    roster = read_roster(tmp_path / "r.csv", "moodle")
    assert [key.value for key in sorted(roster.columns, key=lambda key: roster.columns[key])] == keys.split()
    assert name is None or bool(roster.name(roster.people[0])) == bool(name)


def test_unknown_headers_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("Tunnus;Nimi\nada1;Ada\n")
    with pytest.raises(CourseError, match=r"there is no column Identifier.* --column login=HEADER"):
        read_roster(tmp_path / "r.csv", "moodle")
    roster = read_roster(tmp_path / "r.csv", "moodle", {Key.LOGIN: "tunnus", Key.NAME: "Nimi"})
    assert [roster.of(roster.people[0], key) for key in (Key.LOGIN, Key.NAME)] == ["ada1", "Ada"]
    with pytest.raises(CourseError, match="there is no column Nami — the columns are Tunnus, Nimi"):
        read_roster(tmp_path / "r.csv", "moodle", {Key.LOGIN: "Nami"})


def test_a_spreadsheet_s_line_about_the_delimiter_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("sep=|\nUsername|a,b;c\nada|1\n")
    assert read_roster(tmp_path / "r.csv", "moodle").header == ("Username", "a,b;c")
