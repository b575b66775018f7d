"""What all tests share."""

from __future__ import annotations

import os
import signal

import pytest

from sanduq import errors
from sanduq.engine import ENGINES, Engine, choose


def pytest_configure(config: pytest.Config) -> None:
    """What a shell starts in the background ignores Ctrl-C, and so do its children; ours must be interruptible."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
