// Rectangles on an image as W3C media fragments, `xywh=percent:x,y,w,h`, in per cent of the image with two decimals.

const PATTERN = /^xywh=percent:([\d.]+),([\d.]+),([\d.]+),([\d.]+)$/;
export const SMALLEST = 1;

const round = (value) => Math.round(value * 100) / 100;

/** {x, y, w, h} of a fragment, null when it is not one. */
export function parseRegion(fragment) {
  const found = PATTERN.exec(fragment ?? "");
  if (!found) return null;
  const [x, y, w, h] = found.slice(1).map(Number);
  return w > 0 && h > 0 && x + w <= 100.01 && y + h <= 100.01 ? { x, y, w, h } : null;
}

export function formatRegion({ x, y, w, h }) {
  return `xywh=percent:${round(x)},${round(y)},${round(w)},${round(h)}`;
}

/** The same rectangle inside the image, no smaller than one per cent. */
export function clampRegion({ x, y, w, h }) {
  const width = Math.min(100, Math.max(SMALLEST, w));
  const height = Math.min(100, Math.max(SMALLEST, h));
  return {
    x: Math.min(100 - width, Math.max(0, x)),
    y: Math.min(100 - height, Math.max(0, y)),
    w: width,
    h: height,
  };
}

/** The rectangle between two points, whichever corner came first. */
export function regionBetween(from, to) {
  return clampRegion({
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    w: Math.abs(from.x - to.x),
    h: Math.abs(from.y - to.y),
  });
}
