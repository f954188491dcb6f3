"""Read the id, title, function and visibility of a collected test."""

from __future__ import annotations

import pytest


def is_visible(item: pytest.Item) -> bool:
    """Return True if learners can read the test."""
    return item.path.name == "visible_tests.py"


def function_of(item: pytest.Item) -> str:
    """Return the name of the learner's function that the test gives points for."""
    mark = item.get_closest_marker("points")
    assert mark is not None
    return str(mark.kwargs["function"])


def title_of(item: pytest.Item) -> str:
    """Return the first line of the test's docstring, or ""."""
    doc = getattr(getattr(item, "obj", None), "__doc__", None) or ""
    return str(doc).strip().partition("\n")[0]


def test_id(item: pytest.Item) -> str:
    """Return the test's name, with the index of its parameters if it is parametrized.

    The parameters themselves may be hidden inputs.
    """
    call = getattr(item, "callspec", None)
    if call is None:
        return item.name
    numbers = "-".join(str(index) for index in call.indices.values())
    return f"{getattr(item, 'originalname', item.name)}[{numbers}]"
