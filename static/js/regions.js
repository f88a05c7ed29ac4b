// Rectangles on a picture as W3C media fragments, `xywh=percent:x,y,w,h`, in per cent of it with two decimals. In a file of
// several pictures the fragment begins with the part: `page=3&xywh=...`, `t=12.5&xywh=...`.

const PATTERN = /^xywh=percent:([\d.]+),([\d.]+),([\d.]+),([\d.]+)$/;
export const SMALLEST = 1;

const round = (value) => Math.round(value * 100) / 100;

/** {x, y, w, h} of a fragment, null when it is none of this part of the file. */
export function parseRegion(fragment, part = "") {
  const start = part ? `${part}&` : "";
  if (!(fragment ?? "").startsWith(start)) return null;
  const found = PATTERN.exec((fragment ?? "").slice(start.length));
  if (!found) return null;
  const [x, y, w, h] = found.slice(1).map(Number);
  return w > 0 && h > 0 && x + w <= 100.01 && y + h <= 100.01 ? { x, y, w, h } : null;
}

export function formatRegion({ x, y, w, h }, part = "") {
  return `${part ? `${part}&` : ""}xywh=percent:${round(x)},${round(y)},${round(w)},${round(h)}`;
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
