"""Of what an article is made: blocks, each with its own template."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

PLAIN = ["bold", "italic", "ol", "ul", "hr"]
"""What a letter's text may have: no links, whose targets could change without the text."""
RICH = [*PLAIN, "h3", "h4", "blockquote", "link", "document-link", "superscript", "subscript"]


class Figure(StructBlock):
    """A picture; whoever cannot see it gets its description, which the media library requires."""

    image = ImageChooserBlock(label=_("Picture"))
    caption = CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "press/blocks/figure.html"


class Quote(StructBlock):
    """Somebody's words."""

    text = TextBlock(label=_("Words"))
    source = CharBlock(required=False, label=_("Whose"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "press/blocks/quote.html"


class Table(StructBlock):
    """A table: a caption, and rows of cells separated by ``|``; the first row is its head."""

    caption = CharBlock(label=_("Caption"))
    rows = TextBlock(label=_("Rows"), help_text=_("One line for each row, cells separated by |. The first line is the head."))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "press/blocks/table.html"

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        """The rows as lists of cells."""
        context = super().get_context(value, parent_context=parent_context)
        rows = [[cell.strip() for cell in line.split("|")] for line in value["rows"].splitlines() if line.strip()]
        context["head"], context["rows"] = rows[0] if rows else [], rows[1:]
        return context


class Body(StreamBlock):
    """The text of an article."""

    paragraph = RichTextBlock(features=RICH, label=_("Text"), template="press/blocks/paragraph.html")
    heading = CharBlock(icon="title", label=_("Heading"), template="press/blocks/heading.html")
    figure = Figure()
    quote = Quote()
    table = Table()
    document = DocumentChooserBlock(label=_("Document"), template="press/blocks/document.html")
    note = RichTextBlock(
        features=["bold", "italic", "link"], icon="info-circle", label=_("Note"), template="press/blocks/note.html"
    )


class LetterBody(StreamBlock):
    """The text of a letter that is signed: nothing whose meaning lies elsewhere (a link's target, a picture)."""

    paragraph = RichTextBlock(features=PLAIN, label=_("Text"), template="press/blocks/paragraph.html")
    heading = CharBlock(icon="title", label=_("Heading"), template="press/blocks/heading.html")
    quote = Quote()
