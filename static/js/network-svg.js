// The network as an SVG document, from the places at which it is drawn.

import { rowsOf } from "./captions.js";

const MARGIN = 24;
// A caption row has so many letters, each about half as wide as its font is high.
const LETTERS = 130;
const LETTER = 0.52;

const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const round = (value) => Math.round(value * 10) / 10;
const fine = (value) => Math.round(value * 1000) / 1000;

function box(nodes) {
  const xs = nodes.map(({ x }) => x);
  const ys = nodes.map(({ y }) => y);
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return { left, top, width: Math.max(...xs) + MARGIN - left, height: Math.max(...ys) + MARGIN - top };
}

// As wide as it is high at least, so that a caption as wide as the picture can be read.
function widened({ left, top, width, height }) {
  const more = Math.max(0, height - width);
  return { left: left - more / 2, top, width: width + more, height };
}

/**
 * `nodes` are {x, y, radius, label, named}, `edges` {from, to, width, above}; the colours are a page's palette, and
 * `caption` stands beneath.
 */
export function networkSvg(nodes, edges, colours, { title, scale, caption }) {
  const { left, top, width, height } = widened(box(nodes));
  const size = width / (LETTERS * LETTER);
  const rows = rowsOf(caption, (row) => row.length <= LETTERS - 4);
  const whole = height + (rows.length + 1) * 1.4 * size;
  const told = rows.map((row, place) => {
    const y = top + height + (place + 1) * 1.4 * size;
    return `<text x="${fine(left + size)}" y="${fine(y)}" font-size="${fine(size)}" fill="${colours["ink-soft"]}">${escape(row)}</text>`;
  });
  const lines = edges.map(({ from, to, width: wide, above }) => {
    const colour = above ? colours.ink : colours["ink-faint"];
    return `<line x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}" stroke="${colour}" stroke-width="${round(wide)}"/>`;
  });
  const dots = nodes.map(({ x, y, radius, label }) => {
    const fill = `fill="${colours["tone-info-bg"]}" stroke="${colours["tone-info"]}"`;
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" ${fill}><title>${escape(label)}</title></circle>`;
  });
  const words = nodes.filter(({ named }) => named).map(({ x, y, radius, label }) =>
    `<text x="${round(x)}" y="${round(y - radius - 3)}" font-size="${round(9 * scale)}" text-anchor="middle" fill="${colours.ink}">${escape(label)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${round(left)} ${round(top)} ${round(width)} ${round(whole)}" font-family="sans-serif">`,
    `<title>${escape(title)}</title>`,
    `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(whole)}" fill="${colours.sheet}"/>`,
    ...lines, ...dots, ...words, ...told, "</svg>", "",
  ].join("\n");
}
