"""What is done to the press site: verbs, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from sanduq import errors
from sanduq.press import Cosignature, check_signature, read_signature
from sanduq_web.press.desk.accounts import make_desk
from sanduq_web.press.models import CoSignature, CosignatureState, FrontPage, LetterPage, SigningKey

_MOST_WAITING: Final = 200


@transaction.atomic
def make_site(name: str, hostname: str, port: int, languages: Sequence[str], titles: dict[str, str] | None = None) -> Site:
    """A site with a tree of pages for each language; the first language is the one that its address alone leads to.

    Raises :class:`sanduq.errors.Unusable` for a language that is none of the installation's, and for an address that is taken.
    """
    known = dict(settings.LANGUAGES)
    unknown = [code for code in languages if code not in known]
    if unknown or not languages:
        raise errors.Unusable(f"languages: {' '.join(unknown) or 'none'}; expected some of {' '.join(known)}")
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code in languages]
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    welcome = Page.objects.filter(depth=2, content_type__model="page").first()
    taken = Site.objects.filter(hostname=hostname, port=port).first()
    if taken is not None and (welcome is None or taken.root_page_id != welcome.pk):
        raise errors.Unusable(f"{hostname}:{port} is the address of another site here: {taken.site_name}")
    number = FrontPage.objects.count()
    first: Any = FrontPage(title=(titles or {}).get(languages[0], name), slug=f"site-{number + 1}", locale=locales[0])
    root.add_child(instance=first)
    site, _ = Site.objects.update_or_create(
        hostname=hostname, port=port, defaults={"root_page": first, "site_name": name, "is_default_site": number == 0}
    )
    if welcome is not None:
        welcome.delete()
    make_desk()
    for locale in locales[1:]:
        page = first.copy_for_translation(locale)
        page.title = page.draft_title = (titles or {}).get(locale.language_code, name)
        page.save_revision().publish()
    return site


def is_known(key: str) -> bool:
    """Whether editors have written down whose key it is."""
    return SigningKey.objects.filter(key=key, withdrawn_on=None).exists()


def checked_signature(page: LetterPage, data: bytes) -> Cosignature:
    """A signature that can be taken in for an open letter.

    Raises :class:`sanduq.errors.Refused` for what does not hold under the text as it is published, and
    :class:`sanduq.errors.Unusable` when the letter is not open, the key has signed otherwise, or too many wait. However many
    somebody makes up: an organisation whose key the editors know is not kept out.
    """
    from sanduq_web.press.letters import is_open, letter_of

    if not is_open(page):
        raise errors.Unusable("closed")
    given = read_signature(data)
    check_signature(given, letter_of(page))
    before: CoSignature | None = page.cosignatures.filter(key=given.key, letter_sha256=given.letter).first()
    if before is not None and before.given.strip() != given.to_bytes().decode():
        raise errors.Unusable("signed already")
    waiting = page.cosignatures.filter(state=CosignatureState.WAITING).count()
    if before is None and waiting >= _MOST_WAITING and not is_known(given.key):
        raise errors.Unusable("too many wait")
    return given


@transaction.atomic
def receive_signature(page: LetterPage, data: bytes) -> CoSignature:
    """Take a signature in; an editor then accepts it. The same one again changes nothing.

    Raises what :func:`checked_signature` does.
    """
    given = checked_signature(page, data)
    new = {"given": given.to_bytes().decode(), "order": page.cosignatures.count() + 1}
    return CoSignature.objects.get_or_create(letter=page, key=given.key, letter_sha256=given.letter, defaults=new)[0]
