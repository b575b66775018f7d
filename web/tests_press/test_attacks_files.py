"""What a stranger can learn or break by addresses of files that no page links to."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from newsroom import picture
from sanduq_web.press.models import PressDocument


@pytest.fixture
def paper(site: Any) -> PressDocument:
    """A document of which only the desk knows."""
    return PressDocument.objects.create(title="Levels", file=ContentFile(b"a,b\n1,2\n", "levels.csv"))


@pytest.mark.parametrize("up", ["images/../", "images/x/../../", "images//../", "images/./../"])
def test_from_the_pictures_no_way_leads_to_other_files(reader: Client, paper: PressDocument, up: str) -> None:
    """A picture's address tells the name of its original, of which an editor may have shown a part only."""
    image = picture()
    shown = image.get_rendition("fill-480x320|format-jpeg")
    assert reader.get(f"/media/{shown.file.name}").status_code == 200
    for hidden in (image.file.name, paper.file.name):
        assert reader.get(f"/media/{up}{hidden}").status_code in (400, 404)


def test_whoever_has_a_copy_of_a_document_cannot_ask_whether_the_desk_has_it(reader: Client, paper: PressDocument) -> None:
    etag = reader.get(paper.url)["ETag"]
    for header, value in (("If-None-Match", etag), ("If-None-Match", "*"), ("If-Match", '"x"')):
        answers = [reader.get(f"/documents/{number}/x", headers={header: value}) for number in (paper.pk, paper.pk + 1)]
        assert [answer.status_code for answer in answers] == [404, 404], header


@pytest.mark.parametrize(
    "address",
    [
        f"/documents/{'9' * 5000}/x", f"/documents/{'9' * 30}/x", "/documents/1/%00", f"/documents/1/{'a' * 9000}",
        f"/media/images/{'a' * 300}", "/media/images/%00", "/media/images/", "/media/images/../images/",
        "/static/press", "/static/wagtailadmin", f"/static/{'a' * 300}", "/static/%00", "/static/%2e%2e/settings.py",
    ],
)  # fmt: skip
def test_a_wrong_address_of_a_file_is_just_not_there(site: Any, reader: Client, address: str) -> None:
    picture().get_rendition("width-80")
    assert reader.get(address).status_code in (400, 404)
