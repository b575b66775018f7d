"""What all tests share."""

from __future__ import annotations

import pytest

from sanduq import errors
from sanduq.engine import ENGINES, Engine, choose


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn. ``make test`` builds the Rust engine first; without it these tests fail rather than skip."""
    return choose(request.param)


@pytest.fixture
def refusals() -> type[errors.Refused]:
    """The root of all refusals."""
    return errors.Refused
