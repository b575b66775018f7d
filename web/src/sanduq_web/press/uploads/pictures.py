"""Pictures: only what is seen goes on. No EXIF, place, thumbnail, XMP, IPTC, comment, colour profile, second picture."""

from __future__ import annotations

import io
import warnings
from typing import Final

from django.conf import settings
from PIL import Image, ImageCms, ImageOps

from sanduq import errors

# Larger than any page shows. Making a picture smaller also blurs the pattern by which a camera's sensor can be known.
_EDGE: Final = 3200
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_ENDINGS: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_AGAIN: Final = "save the picture again as JPEG, PNG or WebP, and upload that"


def clean_picture(raw: bytes) -> tuple[bytes, str]:
    """The picture painted anew, and the ending for its name; what it is is told by its bytes, never by its name.

    Raises :class:`sanduq.errors.Refused` for what is no picture, is broken, moves, or is too large.
    """
    if not raw:
        raise errors.Refused("the file is empty", hint="upload the picture again")
    if len(raw) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE >> 20
        raise errors.Refused(f"the picture has {len(raw) >> 20} MiB; at most {most}", hint="make it smaller")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _painted(raw)
    except errors.Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise errors.Refused("the picture has far too many pixels", hint="make it smaller") from error
    # Whatever Pillow says of bytes that are no picture (it says it in many ways): they are refused.
    except Exception as error:
        raise errors.Refused("the file is no picture that can be read", hint=_AGAIN) from error


def _painted(raw: bytes) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(raw), formats=_FORMATS) as opened:
        if opened.width * opened.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
            raise errors.Refused(f"the picture has {opened.width} × {opened.height} pixels; at most {most} in all")
        # MPO: telephones put a second picture behind a JPEG; the first is the one that is meant.
        if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
            raise errors.Refused("the picture moves", hint="save one frame of it")
        opened.load()
        turned = ImageOps.exif_transpose(opened)
        ending = {"MPO": "JPEG", "GIF": "PNG"}.get(str(opened.format), str(opened.format))
    seen = _in_srgb(turned)
    seen.thumbnail((_EDGE, _EDGE), Image.Resampling.LANCZOS)
    # A new picture has no `info`, from which Pillow would write comments and profiles into the file.
    clean = Image.new(seen.mode, seen.size)
    clean.paste(seen)
    out = io.BytesIO()
    if ending == "JPEG":
        clean.convert("RGB").save(out, "JPEG", quality=90, optimize=True, progressive=True)
    elif ending == "WEBP":
        clean.save(out, "WEBP", quality=90, method=4)
    else:
        clean.save(out, "PNG", optimize=True)
    return out.getvalue(), _ENDINGS[ending]


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in the colours of screens, so that it looks right without the profile (which may name a device)."""
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = changed or picture
        except ImageCms.PyCMSError:
            pass  # a profile that cannot be read tells nothing of colours
    if see_through:
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode in ("1", "L", "I;16") else "RGB")
