"""A nonce for each answer of the desk. Widgets are rendered without a request, so it is kept beside them."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import Any, Final

from django.utils.safestring import mark_safe

_NONCE: Final[ContextVar[str]] = ContextVar("nonce", default="")


def new() -> str:
    """From here on, in this request."""
    made = secrets.token_urlsafe(18)
    _NONCE.set(made)
    return made


def current() -> str:
    """Of this request."""
    return _NONCE.get()


def for_choosers() -> None:
    """Choosers write their script themselves, without a template that could be ours: theirs gets the nonce, too."""
    from wagtail.admin.widgets.chooser import BaseChooser

    theirs = BaseChooser.render

    def render(self: Any, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        html = theirs(self, name, value, attrs, renderer)
        before, script, after = str(html).partition("<script>")
        return mark_safe(f'{before}<script nonce="{current()}">{after}') if script else html  # noqa: S308  # Wagtail's own

    BaseChooser.render = render
