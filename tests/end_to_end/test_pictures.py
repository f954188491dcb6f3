"""The picture in the README shows what a check really says, and also to those who cannot see it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
MAKE = ROOT / "docs" / "pictures" / "make.py"
PAGE = ROOT / "docs" / "pictures" / "page.py"
PICTURE = ROOT / "docs" / "pictures" / "check.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.exhaustive
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="the picture shows a confined check")
def test_the_picture_shows_a_real_check(tmp_path: Path) -> None:
    pytest.importorskip("pexpect")
    made = tmp_path / "check.svg"
    subprocess.run([sys.executable, MAKE, made], check=True, capture_output=True)
    drawn, kept = made.read_text("utf-8"), PICTURE.read_text("utf-8")
    assert drawn == kept, "a check shows something else: run `python docs/pictures/make.py` and look at it"


def test_the_picture_has_its_text_for_screen_readers() -> None:
    root = ElementTree.parse(PICTURE).getroot()
    described = (root.findtext(f"{SVG}desc") or "").splitlines()
    drawn = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert [line for line in described if line] == drawn
    named = root.attrib["aria-labelledby"].split()
    assert named == [root.find(f"{SVG}{name}").attrib["id"] for name in ("title", "desc")]  # type: ignore[union-attr]


def test_the_readme_shows_it_with_an_alternative_text() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (alternative,) = re.findall(r"!\[([^\]]+)\]\(docs/pictures/check\.svg\)", readme)
    assert "hidden test" in alternative and "idea" in alternative


@pytest.mark.exhaustive
def test_the_pictures_of_the_page_can_be_taken_again(tmp_path: Path) -> None:
    """Their pixels depend on the fonts of a machine, so only names and sizes are compared."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip("there is no Chromium here: apt install chromium")
    subprocess.run([sys.executable, PAGE, tmp_path], check=True, capture_output=True)
    taken, kept = (
        {path.name: path.read_bytes()[16:24] for path in place.glob("page-*.png")}
        for place in (tmp_path, PAGE.parent)
    )
    assert taken == kept and len(kept) == 6


def test_every_picture_of_the_page_is_shown_and_described() -> None:
    shown = re.findall(
        r"!\[([^\]]+)\]\(pictures/(page-\w+\.png)\)", (ROOT / "docs/page.md").read_text("utf-8")
    )
    assert {name for _, name in shown} == {path.name for path in PAGE.parent.glob("page-*.png")}
    assert all(len(words) > 40 for words, _ in shown)
