"""Pictures are drawn anew, so that nothing but the picture is kept."""

from __future__ import annotations

import errno
import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile, File
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

logger = logging.getLogger(__name__)

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDEST = 2400
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
# Larger profiles of colour are tables for presses.
LARGEST_PROFILE = 4 * 1024 * 1024


class FileRefused(Exception):
    """A file that is not taken; the text says why, for people."""


class NoRoom(FileRefused):
    """The disk is full: what is refused now may be taken later."""


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """Turn a disk that is full into words. Raises NoRoom."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        logger.error("no room for a file of %s bytes", size)
        raise NoRoom(
            _("There is no room for it on this server at the moment. Try again in a while, or tell "
              "the organizers; what you have written is stored.")
        ) from None  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A picture that was drawn anew, fit to be stored."""

    content: ContentFile
    content_type: str
    extension: str
    width: int
    height: int


def taken_in(upload: File) -> Drawn:
    """A picture that somebody uploaded, drawn anew. Raises FileRefused."""
    if upload.size > LARGEST:
        raise FileRefused(
            _("This picture has %(size)s; %(most)s are the most.")
            % {"size": filesizeformat(upload.size), "most": filesizeformat(LARGEST)}
        )
    head = upload.read(16)
    upload.seek(0)
    neither = FileRefused(_("This is no picture: PNG, JPEG, GIF and WebP are taken."))
    if not head.startswith(SIGNS):
        raise neither
    try:
        picture = open_picture(upload)
    except UnidentifiedImageError:
        raise neither from None
    is_photo = picture.format == "JPEG"
    content = drawn_anew(picture)
    with Image.open(content) as drawn:
        width, height = drawn.size
    content.seek(0)
    content_type, extension = ("image/jpeg", ".jpg") if is_photo else ("image/png", ".png")
    return Drawn(content, content_type, extension, width, height)


def store(field: FieldFile, drawn: Drawn) -> None:
    """Write a picture to its field. Raises NoRoom where the disk is full, and leaves nothing
    then."""
    content = drawn.content.read()
    name = f"{hashlib.sha256(content).hexdigest()}{drawn.extension}"
    path = field.storage.get_available_name(field.field.generate_filename(field.instance, name))
    with no_room(len(content)):
        try:
            field.save(name, ContentFile(content), save=False)
        except OSError:
            field.storage.delete(path)
            raise


_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, MemoryError)


def open_picture(content: File | io.BytesIO) -> Image.Image:
    """The picture with its size known and nothing unpacked. Raises FileRefused where it has too
    many pixels, and UnidentifiedImageError where it is none."""
    try:
        # Opening reads the head alone.
        picture = Image.open(content, formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnidentifiedImageError from error
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()
    return picture


def _too_large() -> FileRefused:
    return FileRefused(_("This picture has too many pixels; 40 million are the most."))


def drawn_anew(picture: Image.Image) -> ContentFile:
    """A photograph as JPEG, else a PNG: upright, at most 2,400 pixels wide and high, in sRGB, of a
    moving one the first picture. Raises FileRefused where it is damaged."""
    is_photo = picture.format == "JPEG"
    drawn = io.BytesIO()
    try:
        profile = picture.info.get("icc_profile")
        if is_photo:
            # Half, a quarter or an eighth of it is read where that is enough.
            picture.draft(None, (WIDEST, WIDEST))
        picture = _with_eight_bits(picture)
        picture.thumbnail((WIDEST, WIDEST))
        picture = ImageOps.exif_transpose(picture)
        picture = _in_srgb(picture, profile).convert("RGB" if is_photo else "RGBA")
        # Comments and the like would be written along.
        picture.info = {}
        if is_photo:
            picture.save(drawn, "JPEG", quality=88)
        else:
            picture.save(drawn, "PNG")
    except _DAMAGE:
        raise FileRefused(
            _("This picture is damaged: it cannot be read to its end. Save it anew.")
        ) from None
    return ContentFile(drawn.getvalue())


def _with_eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits as greys of 8, and colours out of a palette as themselves."""
    if picture.mode.startswith("I"):
        return picture.point(lambda grey: grey / 256).convert("L")
    if picture.mode == "P":
        return picture.convert("RGBA")
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as the profile means them; as they are where it cannot be followed."""
    if not profile or len(profile) > LARGEST_PROFILE or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
