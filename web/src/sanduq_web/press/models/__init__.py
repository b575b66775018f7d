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
from sanduq_web.press.models.enquiries import Enquiry
from sanduq_web.press.models.imported import ImportedItem
from sanduq_web.press.models.limits import Posted, Tally
from sanduq_web.press.models.media import PressDocument, PressImage, PressRendition
from sanduq_web.press.models.pages import FrontPage, InfoPage, SectionPage
from sanduq_web.press.models.shown import Token, VoteState
from sanduq_web.press.models.subscribers import Mailing, Subscriber
from sanduq_web.press.models.workflow import SecondPair

__all__ = [
    "Account",
    "ArticleByline",
    "ArticlePage",
    "Attachment",
    "Byline",
    "Comment",
    "CommentState",
    "Correction",
    "Enquiry",
    "FrontPage",
    "ImportedItem",
    "InfoPage",
    "Mailing",
    "Posted",
    "PressDocument",
    "PressImage",
    "PressRendition",
    "RelatedArticle",
    "Report",
    "SecondPair",
    "SectionPage",
    "Subscriber",
    "Tally",
    "Token",
    "VoteState",
]
