"""What the press site keeps."""

from sanduq_web.press.models.accounts import Account
from sanduq_web.press.models.articles import (
    ArticleByline,
    ArticlePage,
    Attachment,
    Correction,
    RelatedArticle,
)
from sanduq_web.press.models.bylines import Byline
from sanduq_web.press.models.media import PressDocument, PressImage, PressRendition
from sanduq_web.press.models.pages import FrontPage, InfoPage, SectionPage
from sanduq_web.press.models.workflow import SecondPair

__all__ = [
    "Account",
    "ArticleByline",
    "ArticlePage",
    "Attachment",
    "Byline",
    "Correction",
    "FrontPage",
    "InfoPage",
    "PressDocument",
    "PressImage",
    "PressRendition",
    "RelatedArticle",
    "SecondPair",
    "SectionPage",
]
