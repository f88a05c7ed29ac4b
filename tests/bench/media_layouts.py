"""Pictures put into others: screenshots of posts, montages, splices, insets and cut-outs."""

from math import ceil, cos, pi, sin

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.bench.media_made import (
    WHOLE,
    Attack,
    Made,
    Placed,
    Random,
    Region,
    cropped,
    font_of,
    inner,
    nested,
    recoded,
    sentence,
    sized,
)


def post(style: str, within: Attack | None = None) -> Attack:
    """A screenshot of a post that shows the picture: light, dark or mobile."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        made = within(photos, hosts, random) if within else Made(photos[0], [Placed(0, WHOLE)])
        return post_screenshot(made, style, random)

    return attack


def post_screenshot(made: Made, style: str, random: Random) -> Made:
    width = 420 if style == "mobile" else 640
    ground, ink = ((21, 32, 43), (235, 238, 240)) if style == "dark" else ((255, 255, 255), (15, 20, 25))
    margin = 0 if style == "mobile" else 24
    picture = sized(made.image, (width - 2 * margin) / made.image.width)
    top = 150 if style != "mobile" else 190
    canvas = Image.new("RGB", (width, top + picture.height + 90), ground)
    draw = ImageDraw.Draw(canvas)
    if style == "mobile":
        draw.text((16, 6), "9:41", font=font_of(16), fill=ink)
        draw.rectangle((width - 50, 8, width - 16, 20), outline=ink)
    head = 40 if style == "mobile" else 16
    draw.ellipse((16, head, 64, head + 48), fill=tuple(int(v) for v in random.integers(40, 220, 3)))
    draw.text((76, head), "Example Account", font=font_of(18), fill=ink)
    draw.text((76, head + 24), "@example · 3h", font=font_of(14), fill=(120, 130, 140))
    for line in range(2):
        draw.text((16, head + 62 + line * 24), sentence(random, 6), font=font_of(17), fill=ink)
    canvas.paste(picture, (margin, top))
    for place in range(4):
        x = 30 + place * (width - 60) // 4
        draw.ellipse((x, canvas.height - 60, x + 22, canvas.height - 38), outline=(120, 130, 140), width=2)
        draw.text((x + 30, canvas.height - 58), str(random.integers(1, 999)), font=font_of(14), fill=(120, 130, 140))
    return nested(made, canvas, (margin, top, picture.width, picture.height))


def montage(columns: int, rows: int, gap: int, *, cut: float = 1.0) -> Attack:
    """Photographs side by side in cells; `cut` is the share of each photograph's width that is left."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        cell_width, cell_height = 960 // columns, 640 // rows
        size = columns * cell_width + (columns - 1) * gap, rows * cell_height + (rows - 1) * gap
        canvas = Image.new("RGB", size, (255, 255, 255) if random.random() < 0.6 else (0, 0, 0))
        placed = []
        for number in range(columns * rows):
            image, region = photos[number], WHOLE
            if cut < 1:
                image, region = cropped(image, cut, 1.0, random)
            fitted, region = _filling(image, cell_width, cell_height, region)
            x, y = number % columns * (cell_width + gap), number // columns * (cell_height + gap)
            canvas.paste(fitted, (x, y))
            placed.append(
                Placed(number, (x / size[0], y / size[1], cell_width / size[0], cell_height / size[1]), region)
            )
        return Made(recoded(canvas, 82), placed)

    return attack


def _filling(image: Image.Image, width: int, height: int, region: Region) -> tuple[Image.Image, Region]:
    """Scaled to fill the cell and cut in the middle, as platforms do; the region is that which is left."""
    factor = max(width / image.width, height / image.height)
    scaled = image.resize((ceil(image.width * factor), ceil(image.height * factor)), Image.Resampling.LANCZOS)
    left, upper = (scaled.width - width) // 2, (scaled.height - height) // 2
    across, down = width / scaled.width, height / scaled.height
    x, y, w, h = region
    inner = x + left / scaled.width * w, y + upper / scaled.height * h, across * w, down * h
    return scaled.crop((left, upper, left + width, upper + height)), inner


def diagonal(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    size = 840, 560
    (first, first_region), (second, second_region) = (_filling(photo, *size, WHOLE) for photo in photos[:2])
    lean = random.uniform(0.15, 0.35)
    mask = Image.new("L", size, 0)
    upper, lower = (0.5 + lean) * size[0], (0.5 - lean) * size[0]
    ImageDraw.Draw(mask).polygon([(0, 0), (upper, 0), (lower, size[1]), (0, size[1])], fill=255)
    canvas = Image.composite(first, second, mask)
    left, right = (0, 0, 0.5 + lean, 1), (0.5 - lean, 0, 0.5 + lean, 1)
    return Made(
        recoded(canvas, 85),
        [Placed(0, left, inner(first_region, left)), Placed(1, right, inner(second_region, right))],
    )


def inset(share: float, *, cut: float = 1.0) -> Attack:
    """Picture-in-picture: the photograph covers `share` of the area of a host."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        canvas = hosts[0].copy()
        image, region = cropped(photos[0], cut, cut, random) if cut < 1 else (photos[0], WHOLE)
        small = sized(image, (share * canvas.width * canvas.height / (image.width * image.height)) ** 0.5)
        small = small.crop((0, 0, min(small.width, canvas.width), min(small.height, canvas.height)))
        x = int(random.uniform(0, canvas.width - small.width))
        y = int(random.uniform(0, canvas.height - small.height))
        canvas.paste(small, (x, y))
        place = x / canvas.width, y / canvas.height, small.width / canvas.width, small.height / canvas.height
        return Made(recoded(canvas, 82), [Placed(0, place, region)])

    return attack


def cut_out(share: float) -> Attack:
    """A blob cut from the photograph, pasted so that its box covers about `share` of the area of a host."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        canvas, photo = hosts[0].copy(), photos[0]
        side = share**0.5
        across = min(1.0, side * random.uniform(1.0, 1.5))
        piece, region = cropped(photo, across, across, random)
        factor = (share * canvas.width * canvas.height / (piece.width * piece.height)) ** 0.5
        piece = sized(piece, min(factor, canvas.width / piece.width, canvas.height / piece.height))
        x = int(random.uniform(0, canvas.width - piece.width))
        y = int(random.uniform(0, canvas.height - piece.height))
        blob = _blob(piece.size, random)
        canvas.paste(piece, (x, y), blob)
        left, upper, right, lower = blob.point(lambda value: 255 * (value > 127)).getbbox()
        shown = left / piece.width, upper / piece.height, (right - left) / piece.width, (lower - upper) / piece.height
        place = x / canvas.width, y / canvas.height, piece.width / canvas.width, piece.height / canvas.height
        return Made(recoded(canvas, 85), [Placed(0, inner(place, shown), inner(region, shown))])

    return attack


def _blob(size: tuple[int, int], random: Random) -> Image.Image:
    mask = Image.new("L", size, 0)
    turns = np.linspace(0, 2 * pi, 24, endpoint=False)
    radii = np.clip(0.88 + 0.12 * np.cumsum(random.normal(0, 0.3, 24)) / 3, 0.7, 1.0)
    points = [
        (size[0] / 2 * (1 + r * cos(t)), size[1] / 2 * (1 + r * sin(t))) for r, t in zip(radii, turns, strict=True)
    ]
    ImageDraw.Draw(mask).polygon(points, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(1))
