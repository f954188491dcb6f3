"""Untrusted zip files and directories: no path escapes, no zip bomb unpacks, no link is followed."""

from __future__ import annotations

import io
import os
import stat
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom import archives, zip_directory
from grader.classroom.archives import files_of_zip as files_of_zip_within
from grader.classroom.budget import Budget
from grader.classroom.directories import files_in
from grader.classroom.found_files import File, Found, SkippedFile
from grader.classroom.names import MAX_NAME, MAX_PARTS, is_junk, member_parts, shown, storable
from grader.errors import SubmissionError


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content, how)
    return file


def files_of_zip(file: IO[bytes], where: str) -> Iterator[File | SkippedFile]:
    return files_of_zip_within(file, where, Budget())


def split(found: Iterable[Found]) -> tuple[dict[str, bytes], dict[str, str]]:
    """What can be read, and what is refused."""
    found = [*found]
    read = {"/".join(each.parts): each.read() for each in found if isinstance(each, File)}
    return read, {each.file: each.why for each in found if isinstance(each, SkippedFile)}


# --- names ---

PIECES = st.sampled_from(["..", ".", "", "a", "b.py", "C:", "é", "\n", "\udcff", "\u202e", "a" * 300])
SEPARATORS = st.sampled_from(["/", "\\", "//"])


@given(st.lists(st.tuples(PIECES | st.text(max_size=6), SEPARATORS), max_size=40))
def test_a_path_in_an_archive_stays_inside_or_is_refused(pieces: list[tuple[str, str]]) -> None:
    name = "".join(piece + separator for piece, separator in pieces)
    parts = member_parts(name)
    if isinstance(parts, str):
        return
    assert 0 < len(parts) <= MAX_PARTS
    for part in parts:
        assert part not in ("", ".", "..")
        assert "/" not in part
        assert not {unicodedata.category(char) for char in shown(part)} & {"Cc", "Cs"}
        assert len(part.encode("utf-8", "surrogatepass")) <= MAX_NAME
    path = os.path.normpath(os.path.join("/root", *parts))  # noqa: PTH118
    assert path.startswith("/root/")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "\\\\server\\x", "C:\\x.py", "c:x.py", "../x", "a/../../x", "a\\..\\b", "", "/"]
)
def test_unsafe_paths_are_refused(name: str) -> None:
    assert isinstance(member_parts(name), str)


def test_names_are_normalized_for_display() -> None:
    assert shown("Zoe\u0308") == shown("Zoë") == "Zoë"
    assert shown("李雷 🦉") == "李雷 🦉"
    assert shown("a\nb\x1b[2J") == "a\\nb\\x1b[2J"
    assert shown("a\u202eb") == "a\\u202eb"
    assert shown("a\udcffb") == "a\\xffb"


@given(st.text() | st.text(st.characters(categories=["Cs"])))
def test_any_text_can_be_stored(text: str) -> None:
    assert storable(text).encode().decode() == storable(text)


def test_files_of_operating_systems_are_junk() -> None:
    assert all(map(is_junk, [["__MACOSX", "a.py"], ["a", ".DS_Store"], [".ada", "x.py"], ["a", "~$x.docx"]]))
    assert not is_junk(["ada", "exercise_x.py"])


# --- zip files ---


def test_refused_members_do_not_affect_the_others() -> None:
    link = zipfile.ZipInfo("ada/link.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    device = zipfile.ZipInfo("ada/device.py")
    device.external_attr = (stat.S_IFCHR | 0o666) << 16
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = zipped(
            ("ada/x.py", b"x"),
            ("../evil.py", b"x"),
            ("/etc/cron.d/x", b"x"),
            ("ada/twice.py", b"1"),
            ("ada/twice.py", b"2"),
            ("ada/./again.py", b"1"),
            ("ada/again.py", b"2"),
            (link, b"/etc/passwd"),
            (device, b""),
            ("ada/empty/", b""),
            ("__MACOSX/ada/._x.py", b"x"),
        )
    read, refused = split(list(files_of_zip(file, "z.zip")))
    assert read == {"ada/x.py": b"x"}
    assert sorted(refused) == [
        "z.zip/../evil.py",
        "z.zip//etc/cron.d/x",
        "z.zip/ada/again.py",
        "z.zip/ada/device.py",
        "z.zip/ada/link.py",
        "z.zip/ada/twice.py",
    ]


def test_risky_compression_methods_are_refused() -> None:
    for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        read, refused = split(list(files_of_zip(zipped(("a/x.py", b"x"), how=how), "z")))
        assert (read, list(refused)) == ({}, ["z/a/x.py"])


def test_an_encrypted_member_is_refused() -> None:
    raw = bytearray(zipped(("a/x.py", b"x")).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert [*split(list(files_of_zip(io.BytesIO(raw), "z")))[1].values()] == ["it is encrypted"]


def test_a_zip_bomb_is_refused_before_it_is_read() -> None:
    with pytest.raises(SubmissionError, match="times its size"):
        list(files_of_zip(zipped(("a/x.py", bytes(50_000_000))), "z"))


def test_outputs_of_notebooks_may_shrink_as_much_as_they_like(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_NOTEBOOKS", 30_000_000)
    outputs = bytes(20_000_000)
    (file,) = files_of_zip(zipped(("a/x.ipynb", outputs)), "z")
    assert isinstance(file, File) and file.read() == outputs
    for members in (
        [("a/x.ipynb", outputs), ("b/x.ipynb", outputs)],  # a bomb of notebooks
        [("a/x.ipynb", outputs), ("a/x.py", outputs)],
    ):
        with pytest.raises(SubmissionError, match="times its size"):
            list(files_of_zip(zipped(*members), "z"))


def test_a_zip_bomb_with_a_false_size_is_read_only_up_to_the_limit() -> None:
    raw = bytearray(zipped(("a/x.py", bytes(20_000_000))).getvalue())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (1000).to_bytes(4, "little")
    (file,) = files_of_zip(io.BytesIO(raw), "z")
    assert isinstance(file, File)
    with pytest.raises(SubmissionError, match="damaged"):
        file.read()
    large = next(iter(files_of_zip(zipped(("a/x.py", os.urandom(6_000_000))), "z")))
    assert isinstance(large, File)
    with pytest.raises(SubmissionError, match="more than 5 MB"):
        large.read()


def test_too_many_members_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_FILES", 10)
    file = zipped(*((f"a/{n}.py", b"") for n in range(11)))
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(SubmissionError, match="z holds more than"):
        list(files_of_zip(file, "z"))


def test_the_total_size_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 1000)
    with pytest.raises(SubmissionError, match="unpacks to"):
        list(files_of_zip(zipped(("a/x", os.urandom(600)), ("a/y", os.urandom(600))), "z"))


@given(st.data())
def test_a_damaged_file_gives_an_error_message_or_its_content(data: st.DataObject) -> None:
    raw = bytearray(zipped(("a/x.py", b"print(1)\n" * 20), ("b/y.py", b"2")).getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))]
    try:
        for each in files_of_zip(io.BytesIO(raw), "z"):
            if isinstance(each, File):
                each.read()
    except SubmissionError as error:
        assert " — " in str(error)


# --- the number of entries ---


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_only_entries_are_counted_not_their_signatures(how: int) -> None:
    info = zipfile.ZipInfo("ada/PK\x01\x02.py")
    info.comment = b"PK\x01\x02" * 1000
    file = zipped((info, b"PK\x01\x02" * 1000), ("b/x.py", b""), how=how)
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"PK\x01\x02" * 1000
    assert zip_directory.count_entries(file, 100) == 2
    assert zip_directory.count_entries(file, 1) == 2
    large = io.BytesIO(b"something in front" + file.getvalue())
    assert zip_directory.count_entries(large, 100) == 2


def test_entries_of_a_large_file_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    file = zipped(*((f"{n}.py", b"") for n in range(5)))
    assert b"PK\x06\x06" in file.getvalue()
    assert zip_directory.count_entries(file, 100) == 5


@given(st.data())
def test_the_count_is_that_of_zipfile_for_any_file(data: st.DataObject) -> None:
    raw = bytearray(zipped(*((f"{n}.py", b"x") for n in range(4))).getvalue())
    for _ in range(data.draw(st.integers(0, 3))):
        raw[data.draw(st.integers(len(raw) // 2, len(raw) - 1))] = data.draw(st.integers(0, 255))
    file = io.BytesIO(raw + data.draw(st.binary(max_size=30)))
    counted = zip_directory.count_entries(file, 100)
    try:
        listed = zipfile.ZipFile(file).infolist()
    except Exception:
        return
    assert counted == len(listed)


def test_names_written_by_macos_are_decoded() -> None:
    bytes_of_name = "Zoë/x.py".encode()
    ascii_name = "A" * len(bytes_of_name)
    raw = bytearray(zipped((ascii_name, b"x")).getvalue().replace(ascii_name.encode(), bytes_of_name))
    (found,) = files_of_zip(io.BytesIO(raw), "z")
    assert isinstance(found, File) and found.parts == ("Zoë", "x.py")


# --- directories ---


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of Unix")
def test_links_that_lead_out_and_special_files_are_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "in", tmp_path / "outside"
    ada = root / "ada"
    for path in (ada / ".git", ada / "grades", root / "bob", outside):
        path.mkdir(parents=True)
    (outside / "secret.py").write_text("secret")
    (root / "bob" / "x.py").write_text("of bob")
    (ada / "x.py").write_text("x")
    (ada / "same.py").symlink_to("x.py")
    (ada / "hard.py").hardlink_to(ada / "x.py")
    (ada / "neighbor.py").symlink_to("../bob/x.py")
    (ada / "out.py").symlink_to(outside / "secret.py")
    (ada / "up.py").symlink_to("../../outside/secret.py")
    (ada / "nowhere.py").symlink_to("nothing")
    (ada / "round.py").symlink_to("round.py")
    (ada / "bob").symlink_to("../bob")
    (ada / "self").symlink_to(".")
    (ada / ".git" / "x.py").write_text("x")
    (ada / "grades" / "results.jsonl").write_text("x")
    os.mkfifo(ada / "pipe.py")
    read, refused = split(files_in(ada, "ada", Budget(), left_out=ada / "grades"))
    assert read == {"x.py": b"x", "same.py": b"x", "hard.py": b"x"}
    leaves = "a link that leaves the learner's directory"
    assert refused == {
        "ada/bob": leaves,
        "ada/neighbor.py": leaves,
        "ada/nowhere.py": "a link that leads nowhere",
        "ada/out.py": leaves,
        "ada/pipe.py": "neither a file nor a directory",
        "ada/round.py": "a link that leads nowhere",
        "ada/self": "a link to a directory",
        "ada/up.py": leaves,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links of Unix")
def test_a_file_replaced_by_a_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "in" / "x.py"
    path.parent.mkdir()
    path.write_text("x")
    (tmp_path / "secret").write_text("secret")
    (file,) = files_in(path.parent, "ada", Budget())
    assert isinstance(file, File)
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(Exception, match="cannot be read"):
        file.read()
