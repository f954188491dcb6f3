"""Read the id, title, function, visibility and arguments of a collected test, and run it once more."""

from __future__ import annotations

from typing import Any

import pytest
from _pytest.runner import runtestprotocol

# what the body of a test may raise, whatever it tests; pytest's own are no Exception
ENDINGS: tuple[type[BaseException], ...] = (
    Exception,
    pytest.fail.Exception,
    pytest.skip.Exception,
    pytest.xfail.Exception,
)


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


def arguments_of(item: pytest.Function) -> dict[str, Any]:
    """Return the values of the fixtures that the test's body takes."""
    return {name: item.funcargs[name] for name in item._fixtureinfo.argnames}


def run_again(item: pytest.Function) -> None:
    """Run a test that has run before, with fresh fixtures. The plug-in's hook decides what that means."""
    item._initrequest()
    runtestprotocol(item, log=False, nextitem=None)
