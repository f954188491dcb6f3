"""The page offers an exercise's data files and no other file. The first save writes them beside the code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from web_pages import Browser, site

from grader.content.course import Course
from grader.web.workplace import NOT_YET, save

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
DATA = EXAMPLE / "exercises/exercise-words/data"
PAGE = "/exercise/exercise-words"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with closing(Browser(site(EXAMPLE, tmp_path))) as browser:
        yield browser


def test_each_data_file_can_be_downloaded(browser: Browser) -> None:
    page = browser.get(PAGE).text
    for name in ("fable.txt", "rhyme.txt"):
        assert f'href="{PAGE}/data/{name}" download' in page
        answer = browser.get(f"{PAGE}/data/{name}")
        assert answer.content == (DATA / name).read_bytes()
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["other.txt", "%2e%2e/hidden_tests.py", "..%2fsolution.py", "%2fetc%2fpasswd", "fable.txt/", ""]
)
def test_no_other_file_can(browser: Browser, path: str) -> None:
    """Attack: the address names a hidden file."""
    answer = browser.get(f"{PAGE}/data/{path}")
    assert answer.status_code == 404 and "def " not in answer.text


def test_the_first_save_writes_the_data_files(tmp_path: Path) -> None:
    save(Course(EXAMPLE), "exercise-words", tmp_path, "x = 1\n", NOT_YET)
    assert (tmp_path / "data/fable.txt").read_bytes() == (DATA / "fable.txt").read_bytes()
