"""Pictures that are large, broken, odd, or something else besides."""

from __future__ import annotations

import io
import zlib

from PIL import Image, ImageCms

from tests.submissions.corpus import Awkward

SCRIPT = b"<script>document.title='run'</script>"


def drawn(form: str, picture: Image.Image | None = None, **options) -> bytes:
    picture = picture or Image.effect_mandelbrot((60, 40), (-2, -1, 1, 1), 20)
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def png(width: int, height: int, rows: bytes, depth: int = 1, colour: int = 0) -> bytes:
    """A PNG that says it has these sizes, whatever is in it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + checksum

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colour, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "Secret Camera", "Jane Doe"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 34.0), 3: "E", 4: (12.0, 34.0, 6.0)})
    return drawn("JPEG", Image.new("RGB", (60, 40), "teal"), exif=exif)


def of_16_bits() -> bytes:
    return drawn("PNG", Image.new("I;16", (40, 30), 40_000))


def moving(frames: int) -> bytes:
    more = [Image.new("L", (20, 20), n % 256) for n in range(frames)]
    return drawn("GIF", more[0], save_all=True, append_images=more[1:])


def with_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    return drawn("JPEG", Image.new("RGB", (40, 30), "teal"), icc_profile=profile)


FILES = [
    Awkward("50000-wide.png", lambda: png(50_000, 50_000, zlib.compress(bytes(6250 * 90))),
            refused="too many pixels"),
    Awkward("wide-and-flat.png", lambda: png(50_000, 2, zlib.compress(bytes(6251 * 2), 9)),
            kind="image"),
    Awkward("endless.png", lambda: png(2**31 - 1, 2**31 - 1, b""), refused="too many pixels"),
    Awkward("no-pixels.png", lambda: png(0, 0, b""), refused="neither a PDF"),
    Awkward("too-little-in-it.png", lambda: png(4000, 4000, zlib.compress(bytes(100))),
            refused="damaged"),
    Awkward("thousands-of-pictures.gif", lambda: moving(3000), kind="image"),
    Awkward("moving.webp", lambda: drawn("WEBP", save_all=True, append_images=[
        Image.new("L", (60, 40))] * 5), kind="image"),
    Awkward("still.webp", lambda: drawn("WEBP", lossless=True), kind="image"),
    Awkward("lying.webp", lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 ", refused="neither a PDF"),
    Awkward("upside-down.jpg", lambda: with_exif(3), kind="image"),
    Awkward("on-its-side-with-place.jpg", lambda: with_exif(6), kind="image"),
    Awkward("cut-off.jpg", lambda: drawn("JPEG")[:-400], refused="damaged"),
    Awkward("cut-off.png", lambda: drawn("PNG")[:80], refused="damaged"),
    Awkward("head-alone.gif", lambda: b"GIF89a", refused="neither a PDF"),
    Awkward("of-16-bits.png", of_16_bits, kind="image"),
    Awkward("for-the-press.jpg", lambda: drawn("JPEG", Image.new("CMYK", (40, 30), (9, 9, 9, 9))),
            kind="image"),
    Awkward("with-profile.jpg", with_profile, kind="image"),
    Awkward("with-a-script-as-profile.png", lambda: drawn("PNG", icc_profile=SCRIPT * 100),
            kind="image"),
    Awkward("transparent-palette.png", lambda: drawn("PNG", Image.new("P", (40, 30), 1),
            transparency=1), kind="image"),
    Awkward("picture-and-page.png", lambda: drawn("PNG") + b"<html>" + SCRIPT, kind="image"),
    Awkward("picture-and-archive.gif", lambda: drawn("GIF") + b"PK\x03\x04" + bytes(40),
            kind="image"),
    Awkward("page-and-picture.png", lambda: SCRIPT + drawn("PNG"), refused="neither a PDF"),
    Awkward("drawing.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
            refused="neither a PDF"),
    Awkward("scan.tiff", lambda: drawn("TIFF"), refused="neither a PDF"),
]  # fmt: skip
