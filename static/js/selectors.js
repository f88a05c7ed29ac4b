// W3C Web Annotation selectors over the text of a preserved copy, and back.
//
// A layer is an element whose text stands in blocks `[data-text]` (one, or one per page with `data-start` and `data-page`).
// Offsets count Unicode code points of the text layer, as the server does; JavaScript's own string offsets count UTF-16 units,
// which differ as soon as there is an emoji or a rare letter in the text.

export const CONTEXT = 32;

const BLOCK = "[data-text]";

function points(text) {
  return Array.from(text);
}

function blocksOf(layer) {
  return [...layer.querySelectorAll(BLOCK)];
}

/** The code points of the whole layer, and where its first one stands in the stored text. */
export function layerText(layer) {
  const blocks = blocksOf(layer);
  return {
    chars: points(blocks.map((block) => block.textContent).join("")),
    base: Number(blocks[0]?.dataset.start ?? 0),
  };
}

/** Where a DOM boundary point stands in the layer, in code points of the stored text; null outside of it. */
export function offsetOf(layer, node, offset) {
  let before = layerText(layer).base;
  for (const block of blocksOf(layer)) {
    if (block.contains(node)) {
      const range = document.createRange();
      range.setStart(block, 0);
      range.setEnd(node, offset);
      return before + points(range.toString()).length;
    }
    before += points(block.textContent).length;
  }
  return null;
}

function clampToLayer(layer, range) {
  const blocks = blocksOf(layer);
  const whole = document.createRange();
  whole.setStart(blocks[0], 0);
  whole.setEnd(blocks.at(-1), blocks.at(-1).childNodes.length);
  const inner = range.cloneRange();
  if (inner.compareBoundaryPoints(Range.START_TO_START, whole) < 0) inner.setStart(blocks[0], 0);
  if (inner.compareBoundaryPoints(Range.END_TO_END, whole) > 0) inner.setEnd(whole.endContainer, whole.endOffset);
  return inner;
}

/** The selector of a selected range, without the white space around it; null when nothing of the layer is selected. */
export function describe(layer, range) {
  if (!range || range.collapsed || !range.intersectsNode(layer)) return null;
  const inner = clampToLayer(layer, range);
  const { chars, base } = layerText(layer);
  let start = offsetOf(layer, inner.startContainer, inner.startOffset);
  let end = offsetOf(layer, inner.endContainer, inner.endOffset);
  if (start === null || end === null) return null;
  start -= base;
  end -= base;
  while (start < end && /\s/.test(chars[start])) start += 1;
  while (end > start && /\s/.test(chars[end - 1])) end -= 1;
  return start < end ? selectorAt(chars, base, start, end, pageAt(layer, start + base)) : null;
}

function selectorAt(chars, base, start, end, page) {
  return {
    exact: chars.slice(start, end).join(""),
    prefix: chars.slice(Math.max(0, start - CONTEXT), start).join(""),
    suffix: chars.slice(end, end + CONTEXT).join(""),
    start: start + base,
    end: end + base,
    page,
  };
}

function pageAt(layer, position) {
  let before = layerText(layer).base;
  for (const block of blocksOf(layer)) {
    before += points(block.textContent).length;
    if (position < before) return block.dataset.page ?? "";
  }
  return "";
}

function commonTail(left, right) {
  let same = 0;
  while (same < left.length && same < right.length && left.at(-1 - same) === right.at(-1 - same)) same += 1;
  return same;
}

function commonHead(left, right) {
  let same = 0;
  while (same < left.length && same < right.length && left[same] === right[same]) same += 1;
  return same;
}

function score(chars, at, length, selector) {
  const prefix = points(selector.prefix ?? "");
  const suffix = points(selector.suffix ?? "");
  return (
    commonTail(prefix, chars.slice(Math.max(0, at - prefix.length), at)) +
    commonHead(suffix, chars.slice(at + length, at + length + suffix.length))
  );
}

function matchesAt(chars, exact, at) {
  return exact.every((char, index) => chars[at + index] === char);
}

/** Where a selector points in the layer: at its own offsets if the words stand there, else the occurrence whose
    surroundings agree best, the nearest to the offsets among equals. Null: the words are not in this copy. */
export function locate(layer, selector) {
  const { chars, base } = layerText(layer);
  const exact = points(selector.exact ?? "");
  if (!exact.length) return null;
  const hint = selector.start === undefined || selector.start === "" ? null : Number(selector.start) - base;
  if (hint !== null && matchesAt(chars, exact, hint)) return { start: hint + base, end: hint + exact.length + base };
  let best = null;
  for (let at = 0; at <= chars.length - exact.length; at += 1) {
    if (chars[at] !== exact[0] || !matchesAt(chars, exact, at)) continue;
    const rank = [score(chars, at, exact.length, selector), -Math.abs(at - (hint ?? 0))];
    if (!best || rank[0] > best.rank[0] || (rank[0] === best.rank[0] && rank[1] > best.rank[1])) best = { at, rank };
  }
  return best && { start: best.at + base, end: best.at + exact.length + base };
}

function pointAt(layer, position) {
  let left = position - layerText(layer).base;
  for (const block of blocksOf(layer)) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const chars = points(node.data);
      if (left <= chars.length) return { node, offset: chars.slice(0, left).join("").length };
      left -= chars.length;
    }
  }
  return null;
}

/** The DOM range between two offsets of the stored text. */
export function rangeBetween(layer, start, end) {
  const from = pointAt(layer, start);
  const to = pointAt(layer, end);
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return range;
}
