"""Processes that work for another one."""

from __future__ import annotations

import os
import threading
import time
from typing import Final

_LOOKS: Final = 1.0  # seconds


def end_with(parent: int) -> None:
    """From now on this process ends with the one that began it: killed, that leaves none that wait for work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
