"""Draws a picture: its first frame, upright, on white."""

import io
from typing import Any

from PIL import Image, ImageOps

from approvals.documents.inside.faults import Fault

# The most pixels that are decoded; a scan of a page at 600 dpi has 35 million.
MAX_PIXELS = 50_000_000
MAX_HEIGHTS = 4
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/tiff": "TIFF", "image/gif": "GIF"}


def read(job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The picture, or its size; a quote is never found, because nobody reads pictures here."""
    found = _opened(job["kind"], content)
    if job["do"] == "text":
        return {"text": "", "is_cut": False}, b""
    if job["do"] == "look":
        size = _size(*_upright(found), job["width"])
        notes = ["frames"] if getattr(found, "is_animated", False) else []
        unread = [None for _quote in job["quotes"]]
        return {"pages": 1, "sizes": [size], "places": unread, "blank": [1], "notes": notes}, b""
    if job["page"] != 1:
        raise Fault("no_page")
    size = _size(*_upright(found), job["width"])
    found.draft("RGB", (size[0], size[1]) if found.width <= found.height else (size[1], size[0]))
    picture = ImageOps.exif_transpose(_on_white(found))
    return {"size": size}, as_png(picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))


def as_png(picture: Image.Image) -> bytes:
    """The picture as PNG, without anything that came along with it."""
    told = io.BytesIO()
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)
    plain.save(told, "PNG", compress_level=3)
    return told.getvalue()


def _opened(kind: str, content: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        found = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Fault("too_large") from error
    if found.width * found.height > MAX_PIXELS:
        raise Fault("too_large")
    return found


def _upright(picture: Image.Image) -> tuple[int, int]:
    """The size of a picture as people hold it; cameras store it lying down and say so."""
    is_lying = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (picture.height, picture.width) if is_lying else (picture.width, picture.height)


def _size(width: int, height: int, wanted: int) -> tuple[int, int]:
    """As wide as wanted, but not larger than it is, and not endlessly high."""
    scale = min(1.0, wanted / width, MAX_HEIGHTS * wanted / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # 16 bits of gray; Pillow would cut off what is above 255.
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("1", "L", "RGB"):
        return picture.convert("L" if picture.mode == "1" else picture.mode)
    if picture.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGBA", clear.size, "white")
    ground.alpha_composite(clear)
    return ground.convert("RGB")
