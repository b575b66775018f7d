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
from sanduq_web.press.models.comments import Comment, CommentState, Report
from sanduq_web.press.models.editions import EditionJob, EditionState
from sanduq_web.press.models.enquiries import Enquiry
from sanduq_web.press.models.imported import ImportedItem
from sanduq_web.press.models.letters import CoSignature, CosignatureState, LetterPage, SigningKey
from sanduq_web.press.models.limits import Posted, Tally
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
from sanduq_web.press.models.shown import Token, VoteState
from sanduq_web.press.models.subscribers import Mailing, Subscriber
from sanduq_web.press.models.workflow import SecondPair

__all__ = [
    "Account",
    "ArticleByline",
    "ArticlePage",
    "Attachment",
    "Byline",
    "ChapterPage",
    "CoSignature",
    "Comment",
    "CommentState",
    "Contact",
    "Correction",
    "CosignatureState",
    "EditionJob",
    "EditionState",
    "Enquiry",
    "FrontPage",
    "ImportedItem",
    "InfoPage",
    "LetterPage",
    "Mailing",
    "Office",
    "OfficialSite",
    "OrganisationEvent",
    "OrganisationKey",
    "OrganisationPage",
    "Posted",
    "PressDocument",
    "PressImage",
    "PressRendition",
    "PublicationKind",
    "PublicationPage",
    "RelatedArticle",
    "Report",
    "SecondPair",
    "SectionPage",
    "SigningKey",
    "StatuteArticle",
    "Subscriber",
    "Tally",
    "Token",
    "VoteState",
]
