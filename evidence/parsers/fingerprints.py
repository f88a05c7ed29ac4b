"""Pictures: their fingerprints for finding reuse (evidence.media), under the same limits as their renditions."""

from pathlib import Path
from typing import BinaryIO

import cv2
from PIL import Image

from evidence.media import fingerprints
from evidence.media.pixels import Picture, prepare
from evidence.parsers.images import decode

DRAFT = 1_200


def parse(stream: BinaryIO) -> dict:
    """Writes features.bin and grey.bin; the facts hold hashes and panels (see fingerprints.to_files)."""
    cv2.setNumThreads(1)
    picture = decode(stream, _prepared)
    return fingerprints.to_files(fingerprints.fingerprint(picture), Path.cwd())


def _prepared(image: Image.Image) -> Picture:
    size = image.size
    image.draft("RGB", (DRAFT, DRAFT))
    return prepare(image, size)
