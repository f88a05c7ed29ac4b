"""Files to log, made on the spot: honest ones and hostile ones."""

import io
import struct
import zlib

from PIL import ExifTags, Image, PngImagePlugin


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF whose pages each hold lines of plain text."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, page in enumerate(pages):
        lines = " ".join(f"({line}) Tj 0 -20 Td" for line in page.split("\n"))
        stream = f"BT /F1 14 Tf 50 700 Td {lines} ET".encode("latin-1")
        resources = b"/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 600 800]"
        objects.append(b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R >>" % (resources, 5 + 2 * number))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(f"<< /Title ({title}) >>".encode())
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF"
    return content + trailer % (len(objects) + 1, len(objects), start)


def picture(fmt: str = "PNG", size: tuple[int, int] = (80, 40), *, mode: str = "RGB", **more) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.convert(mode).save(out, fmt, **more)
    return out.getvalue()


def photo_with_gps(size: tuple[int, int] = (80, 40)) -> bytes:
    """A JPEG that says where (Noumea), when and with which camera it was taken, and that it lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kamera"
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.DateTime] = "2024:05:15 12:21:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (22.0, 16.0, 30.0), 3: "E", 4: (166.0, 27.0, 0.0)})
    return picture("JPEG", size, exif=exif, quality=95)


def animation(frames: int) -> bytes:
    """A GIF of many frames, the first of them red."""
    images = [Image.new("P", (8, 8), number % 200) for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=10, optimize=False)
    return out.getvalue()


def png_claiming(width: int, height: int, *, body: bool = True) -> bytes:
    """A small PNG that unpacks to width x height (a decompression bomb), or only says so in its header."""
    row = b"\0" + bytes(width // 8 + 1)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush() if body else b""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    """A PNG whose compressed comment unpacks to 100 MB."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 100_000_000, zip=True)
    return picture("PNG", pnginfo=info)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


ARTICLE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Nouméa sous tension</title>
<meta name="author" content="Ada Reporter"><meta property="article:published_time" content="2024-05-17T08:00:00Z">
<meta property="og:site_name" content="Le Journal"><script>var secret = "not seen";</script>
<style>p { color: red }</style></head><body><nav><a href="/">Accueil</a></nav>
<article><h1>Nouméa sous tension</h1><p>Les comptes ont publié <b>plus de 5 000</b> messages le 16 mai 2024.</p>
<p>Le parti a   démenti
toute participation, selon un communiqué publié le lendemain par son service de presse.</p>
<p hidden>hidden attribute</p><p style="display: none">hidden style</p><template>in a template</template>
<img src="http://tracker.example/pixel.gif" alt=""><iframe src="http://tracker.example/"></iframe>
</article><footer>Mentions légales</footer></body></html>"""

SVG = b"""<?xml version="1.0"?><!-- picture --><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">
<script>alert(2)</script><foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject></svg>"""
