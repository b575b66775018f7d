"""What the desk has beside Wagtail's own."""

from __future__ import annotations

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from sanduq_web.press.models import CoSignature


class CoSignatures(SnippetViewSet):
    """Signatures that came: an editor accepts or declines each, and puts them in order."""

    model = CoSignature
    icon = "key"
    list_display = ["organisation", "letter", "state", "standing", "order"]
    list_filter = ["state", "letter"]


register_snippet(CoSignatures)
