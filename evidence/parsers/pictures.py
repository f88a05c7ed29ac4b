"""What the parsers of documents and videos hand to the fingerprints."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, eq=False)
class Held:
    """One picture, and where in the file it was: `kind` is a FrameKind; `page` from 1; `second` of a video.

    `size` is its declared width and height, where the decoder has reduced it already.
    """

    kind: str
    image: Image.Image
    page: int | None = None
    second: float | None = None
    reason: str = ""
    size: tuple[int, int] | None = None
