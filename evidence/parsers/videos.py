"""Keyframes of a video: the first picture, and one for each change of scene.

Only containers that hold their own pictures are opened: a playlist or a list of files could name others (ATTACKS A52).
"""

from collections.abc import Iterator
from typing import BinaryIO

import av
import numpy as np
from PIL import Image

from evidence.parsers.images import MOST_PIXELS
from evidence.parsers.pictures import Held
from evidence.parsers.refusals import Refused

# Names of libavformat's demuxers; hls, dash, concat and sdp are left out on purpose.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,ogg,flv,asf"
PROTOCOLS = "file,pipe"
MOST_KEYFRAMES = 40
MOST_LOOKED_AT = 4_000
# Mean difference of two small grey pictures, of 255, from which on the scene counts as another.
SCENE_CHANGE = 18.0
SMALL = (32, 32)


def keyframes(stream: BinaryIO) -> Iterator[Held]:
    """Pictures in order of time; raises Refused for what is no video."""
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": CONTAINERS}
    try:
        with av.open(stream, options=options, timeout=15) as container:
            yield from _changes(container)
    except av.FFmpegError as error:
        raise Refused("The video is damaged or of a kind that is not read.") from error


def _changes(container: av.container.InputContainer) -> Iterator[Held]:
    track = next(iter(container.streams.video), None)
    if track is None:
        raise Refused("The file holds no moving picture.")
    if (track.width or 0) * (track.height or 0) > MOST_PIXELS:
        raise Refused(f"The video has more than {MOST_PIXELS:,} pixels and is not decoded.")
    # Complete pictures only: encoders put one at each cut, and the others cost ten times as much.
    track.codec_context.skip_frame = "NONKEY"
    taken, before = 0, None
    for looked_at, frame in enumerate(container.decode(track)):
        image = frame.to_image()
        small = np.asarray(image.convert("L").resize(SMALL, Image.Resampling.BOX), np.int16)
        change = None if before is None else float(np.abs(small - before).mean())
        if change is None or change >= SCENE_CHANGE:
            reason = "first picture" if change is None else f"change of scene ({change:.0f} of 255)"
            yield Held("keyframe", image, second=round(frame.time or 0.0, 3), reason=reason)
            taken, before = taken + 1, small
        if taken == MOST_KEYFRAMES or looked_at == MOST_LOOKED_AT:
            return
