"""Links in rich text, as readers get them."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from wagtail.rich_text import LinkHandler

from sanduq_web.press.clean import is_safe_link


class ExternalLink(LinkHandler):
    """To elsewhere: the other side learns neither from which page, nor gets a hold of it. Code and data are no links."""

    identifier = "external"

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        """The opening tag."""
        address = attrs["href"]
        return f'<a href="{escape(address)}" rel="noopener noreferrer">' if is_safe_link(address) else "<a>"


class EmailLink(ExternalLink):
    """To an address."""

    identifier = "email"
