// How the attribution graph is drawn; colours come from the page, so that light and dark need no second table.

const VARIABLES = ["ink", "ink-soft", "ink-faint", "paper", "sheet", "rule", "rule-strong", "accent"];
const TONES = ["neutral", "quiet", "info", "ok", "warn", "stop"];

function resolve(name) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** The page's colours as the canvas needs them. */
export function palette() {
  const names = [...VARIABLES, ...TONES.flatMap((tone) => [`tone-${tone}`, `tone-${tone}-bg`])];
  return Object.fromEntries(names.map((name) => [name, resolve(name)]));
}

// Seven steps of likelihood, from a hair to a bold line; the words stand on the edge as well.
const WIDTHS = {
  remote: 1,
  very_unlikely: 1,
  unlikely: 1.25,
  even: 1.5,
  likely: 2,
  very_likely: 2.75,
  almost_certain: 3.5,
};
const UNPUBLISHED = ["draft", "submitted", "changes_requested"];

// A node is as high as its words need: about so many letters fit on a line of it.
const LETTERS = 31;
const LINE = 15;
export const NODE_WIDTH = 210;

/** How high a node of this label stands, in pixels at a scale of one. */
export function heightOf({ label, sub }) {
  const lines = [...label.split("\n"), ...(sub ? [sub] : [])].reduce((sum, line) => sum + Math.ceil(line.length / LETTERS), 0);
  return lines * LINE + 20;
}

// How far a line within a column bows out, in pixels.
const BOW = 110;

export function widthOf(likelihood) {
  return WIDTHS[likelihood] ?? 1.5;
}

function lineOf(state, colours) {
  if (state === "retracted") return { colour: colours["tone-stop"], style: "dotted" };
  if (state === "changes_requested") return { colour: colours["tone-warn"], style: "dashed" };
  if (UNPUBLISHED.includes(state)) return { colour: colours["ink-faint"], style: "dashed" };
  return { colour: colours.ink, style: "solid" };
}

const SHAPES = { account: "round-rectangle", person: "ellipse", organisation: "rectangle" };
const TONE_OF = { account: "info", person: "neutral", organisation: "warn" };

// Lines leave on the right and arrive on the left. Their words stand near where they begin, because many lines end at one
// organisation.
const OUT = "90deg";
const INTO = "270deg";

/** The Cytoscape stylesheet for these colours; in a `crowded` graph only lines that are pointed at show their words. */
export function graphStyle(colours, crowded = false) {
  const font = getComputedStyle(document.body).fontFamily;
  return [
    {
      selector: "node",
      style: {
        shape: (node) => SHAPES[node.data("type")] ?? "round-rectangle",
        label: (node) => [node.data("label"), node.data("sub")].filter(Boolean).join("\n"),
        "background-color": (node) => colours[`tone-${TONE_OF[node.data("type")] ?? "neutral"}-bg`],
        "border-color": (node) => colours[`tone-${TONE_OF[node.data("type")] ?? "neutral"}`],
        "border-width": 1.25,
        color: colours.ink,
        "font-family": font,
        "font-size": 12,
        "text-valign": "center",
        "text-halign": "center",
        "text-wrap": "wrap",
        "text-max-width": 190,
        "line-height": 1.25,
        width: NODE_WIDTH,
        height: (node) => heightOf(node.data()),
      },
    },
    { selector: 'node[status = "suspended"], node[status = "deleted"]', style: { "border-style": "dashed", "border-color": colours["tone-stop"] } },
    {
      selector: "edge",
      style: {
        "curve-style": "bezier",
        "control-point-step-size": 48,
        width: (edge) => widthOf(edge.data("likelihood")),
        "line-color": (edge) => lineOf(edge.data("state"), colours).colour,
        "line-style": (edge) => lineOf(edge.data("state"), colours).style,
        "target-arrow-color": (edge) => lineOf(edge.data("state"), colours).colour,
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.9,
        "source-endpoint": OUT,
        "target-endpoint": INTO,
        "source-label": crowded ? "" : "data(label)",
        "source-text-offset": 76,
        "font-size": 10.5,
        "font-family": font,
        color: colours["ink-soft"],
        "text-background-color": colours.sheet,
        "text-background-opacity": 1,
        "text-background-padding": 2,
        "text-wrap": "wrap",
        "text-max-width": 110,
      },
    },
    // A line past a column goes round what stands there; one within a column bows out of it.
    { selector: 'edge[kind != "next"]', style: { "curve-style": "unbundled-bezier", "control-point-weights": [0.5] } },
    {
      selector: 'edge[kind = "over"]',
      style: {
        label: crowded ? "" : "data(label)",
        "source-label": "",
        "text-max-width": 220,
        "control-point-distances": [-64],
      },
    },
    {
      selector: 'edge[kind = "beside"]',
      style: {
        label: crowded ? "" : "data(label)",
        "source-label": "",
        "control-point-distances": (edge) => [edge.source().position("y") > edge.target().position("y") ? BOW : -BOW],
        "source-endpoint": OUT,
        "target-endpoint": OUT,
      },
    },
    {
      selector: "edge[?disputed]",
      style: { "source-arrow-shape": "tee", "source-arrow-color": colours["tone-stop"] },
    },
    { selector: "edge:selected, edge.chosen", style: { "line-color": colours.accent, "target-arrow-color": colours.accent, color: colours.ink, "font-weight": 700 } },
    { selector: "node:selected, node.chosen", style: { "border-width": 3, "border-color": colours.accent } },
    { selector: 'edge.told[kind = "next"], edge.chosen[kind = "next"]', style: { "source-label": "data(label)" } },
    { selector: 'edge.told[kind != "next"], edge.chosen[kind != "next"]', style: { label: "data(label)" } },
    { selector: ".faded", style: { opacity: 0.2 } },
  ];
}
