"""What people do to pictures before they pass them on: each attack makes a query and says what came from where.

Every attack takes the photographs it is made of, hosts that are in no store, and a seeded generator; the same seed
makes the same query. Regions are fractions [x, y, w, h], those of cut-outs the bounding boxes.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, cos, pi, sin

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Region = tuple[float, float, float, float]
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)
SENTENCE = "BREAKING shared by nobody in particular this is what they do not want you to see tonight look at it"
WORDS = SENTENCE.split()


@dataclass(frozen=True)
class Placed:
    """Photograph number `source` (of those given) shows its `stored` region in the `query` region."""

    source: int
    query: Region
    stored: Region = WHOLE


@dataclass
class Made:
    """A query: the picture and what is in it."""

    image: Image.Image
    placed: list[Placed] = field(default_factory=list)


Random = np.random.Generator
Attack = Callable[[list[Image.Image], list[Image.Image], Random], Made]


def recoded(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def _sized(image: Image.Image, factor: float) -> Image.Image:
    size = max(8, round(image.width * factor)), max(8, round(image.height * factor))
    return image.resize(size, Image.Resampling.LANCZOS)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(max(8, size))


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choice(WORDS, words))


def simple(change: Callable[[Image.Image, Random], Image.Image]) -> Attack:
    """An attack that changes pixels but not what is where."""
    return lambda photos, hosts, random: Made(change(photos[0], random), [Placed(0, WHOLE)])


def _colour(image: Image.Image, random: Random) -> Image.Image:
    image = ImageEnhance.Color(image).enhance(random.choice([0.2, 2.2]))
    image = ImageEnhance.Contrast(image).enhance(random.uniform(0.6, 1.6))
    image = ImageEnhance.Brightness(image).enhance(random.uniform(0.65, 1.4))
    tint = Image.new("RGB", image.size, tuple(int(v) for v in random.integers(0, 255, 3)))
    return Image.blend(image, tint, 0.15)


def _noise(image: Image.Image, random: Random) -> Image.Image:
    values = np.asarray(image, np.float32) + random.normal(0, 14, (image.height, image.width, 1))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _gamma(image: Image.Image, random: Random) -> Image.Image:
    power = random.choice([0.5, 1.9])
    return image.point([round(255 * (value / 255) ** power) for value in range(256)] * 3)


def turned(image: Image.Image, random: Random) -> Image.Image:
    angle = random.uniform(4, 25) * random.choice([-1, 1])
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))


def turned_full(image: Image.Image, random: Random) -> Image.Image:
    return image.rotate(random.uniform(30, 150), Image.Resampling.BICUBIC, expand=True, fillcolor=(20, 20, 20))


def _watermark(image: Image.Image, random: Random) -> Image.Image:
    layer = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(layer)
    font = _font(image.width // 14)
    for row in range(0, image.height, image.height // 4):
        draw.text((random.integers(0, image.width // 3), row), "stock photo  sample", fill=110, font=font)
    return Image.composite(Image.new("RGB", image.size, (255, 255, 255)), image, layer)


def _text(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for row in (0.05, 0.72, 0.84):
        draw.text(
            (image.width * 0.05, image.height * row),
            _sentence(random, 4),
            font=_font(image.height // 9),
            fill=(255, 255, 255),
            stroke_width=max(1, image.height // 120),
            stroke_fill=(0, 0, 0),
        )
    return image


def _stickers(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for _ in range(4):
        radius = image.height * random.uniform(0.07, 0.14)
        x, y = random.uniform(0.1, 0.9) * image.width, random.uniform(0.1, 0.9) * image.height
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=(255, 205, 40), outline=(120, 80, 0), width=3
        )
        for side in (-0.4, 0.4):
            draw.ellipse((x + side * radius - 4, y - radius / 3, x + side * radius + 4, y), fill=(40, 20, 0))
        draw.arc((x - radius / 2, y - radius / 2, x + radius / 2, y + radius / 2), 20, 160, fill=(40, 20, 0), width=4)
    return image


def screen_photo(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """Taken from a screen at a slant: perspective, lines, glare, noise, blur."""
    image = photos[0]
    width, height = image.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    moved = corners * 0.86 + 0.07 * np.array([width, height]) + random.uniform(-0.03, 0.03, (4, 2)) * (width, height)
    rows, values = [], []
    for (u, v), (x, y) in zip(corners, moved, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    back = np.linalg.solve(np.array(rows), np.array(values))
    image = image.transform(image.size, Image.Transform.PERSPECTIVE, tuple(back), Image.Resampling.BICUBIC)
    lines = 1 - 0.10 * (np.arange(height)[:, None, None] % 3 == 0)
    glare = np.linspace(0.85, 1.2, width)[None, :, None]
    values = np.clip(np.asarray(image, np.float32) * lines * glare + random.normal(0, 5, (height, width, 1)), 0, 255)
    taken = recoded(Image.fromarray(values.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8)), 60)
    left, upper = moved.min(axis=0) / image.size
    right, lower = moved.max(axis=0) / image.size
    return Made(taken, [Placed(0, (float(left), float(upper), float(right - left), float(lower - upper)))])


def crop(share: float) -> Attack:
    """Cut away `share` of the area."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        image, region = _cropped(photos[0], (1 - share) ** 0.5, (1 - share) ** 0.5, random)
        return Made(recoded(image, 80), [Placed(0, WHOLE, region)])

    return attack


def _cropped(image: Image.Image, across: float, down: float, random: Random) -> tuple[Image.Image, Region]:
    x, y = random.uniform(0, 1 - across), random.uniform(0, 1 - down)
    box = x * image.width, y * image.height, (x + across) * image.width, (y + down) * image.height
    return image.crop(tuple(round(value) for value in box)), (x, y, across, down)


def framed(image: Image.Image, margins: tuple[int, int, int, int], colour: tuple) -> Made:
    left, upper, right, lower = margins
    canvas = Image.new("RGB", (image.width + left + right, image.height + upper + lower), colour)
    canvas.paste(image, (left, upper))
    region = left / canvas.width, upper / canvas.height, image.width / canvas.width, image.height / canvas.height
    return Made(canvas, [Placed(0, region)])


def caption(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    image = photos[0]
    bar = image.height // 5
    dark = random.random() < 0.5
    above = random.random() < 0.5
    made = framed(image, (0, bar * above, 0, bar * (not above)), (0, 0, 0) if dark else (255, 255, 255))
    draw = ImageDraw.Draw(made.image)
    for line in range(2):
        at = 8, (4 if above else image.height + 4) + line * bar // 2
        draw.text(at, _sentence(random, 6), font=_font(bar // 3), fill=(255, 255, 255) if dark else (0, 0, 0))
    return made


def border(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    thick = int(photos[0].height * random.uniform(0.04, 0.12))
    return framed(photos[0], (thick,) * 4, tuple(int(v) for v in random.integers(0, 255, 3)))


def letterbox(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    bar = int(photos[0].height * random.uniform(0.1, 0.25))
    return framed(photos[0], (0, bar, 0, bar), (0, 0, 0))


def post(style: str, inner: Attack | None = None) -> Attack:
    """A screenshot of a post that shows the picture: light, dark or mobile."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        made = inner(photos, hosts, random) if inner else Made(photos[0], [Placed(0, WHOLE)])
        return post_screenshot(made, style, random)

    return attack


def post_screenshot(made: Made, style: str, random: Random) -> Made:
    width = 420 if style == "mobile" else 640
    ground, ink = ((21, 32, 43), (235, 238, 240)) if style == "dark" else ((255, 255, 255), (15, 20, 25))
    margin = 0 if style == "mobile" else 24
    picture = _sized(made.image, (width - 2 * margin) / made.image.width)
    top = 150 if style != "mobile" else 190
    canvas = Image.new("RGB", (width, top + picture.height + 90), ground)
    draw = ImageDraw.Draw(canvas)
    if style == "mobile":
        draw.text((16, 6), "9:41", font=_font(16), fill=ink)
        draw.rectangle((width - 50, 8, width - 16, 20), outline=ink)
    head = 40 if style == "mobile" else 16
    draw.ellipse((16, head, 64, head + 48), fill=tuple(int(v) for v in random.integers(40, 220, 3)))
    draw.text((76, head), "Example Account", font=_font(18), fill=ink)
    draw.text((76, head + 24), "@example · 3h", font=_font(14), fill=(120, 130, 140))
    for line in range(2):
        draw.text((16, head + 62 + line * 24), _sentence(random, 6), font=_font(17), fill=ink)
    canvas.paste(picture, (margin, top))
    for place in range(4):
        x = 30 + place * (width - 60) // 4
        draw.ellipse((x, canvas.height - 60, x + 22, canvas.height - 38), outline=(120, 130, 140), width=2)
        draw.text((x + 30, canvas.height - 58), str(random.integers(1, 999)), font=_font(14), fill=(120, 130, 140))
    return nested(made, canvas, (margin, top, picture.width, picture.height))


def nested(made: Made, canvas: Image.Image, box: tuple[int, int, int, int]) -> Made:
    """The same placements after the picture of `made` was pasted into a box of the canvas."""
    x, y, w, h = box[0] / canvas.width, box[1] / canvas.height, box[2] / canvas.width, box[3] / canvas.height
    return Made(
        canvas,
        [
            Placed(
                one.source, (x + one.query[0] * w, y + one.query[1] * h, one.query[2] * w, one.query[3] * h), one.stored
            )
            for one in made.placed
        ],
    )


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
                image, region = _cropped(image, cut, 1.0, random)
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
        [Placed(0, left, _inner(first_region, left)), Placed(1, right, _inner(second_region, right))],
    )


def _inner(region: Region, part: Region) -> Region:
    x, y, w, h = region
    return x + part[0] * w, y + part[1] * h, part[2] * w, part[3] * h


def inset(share: float, *, cut: float = 1.0) -> Attack:
    """Picture-in-picture: the photograph covers `share` of the area of a host."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        canvas = hosts[0].copy()
        image, region = _cropped(photos[0], cut, cut, random) if cut < 1 else (photos[0], WHOLE)
        small = _sized(image, (share * canvas.width * canvas.height / (image.width * image.height)) ** 0.5)
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
        piece, region = _cropped(photo, across, across, random)
        factor = (share * canvas.width * canvas.height / (piece.width * piece.height)) ** 0.5
        piece = _sized(piece, min(factor, canvas.width / piece.width, canvas.height / piece.height))
        x = int(random.uniform(0, canvas.width - piece.width))
        y = int(random.uniform(0, canvas.height - piece.height))
        blob = _blob(piece.size, random)
        canvas.paste(piece, (x, y), blob)
        left, upper, right, lower = blob.point(lambda value: 255 * (value > 127)).getbbox()
        shown = left / piece.width, upper / piece.height, (right - left) / piece.width, (lower - upper) / piece.height
        place = x / canvas.width, y / canvas.height, piece.width / canvas.width, piece.height / canvas.height
        return Made(recoded(canvas, 85), [Placed(0, _inner(place, shown), _inner(region, shown))])

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


def chain(*steps: Callable[[Made, Random], Made]) -> Attack:
    """Several changes one after the other."""

    def attack(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
        made = Made(photos[0], [Placed(0, WHOLE)])
        for step in steps:
            made = step(made, random)
        return made

    return attack


def _then(change: Callable[[Image.Image, Random], Image.Image]) -> Callable[[Made, Random], Made]:
    return lambda made, random: Made(change(made.image, random), made.placed)


def _then_crop(made: Made, random: Random) -> Made:
    image, region = _cropped(made.image, 0.85, 0.85, random)
    return Made(image, [Placed(0, WHOLE, region)])


def _then_caption(made: Made, random: Random) -> Made:
    captioned = caption([made.image], [], random)
    return Made(captioned.image, [Placed(0, captioned.placed[0].query, made.placed[0].stored)])


def _mirror(image: Image.Image, random: Random) -> Image.Image:
    return ImageOps.mirror(image)


def _half(image: Image.Image, random: Random) -> Image.Image:
    return _sized(image, 0.5)


def _low(image: Image.Image, random: Random) -> Image.Image:
    return recoded(image, 45)


def mirrored_crop(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    made = chain(_then_crop, _then(_low))(photos, hosts, random)
    return Made(ImageOps.mirror(made.image), made.placed)


def negative_colours(image: Image.Image, random: Random) -> Image.Image:
    return ImageChops.invert(image)


ATTACKS: dict[str, tuple[Attack, int]] = {
    "re-encode q30": (simple(lambda image, _: recoded(image, 30)), 1),
    "resize 50 %": (simple(_half), 1),
    "resize 160 %": (simple(lambda image, _: _sized(image, 1.6)), 1),
    "grey": (simple(lambda image, _: image.convert("L").convert("RGB")), 1),
    "colour": (simple(_colour), 1),
    "gamma": (simple(_gamma), 1),
    "blur": (simple(lambda image, _: image.filter(ImageFilter.GaussianBlur(2))), 1),
    "noise": (simple(_noise), 1),
    "mirror": (simple(_mirror), 1),
    "rotate 90": (simple(lambda image, _: image.transpose(Image.Transpose.ROTATE_90)), 1),
    "rotate 180": (simple(lambda image, _: image.transpose(Image.Transpose.ROTATE_180)), 1),
    "rotate 4-25": (simple(turned), 1),
    "rotate 30-150": (simple(turned_full), 1),
    "aspect 80 %": (simple(lambda image, _: image.resize((int(image.width * 0.8), image.height))), 1),
    "crop 10 %": (crop(0.1), 1),
    "crop 20 %": (crop(0.2), 1),
    "crop 30 %": (crop(0.3), 1),
    "crop 50 %": (crop(0.5), 1),
    "mirror + crop": (mirrored_crop, 1),
    "caption": (caption, 1),
    "border": (border, 1),
    "letterbox": (letterbox, 1),
    "text": (simple(_text), 1),
    "watermark": (simple(_watermark), 1),
    "stickers": (simple(_stickers), 1),
    "screen photo": (screen_photo, 1),
    "post light": (post("light"), 1),
    "post dark": (post("dark"), 1),
    "post mobile": (post("mobile"), 1),
    "2 panels gap": (montage(2, 1, 12), 2),
    "2 panels": (montage(2, 1, 0), 2),
    "2 panels vertical": (montage(1, 2, 0), 2),
    "2 panels cut halves": (montage(2, 1, 0, cut=0.5), 2),
    "diagonal": (diagonal, 2),
    "3 panels": (montage(3, 1, 0), 3),
    "grid 4": (montage(2, 2, 8), 4),
    "grid 6": (montage(3, 2, 0), 6),
    "inset 25 %": (inset(0.25), 1),
    "inset 10 %": (inset(0.10), 1),
    "inset 10 % cut": (inset(0.10, cut=0.7), 1),
    "cut-out 25 %": (cut_out(0.25), 1),
    "cut-out 10 %": (cut_out(0.10), 1),
    "cut-out 4 %": (cut_out(0.04), 1),
    "chain crop+caption": (chain(_then_crop, _then_caption, _then(_half), _then(_low)), 1),
    "chain colour+text+low": (chain(_then(_colour), _then(_text), _then(_half), _then(_low)), 1),
    "chain crop+mirror+post": (
        chain(_then_crop, _then(_mirror), lambda made, random: post_screenshot(made, "light", random)),
        1,
    ),
    "montage in post": (post("dark", montage(2, 1, 0)), 2),
}
