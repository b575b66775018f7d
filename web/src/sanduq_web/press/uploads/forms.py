"""The forms by which pictures and documents come in: every one of the desk's uses these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from sanduq import errors
from sanduq_web.press.uploads import clean_document, clean_picture, neutral_name


class Cleaned(ContentFile):  # type: ignore[type-arg]
    """What came in, cleaned: it is not cleaned a second time when its record is saved."""


def cleaned_picture(file: Any) -> Cleaned:
    """A picture, clean and under a name of its own."""
    file.seek(0)
    raw, ending = clean_picture(file.read())
    return Cleaned(raw, name=neutral_name(ending))


def cleaned_document(file: Any) -> Cleaned:
    """A document, clean and under a name of its own."""
    file.seek(0)
    raw, ending = clean_document(file.read(), str(file.name))
    return Cleaned(raw, name=neutral_name(ending))


def _refusal(error: errors.Refused) -> ValidationError:
    told = error.brief[:1].upper() + error.brief[1:]
    return ValidationError(f"{told}: {error.hint}." if error.hint else f"{told}.")


class _Plain:
    """Titles are never the names of files: those come from cameras, telephones and people."""

    fields: Any
    cleaned_data: Any
    cleaner: Callable[[Any], Cleaned]

    def _title_by_hand(self) -> None:
        for attribute in [each for each in self.fields["file"].widget.attrs if each.startswith("data-")]:
            del self.fields["file"].widget.attrs[attribute]

    def clean_file(self) -> Any:
        """The file, cleaned; or why that cannot be done."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            return self.cleaner(file)
        except errors.Refused as error:
            raise _refusal(error) from error


class PictureForm(_Plain, BaseImageForm):
    """A picture: what is seen on it and whose it is are asked for; its title is the beginning of that description."""

    cleaner = staticmethod(cleaned_picture)

    class Meta(BaseImageForm.Meta):
        widgets = BaseImageForm.Meta.widgets | {"file": forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})}

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["description"].required = True
        self.fields["description"].label = _("what is seen on it, for whoever does not see it")
        self.fields["title"].required = False
        if "file" in self.fields:
            self._title_by_hand()

    def clean(self) -> Any:
        """Without a title: how its description begins."""
        data = super().clean()
        if not data.get("title"):
            data["title"] = str(data.get("description", ""))[:80]
        return data


class DocumentForm(_Plain, BaseDocumentForm):
    """A document: its title is typed."""

    cleaner = staticmethod(cleaned_document)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if "file" in self.fields:
            self._title_by_hand()
