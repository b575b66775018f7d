"""What all tests share."""

from __future__ import annotations

import os

import pytest

from sanduq import errors
from sanduq.engine import ENGINES, Engine, choose


@pytest.fixture(params=[os.environ["SANDUQ_ENGINE"]] if os.environ.get("SANDUQ_ENGINE") else sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; without the Rust engine these tests fail rather than skip.

    ``make test`` builds it first; ``make ENGINE=no test`` asks the Python engine alone, by ``SANDUQ_ENGINE``.
    """
    return choose(request.param)


@pytest.fixture
def refusals() -> type[errors.Refused]:
    """The root of all refusals."""
    return errors.Refused
