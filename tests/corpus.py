"""Large sets of cases: every run tries a few of them, and `pytest -m exhaustive` the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest


def sampled(cases: Mapping[str, Any], few: Collection[str]) -> list[Any]:
    """Return the cases as parameters, by id. Those that are not among the few are marked `exhaustive`."""
    assert set(few) <= set(cases), f"there are no cases {sorted(set(few) - set(cases))}"
    return [
        pytest.param(value, id=name, marks=[] if name in few else pytest.mark.exhaustive)
        for name, value in cases.items()
    ]
