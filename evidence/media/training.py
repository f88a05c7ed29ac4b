"""The recipe of vocabulary.npz: `python -m evidence.media.training [FILE]`, some minutes on one core.

Run it only to change the vocabulary: the version then rises and every fingerprint has to be made again.
"""

import sys

import cv2
import numpy as np

from evidence.media import features, textures, vocabulary

SEED = 20_240_601
TEXTURES = 60
PER_TEXTURE = 800
ROUNDS = 20


def train(pictures: int = TEXTURES) -> vocabulary.Vocabulary:
    """Learn a vocabulary from so many generated pictures; the same numbers give the same vocabulary."""
    generator = np.random.default_rng(SEED)
    cv2.setRNGSeed(SEED)
    rows = [features.extract(textures.texture(generator), most=PER_TEXTURE) for _ in range(pictures)]
    descriptors = np.concatenate(rows)["descriptor"].astype(np.float32) / features.DESCRIPTOR_SCALE
    mean = descriptors.mean(axis=0)
    rotation = _balanced_rotation(descriptors - mean)
    rotated = np.ascontiguousarray((descriptors - mean) @ rotation)
    half = vocabulary.HALF
    first, second = (_centres(np.ascontiguousarray(part)) for part in (rotated[:, :half], rotated[:, half:]))
    directions = np.linalg.qr(generator.normal(size=(2 * half, 2 * half)))[0][:, : vocabulary.SIGNATURE]
    return vocabulary.Vocabulary(mean, rotation, first, second, directions.astype(np.float32))


def _balanced_rotation(centred: np.ndarray) -> np.ndarray:
    """Principal axes, dealt to the two halves so that both carry the same (product of) variance."""
    _, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    halves: tuple[list[int], list[int]] = ([], [])
    carried = [0.0, 0.0]
    for axis, strength in enumerate(np.log(np.maximum(strengths, 1e-9))):
        side = int(carried[1] < carried[0]) if max(map(len, halves)) < vocabulary.HALF else _shorter(halves)
        halves[side].append(axis)
        carried[side] += strength
    return axes[halves[0] + halves[1]].T.astype(np.float32)


def _shorter(halves: tuple[list[int], list[int]]) -> int:
    return int(len(halves[1]) < len(halves[0]))


def _centres(points: np.ndarray) -> np.ndarray:
    until = cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 1e-4
    return cv2.kmeans(points, vocabulary.CENTRES, None, until, 1, cv2.KMEANS_RANDOM_CENTERS)[2]


def main(path: str) -> None:
    """Write the vocabulary in half precision, in which it is used."""
    trained = train()
    arrays = {name: value.astype(np.float16) for name, value in trained._asdict().items()}
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(vocabulary.FILE))
