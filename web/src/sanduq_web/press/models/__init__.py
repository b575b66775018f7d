"""What the press site keeps."""

from sanduq_web.press.models.articles import (
    ArticleByline,
    ArticlePage,
    Attachment,
    Correction,
    RelatedArticle,
)
from sanduq_web.press.models.bylines import Byline
from sanduq_web.press.models.letters import CoSignature, CosignatureState, LetterPage, SigningKey
from sanduq_web.press.models.media import PressDocument, PressImage, PressRendition
from sanduq_web.press.models.organisations import (
    Contact,
    Office,
    OfficialSite,
    OrganisationEvent,
    OrganisationKey,
    OrganisationPage,
    StatuteArticle,
)
from sanduq_web.press.models.pages import FrontPage, InfoPage, SectionPage
from sanduq_web.press.models.publications import ChapterPage, PublicationKind, PublicationPage

__all__ = [
    "ArticleByline",
    "ArticlePage",
    "Attachment",
    "Byline",
    "ChapterPage",
    "CoSignature",
    "Contact",
    "Correction",
    "CosignatureState",
    "FrontPage",
    "InfoPage",
    "LetterPage",
    "Office",
    "OfficialSite",
    "OrganisationEvent",
    "OrganisationKey",
    "OrganisationPage",
    "PressDocument",
    "PressImage",
    "PressRendition",
    "PublicationKind",
    "PublicationPage",
    "RelatedArticle",
    "SectionPage",
    "SigningKey",
    "StatuteArticle",
]
