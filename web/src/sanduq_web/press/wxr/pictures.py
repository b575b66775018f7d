"""Pictures of an export: found in a copy of WordPress's folder of uploads, never fetched."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from wagtail.images.fields import WagtailImageField

from sanduq import errors
from sanduq_web.press.models import PressImage
from sanduq_web.press.models.imported import ImportedItem
from sanduq_web.press.wxr.body import Picture
from sanduq_web.press.wxr.reader import Attachment, Export

_SIZE: Final = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|e\d{10,})(?=\.[a-z]{3,4}$)", re.IGNORECASE)


class Missing(Exception):
    """A picture that is not there, or is none; the message says which and why."""


def _relative(address: str) -> str:
    """The part of an address that is a path within the folder of uploads."""
    path = unquote(urlsplit(address).path)
    return path.partition("/uploads/")[2] or path.lstrip("/")


class Pictures:
    """The pictures of one export."""

    def __init__(self, export: Export, folder: Path | None, *, dry: bool) -> None:
        self._export = export
        self._folder = folder.resolve() if folder else None
        self._dry = dry
        self._of_path = {_relative(each.address): each for each in export.attachments.values() if each.address}
        self._made: dict[Path, Any] = {}

    def attachment(self, picture: Picture) -> Attachment | None:
        """The attachment that a picture in a text shows, perhaps smaller."""
        if picture.number is not None and picture.number in self._export.attachments:
            return self._export.attachments[picture.number]
        path = _relative(picture.address)
        return self._of_path.get(path) or self._of_path.get(_SIZE.sub("", path))

    def of_text(self, picture: Picture) -> Any:
        """The image for a picture in a text."""
        found = self.attachment(picture)
        if found is not None:
            return self.of_attachment(found, alt=picture.alt)
        return self._image([_SIZE.sub("", _relative(picture.address)), _relative(picture.address)], "", picture.alt)

    def of_attachment(self, attachment: Attachment, alt: str = "") -> Any:
        """The image for an attachment; None when nothing is to be written. Raises :class:`Missing`."""
        described = alt or attachment.alt or attachment.caption
        return self._image([attachment.path, _relative(attachment.address)], attachment.title, described)

    def _image(self, names: list[str], title: str, alt: str) -> Any:
        path = self._find([name for name in names if name])
        if path not in self._made:
            self._made[path] = None if self._dry else self._save(path, title, alt)
        return self._made[path]

    def _find(self, names: list[str]) -> Path:
        shown = names[-1] if names else "a picture without an address"
        if self._folder is None:
            raise Missing(f"picture {shown}: no folder of files was given (--media)")
        for name in names:
            path = (self._folder / PurePosixPath(name)).resolve()
            # A name with .. or a link may lead out of the folder.
            if path.is_relative_to(self._folder) and path.is_file():
                return path
        raise Missing(f"picture {shown}: not in the folder of files")

    def _save(self, path: Path, title: str, alt: str) -> Any:
        most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
        if path.stat().st_size > most:
            raise Missing(f"picture {path.name}: more than {most} bytes")
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        known = ImportedItem.objects.filter(digest=digest).first()
        if known is not None and known.picture is not None:
            return known.picture
        name = re.sub(r"[^a-z0-9]+", "-", anyascii(path.stem).lower()).strip("-")[:60] or digest[:12]
        try:
            WagtailImageField().clean(SimpleUploadedFile(f"{name}{path.suffix.lower()}", raw))
        except ValidationError as error:
            raise Missing(f"picture {path.name}: {' '.join(error.messages)}") from error
        with transaction.atomic():
            file = ContentFile(raw, name=f"{name}{path.suffix.lower()}")
            image: Any = PressImage(
                title=(title or name)[:255], description=alt[:255], credit=self._export.title[:200], file=file
            )
            try:
                image.save()
            except errors.Refused as refusal:
                raise Missing(f"picture {path.name}: {refusal}") from refusal
            image.file.close()
            ImportedItem.objects.update_or_create(digest=digest, defaults={"picture": image})
        return image
