"""The forms by which pictures and documents come in: every one of the desk's uses these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtail.models import Page, ReferenceIndex

from sanduq import errors
from sanduq_web.press.uploads import clean_document, clean_picture, neutral_name

_SHOWN: Final = _("It is on a page that is published, and nobody publishes alone: upload it anew, and put that in its place.")


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


def is_shown(item: Any) -> bool:
    """Whether a picture or document stands on a page that is published."""
    of_pages = ContentType.objects.get_for_model(Page)
    there = ReferenceIndex.get_references_to(item).filter(base_content_type=of_pages).values_list("object_id", flat=True)
    return bool(Page.objects.filter(pk__in=[int(each) for each in there], live=True).exists())


def _refusal(error: errors.Refused) -> ValidationError:
    told = error.brief[:1].upper() + error.brief[1:]
    return ValidationError(f"{told}: {error.hint}." if error.hint else f"{told}.")


class _Plain:
    """Titles are never the names of files: those come from cameras, telephones and people."""

    fields: Any
    cleaned_data: Any
    instance: Any
    changed_data: list[str]
    add_error: Callable[[str, Any], None]
    shown: tuple[str, ...]
    cleaner: Callable[[Any], Cleaned]

    def _begin(self) -> None:
        if self.instance.pk:
            # What somebody has approved with its picture, or signed with its paper, is not another one the day after.
            self.fields.pop("file", None)
        elif "file" in self.fields:
            self._title_by_hand()

    def clean(self) -> Any:
        """Nor are the words that readers see with it."""
        data = super().clean()  # type: ignore[misc]
        changed = [name for name in self.shown if name in self.changed_data]
        if self.instance.pk and changed and is_shown(self.instance):
            self.add_error(changed[0], _SHOWN)
        return data

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

    shown = ("description", "credit")
    cleaner = staticmethod(cleaned_picture)

    class Meta(BaseImageForm.Meta):
        widgets = BaseImageForm.Meta.widgets | {"file": forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})}

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["description"].required = True
        self.fields["description"].label = _("what is seen on it, for whoever does not see it")
        self.fields["title"].required = False
        self._begin()

    def clean(self) -> Any:
        """Without a title: how its description begins."""
        data = super().clean()
        if not data.get("title"):
            data["title"] = str(data.get("description", ""))[:80]
        return data


class DocumentForm(_Plain, BaseDocumentForm):
    """A document: its title is typed."""

    shown = ("title", "credit")
    cleaner = staticmethod(cleaned_document)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._begin()
