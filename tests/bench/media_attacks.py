"""What people do to pictures before they pass them on: each attack makes a query and says what came from where."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tests.bench.media_layouts import cut_out, diagonal, inset, montage, post, post_screenshot
from tests.bench.media_made import (
    WHOLE,
    Attack,
    Made,
    Placed,
    Random,
    cropped,
    font_of,
    framed,
    recoded,
    sentence,
    simple,
    sized,
)


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
    font = font_of(image.width // 14)
    for row in range(0, image.height, image.height // 4):
        draw.text((random.integers(0, image.width // 3), row), "stock photo  sample", fill=110, font=font)
    return Image.composite(Image.new("RGB", image.size, (255, 255, 255)), image, layer)


def _text(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for row in (0.05, 0.72, 0.84):
        draw.text(
            (image.width * 0.05, image.height * row),
            sentence(random, 4),
            font=font_of(image.height // 9),
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
        image, region = cropped(photos[0], (1 - share) ** 0.5, (1 - share) ** 0.5, random)
        return Made(recoded(image, 80), [Placed(0, WHOLE, region)])

    return attack


def caption(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    image = photos[0]
    bar = image.height // 5
    dark = random.random() < 0.5
    above = random.random() < 0.5
    made = framed(image, (0, bar * above, 0, bar * (not above)), (0, 0, 0) if dark else (255, 255, 255))
    draw = ImageDraw.Draw(made.image)
    for line in range(2):
        at = 8, (4 if above else image.height + 4) + line * bar // 2
        draw.text(at, sentence(random, 6), font=font_of(bar // 3), fill=(255, 255, 255) if dark else (0, 0, 0))
    return made


def border(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    thick = int(photos[0].height * random.uniform(0.04, 0.12))
    return framed(photos[0], (thick,) * 4, tuple(int(v) for v in random.integers(0, 255, 3)))


def letterbox(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    bar = int(photos[0].height * random.uniform(0.1, 0.25))
    return framed(photos[0], (0, bar, 0, bar), (0, 0, 0))


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
    image, region = cropped(made.image, 0.85, 0.85, random)
    return Made(image, [Placed(0, WHOLE, region)])


def _then_caption(made: Made, random: Random) -> Made:
    captioned = caption([made.image], [], random)
    return Made(captioned.image, [Placed(0, captioned.placed[0].query, made.placed[0].stored)])


def _mirror(image: Image.Image, random: Random) -> Image.Image:
    return ImageOps.mirror(image)


def _half(image: Image.Image, random: Random) -> Image.Image:
    return sized(image, 0.5)


def _low(image: Image.Image, random: Random) -> Image.Image:
    return recoded(image, 45)


def mirrored_crop(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    made = chain(_then_crop, _then(_low))(photos, hosts, random)
    return Made(ImageOps.mirror(made.image), made.placed)


ATTACKS: dict[str, tuple[Attack, int]] = {
    "re-encode q30": (simple(lambda image, _: recoded(image, 30)), 1),
    "resize 50 %": (simple(_half), 1),
    "resize 160 %": (simple(lambda image, _: sized(image, 1.6)), 1),
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
