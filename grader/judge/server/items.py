"""What a collected test says of itself: its id, title and function, and whether learners may read it."""

from __future__ import annotations

import pytest


def is_visible(item: pytest.Item) -> bool:
    return item.path.name == "visible_tests.py"


def function_of(item: pytest.Item) -> str:
    mark = item.get_closest_marker("points")
    assert mark is not None
    return str(mark.kwargs["function"])


def title_of(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "obj", None), "__doc__", None) or ""
    return str(doc).strip().partition("\n")[0]


def test_id(item: pytest.Item) -> str:
    """The test's name; of a parametrised one the number, because its parameters may be the hidden inputs."""
    call = getattr(item, "callspec", None)
    if call is None:
        return item.name
    numbers = "-".join(str(index) for index in call.indices.values())
    return f"{getattr(item, 'originalname', item.name)}[{numbers}]"
