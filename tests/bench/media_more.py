"""Changes that mechanisms were not made for: other layouts, other stickers, other looks than in media_attacks.

Held beside the rest to see whether what works there works elsewhere; same form, same promises.
"""

from math import cos, pi, sin

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tests.bench.media_made import WHOLE, Attack, Made, Placed, Random, framed, nested, recoded, simple

INK = (30, 30, 34)
FAINT = (142, 142, 147)


def _fitted(image: Image.Image, width: int) -> Image.Image:
    return image.resize((width, max(8, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _words(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, fill: tuple) -> None:
    draw.text(at, text, font_size=size, fill=fill)


def chat(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """A message in a channel: a bubble with rounded corners on a coloured ground."""
    picture = _fitted(photos[0], 440)
    ground = tuple(int(v) for v in random.integers(120, 230, 3))
    canvas = Image.new("RGB", (560, picture.height + 260), ground)
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, 560, 56), fill=(82, 130, 171))
    _words(draw, (70, 16), "Channel of nobody", 20, (255, 255, 255))
    draw.rounded_rectangle((30, 76, 490, picture.height + 220), 14, fill=(255, 255, 255))
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 10, fill=255)
    canvas.paste(picture, (40, 86), mask)
    for line in range(3):
        _words(draw, (44, picture.height + 100 + 28 * line), f"forwarded words, line {random.integers(99)}", 18, INK)
    _words(draw, (400, picture.height + 192), f"{random.integers(9, 99)}K  21:{random.integers(10, 59)}", 14, FAINT)
    return nested(Made(picture, [Placed(0, WHOLE)]), canvas, (40, 86, picture.width, picture.height))


def feed(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """A post in a feed: a grey page, a white card, the picture over its full width, a row of reactions."""
    picture = _fitted(photos[0], 500)
    canvas = Image.new("RGB", (540, picture.height + 300), (240, 242, 245))
    draw = ImageDraw.Draw(canvas)
    draw.rounded_rectangle((20, 20, 520, picture.height + 280), 10, fill=(255, 255, 255))
    draw.ellipse((34, 34, 78, 78), fill=tuple(int(v) for v in random.integers(0, 255, 3)))
    _words(draw, (90, 36), "A Page With Followers", 18, INK)
    _words(draw, (90, 60), "2 h", 14, FAINT)
    for line in range(2):
        _words(draw, (34, 92 + 24 * line), f"what nobody tells you, part {random.integers(99)} of many", 17, INK)
    canvas.paste(picture, (20, 150))
    draw.ellipse((36, picture.height + 164, 56, picture.height + 184), fill=(24, 119, 242))
    _words(draw, (64, picture.height + 164), f"{random.integers(1, 999)}  comments  shares", 15, FAINT)
    for place, word in enumerate(("Like", "Comment", "Share")):
        _words(draw, (70 + 160 * place, picture.height + 224), word, 17, FAINT)
    return nested(Made(picture, [Placed(0, WHOLE)]), canvas, (20, 150, picture.width, picture.height))


def story(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """An upright story: the picture in the middle of a blurred enlargement of itself, words above."""
    canvas = ImageOps.fit(photos[0], (540, 960)).filter(ImageFilter.GaussianBlur(24))
    picture = _fitted(photos[0], 540)
    picture = picture if picture.height < 900 else picture.resize((460, 820))
    x, y = (540 - picture.width) // 2, (960 - picture.height) // 2
    canvas.paste(picture, (x, y))
    _words(ImageDraw.Draw(canvas), (40, 40), "look at this before it is gone", 26, (255, 255, 255))
    return nested(Made(picture, [Placed(0, WHOLE)]), canvas, (x, y, picture.width, picture.height))


def player(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """The screen of a video player: bars, a line of progress, a button over the middle."""
    image = photos[0]
    made = framed(image, (0, image.height // 12, 0, image.height // 6), (15, 15, 15))
    draw = ImageDraw.Draw(made.image)
    middle, below = (image.width // 2, image.height // 2), image.height + image.height // 8
    draw.line((12, below, image.width - 12, below), fill=FAINT, width=4)
    draw.line((12, below, int(image.width * random.uniform(0.1, 0.9)), below), fill=(230, 20, 20), width=4)
    draw.ellipse((middle[0] - 34, middle[1] - 34, middle[0] + 34, middle[1] + 34), fill=(20, 20, 20))
    return made


def polaroid(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """A fifth of a host is covered by the photograph in a white frame, laid askew."""
    host = hosts[0].copy()
    share = (0.2 * host.width * host.height / (photos[0].width * photos[0].height)) ** 0.5
    small = photos[0].resize((max(8, int(photos[0].width * share)), max(8, int(photos[0].height * share))))
    layer = Image.new("L", (small.width + 16, small.height + 34), 255)
    card = Image.new("RGB", layer.size, (250, 250, 246))
    card.paste(small, (8, 8))
    angle = float(random.uniform(4, 16) * random.choice([-1, 1]))
    inside = Image.new("L", layer.size, 0)
    inside.paste(255, (8, 8, 8 + small.width, 8 + small.height))
    card, layer, inside = (one.rotate(angle, Image.Resampling.BICUBIC, expand=True) for one in (card, layer, inside))
    x, y = (int(random.uniform(0, max(1, side))) for side in (host.width - card.width, host.height - card.height))
    host.paste(card, (x, y), layer)
    return Made(recoded(host, 84), [Placed(0, _box(inside.getbbox(), (x, y), host.size))])


def _box(box: tuple, at: tuple[int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, upper, right, lower = box
    x, y = max(0, left + at[0]), max(0, upper + at[1])
    across, down = min(size[0], right + at[0]) - x, min(size[1], lower + at[1]) - y
    return x / size[0], y / size[1], across / size[0], down / size[1]


def torn(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """Two photographs that meet along a torn edge."""
    size = 840, 560
    first, second = (ImageOps.fit(photo, size) for photo in photos[:2])
    steps = 0.5 + np.cumsum(random.normal(0, 0.012, 41))
    edge = [(float(np.clip(share, 0.35, 0.65)) * size[0], size[1] * step / 40) for step, share in enumerate(steps)]
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon([(0, 0), *edge, (0, size[1])], fill=255)
    right, left = max(x for x, _ in edge) / size[0], min(x for x, _ in edge) / size[0]
    placed = [Placed(0, (0, 0, right, 1)), Placed(1, (left, 0, 1 - left, 1))]
    return Made(recoded(Image.composite(first, second, mask), 84), placed)


def one_and_two(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """A large picture with two small ones beside it."""
    canvas = Image.new("RGB", (900, 600), (255, 255, 255))
    boxes = ((0, 0, 590, 600), (600, 0, 300, 295), (600, 305, 300, 295))
    placed = []
    for number, (x, y, w, h) in enumerate(boxes):
        canvas.paste(ImageOps.fit(photos[number], (w, h)), (x, y))
        placed.append(Placed(number, (x / 900, y / 600, w / 900, h / 600)))
    return Made(recoded(canvas, 80), placed)


def circle(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """The middle of the photograph in a circle on a plain ground."""
    square = ImageOps.fit(photos[0], (420, 420))
    mask = Image.new("L", square.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 419, 419), fill=255)
    canvas = Image.new("RGB", (600, 600), tuple(int(v) for v in random.integers(0, 255, 3)))
    canvas.paste(square, (90, 90), mask)
    return Made(canvas, [Placed(0, (0.15, 0.15, 0.7, 0.7))])


def _emoji(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for number in range(5):
        r = image.height * random.uniform(0.06, 0.12)
        x, y = random.uniform(0.1, 0.9) * image.width, random.uniform(0.1, 0.9) * image.height
        turns = [pi / 2 + pi * step / 5 for step in range(10)]
        radii = [r if step % 2 == 0 else r * (0.45 if number % 2 else 0.8) for step in range(10)]
        star = [(x + s * cos(t), y - s * sin(t)) for s, t in zip(radii, turns, strict=True)]
        draw.polygon(star, fill=tuple(int(v) for v in random.integers(0, 255, 3)), outline=(0, 0, 0))
    return image


def _pointed_at(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    x, y = (int(random.uniform(0.25, 0.75) * side) for side in image.size)
    r, wide = image.height // 6, max(4, image.height // 60)
    draw.ellipse((x - r, y - r, x + r, y + r), outline=(230, 0, 0), width=wide)
    draw.line((x - 3 * r, y - 2 * r, x - r, y - r // 2), fill=(230, 0, 0), width=wide)
    return image


def _lower_third(image: Image.Image, random: Random) -> Image.Image:
    """A fading band over the lower part with a headline, and a sign in a corner."""
    fade = np.linspace(0, 235, image.height)[:, None] ** 1.0 * np.ones((1, image.width))
    fade[: int(image.height * 0.55)] = 0
    shade = tuple(int(v) for v in random.integers(0, 120, 3))
    image = Image.composite(Image.new("RGB", image.size, shade), image, Image.fromarray(fade.astype(np.uint8)))
    draw = ImageDraw.Draw(image)
    _words(draw, (image.width // 20, int(image.height * 0.82)), "WHAT HAPPENED HERE", image.height // 11, (255,) * 3)
    draw.rectangle((image.width - 80, 12, image.width - 12, 44), fill=(200, 0, 0))
    _words(draw, (image.width - 72, 16), "LIVE", 22, (255, 255, 255))
    return image


def _blacked(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for _ in range(3):
        x, y = random.uniform(0, 0.75) * image.width, random.uniform(0, 0.9) * image.height
        draw.rectangle((x, y, x + image.width * 0.25, y + image.height * 0.1), fill=(0, 0, 0))
    return image


def _pixelated(image: Image.Image, random: Random) -> Image.Image:
    image = image.copy()
    side = min(image.size) // 2
    x, y = int(random.uniform(0, image.width - side)), int(random.uniform(0, image.height - side))
    part = image.crop((x, y, x + side, y + side))
    image.paste(part.resize((10, 10)).resize(part.size, Image.Resampling.NEAREST), (x, y))
    return image


def _graded(image: Image.Image, random: Random) -> Image.Image:
    """Darks towards one colour, lights towards another, a steeper curve."""
    values = np.asarray(image, np.float32) / 255
    curve = values * values * (3 - 2 * values)
    cold, warm = np.array([0.0, 0.15, 0.22]), np.array([0.2, 0.08, -0.08])
    graded = 0.85 * curve + 0.15 * values + cold * (1 - values) * 0.6 + warm * values * 0.8
    return Image.fromarray(np.clip(graded * 255, 0, 255).astype(np.uint8))


def _grain(image: Image.Image, random: Random) -> Image.Image:
    soft = Image.fromarray(random.normal(128, 60, (image.height // 2, image.width // 2)).clip(0, 255).astype(np.uint8))
    grain = np.asarray(soft.resize(image.size), np.float32)[:, :, None] - 128
    return Image.fromarray(np.clip(np.asarray(image, np.float32) + grain * 0.45, 0, 255).astype(np.uint8))


def _waved(image: Image.Image, random: Random) -> Image.Image:
    """Mildly warped, as paper is that does not lie flat."""
    values = np.asarray(image)
    rows, columns = np.mgrid[: image.height, : image.width]
    reach = image.width * 0.012
    across = columns + reach * np.sin(2 * pi * rows / image.height * random.uniform(0.7, 1.3))
    down = rows + reach * np.sin(2 * pi * columns / image.width * random.uniform(0.7, 1.3))
    near = np.clip(np.rint(down), 0, image.height - 1).astype(int), np.clip(np.rint(across), 0, image.width - 1)
    return Image.fromarray(values[near[0], near[1].astype(int)])


def tilted(photos: list[Image.Image], hosts: list[Image.Image], random: Random) -> Made:
    """Seen from the side, before a plain wall."""
    image = photos[0]
    width, height = image.size
    lean = float(random.uniform(0.08, 0.16)) * random.choice([-1, 1])
    factors = (1 + abs(lean), 0.0, -width * 0.06, lean / 2, 1 + abs(lean), -height * 0.08, lean / width, 0.0)

    def seen(flat: Image.Image, wall: tuple | int) -> Image.Image:
        return flat.transform(flat.size, Image.Transform.PERSPECTIVE, factors, Image.Resampling.BICUBIC, fillcolor=wall)

    left, upper, right, lower = seen(Image.new("L", image.size, 255), 0).getbbox()
    place = left / width, upper / height, (right - left) / width, (lower - upper) / height
    return Made(seen(image, FAINT), [Placed(0, place)])


def _hue(image: Image.Image, random: Random) -> Image.Image:
    hue, *rest = image.convert("HSV").split()
    step = int(random.integers(40, 210))
    return Image.merge("HSV", [hue.point([(v + step) % 256 for v in range(256)]), *rest]).convert("RGB")


def _sepia(image: Image.Image, random: Random) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), (40, 20, 0), (255, 240, 200))


def _thumbnail(image: Image.Image, random: Random) -> Image.Image:
    small = image.copy()
    small.thumbnail((200, 200))
    return recoded(small, 70)


MORE: dict[str, tuple[Attack, int]] = {
    "chat": (chat, 1),
    "feed": (feed, 1),
    "story": (story, 1),
    "player": (player, 1),
    "polaroid": (polaroid, 1),
    "torn edge": (torn, 2),
    "one and two": (one_and_two, 3),
    "circle": (circle, 1),
    "emoji": (simple(_emoji), 1),
    "pointed at": (simple(_pointed_at), 1),
    "lower third": (simple(_lower_third), 1),
    "blacked": (simple(_blacked), 1),
    "pixelated": (simple(_pixelated), 1),
    "graded": (simple(_graded), 1),
    "film grain": (simple(_grain), 1),
    "waved": (simple(_waved), 1),
    "tilted": (tilted, 1),
    "hue": (simple(_hue), 1),
    "sepia": (simple(_sepia), 1),
    "inverted": (simple(lambda image, _: ImageChops.invert(image)), 1),
    "sharpened": (simple(lambda image, _: ImageEnhance.Sharpness(image).enhance(6)), 1),
    "re-encode q10": (simple(lambda image, _: recoded(image, 10)), 1),
    "thumbnail 200": (simple(_thumbnail), 1),
    "palette 32": (simple(lambda image, _: image.quantize(32).convert("RGB")), 1),
}
