// The network as an SVG document, from the places at which it is drawn.

const MARGIN = 24;

const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const round = (value) => Math.round(value * 10) / 10;

function box(nodes) {
  const xs = nodes.map(({ x }) => x);
  const ys = nodes.map(({ y }) => y);
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return { left, top, width: Math.max(...xs) + MARGIN - left, height: Math.max(...ys) + MARGIN - top };
}

/** `nodes` are {x, y, radius, label, named}, `edges` {from, to, width, above}; the colours are a page's palette. */
export function networkSvg(nodes, edges, colours, { title, scale }) {
  const { left, top, width, height } = box(nodes);
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
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${round(left)} ${round(top)} ${round(width)} ${round(height)}" font-family="sans-serif">`,
    `<title>${escape(title)}</title>`,
    `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="${colours.sheet}"/>`,
    ...lines, ...dots, ...words, "</svg>", "",
  ].join("\n");
}
