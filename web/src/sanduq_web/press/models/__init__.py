"""What the press site keeps."""

from sanduq_web.press.models.articles import (
    ArticleByline,
    ArticlePage,
    Attachment,
    Correction,
    RelatedArticle,
)
from sanduq_web.press.models.bylines import Byline
from sanduq_web.press.models.imported import ImportedItem
from sanduq_web.press.models.media import PressDocument, PressImage, PressRendition
from sanduq_web.press.models.pages import FrontPage, InfoPage, SectionPage

__all__ = [
    "ArticleByline",
    "ArticlePage",
    "Attachment",
    "Byline",
    "Correction",
    "FrontPage",
    "ImportedItem",
    "InfoPage",
    "PressDocument",
    "PressImage",
    "PressRendition",
    "RelatedArticle",
    "SectionPage",
]
