// The co-sharing network: who shared the same as whom within the window.
//
//   <div data-network data-url="..." data-behind=".../edges/0/?..."> ... <div data-network-canvas></div></div>
//
// The address answers {nodes: [{id, label}], edges: [{id, place, source, target, objects, weight, above}], note}. The picture is for
// the eye; the table beneath says the same and is what the keyboard uses: focus on one of its rows (data-pair) marks the pair.
import cytoscape from "../vendor/cytoscape.min.mjs";
import { captioned } from "./captions.js";
import { palette } from "./graph-style.js";
import { arrange } from "./network-layout.js";
import { networkSvg } from "./network-svg.js";
import { save } from "./save.js";
import { toast } from "./toast.js";

// See graph.js: the library would write a <style>, which the policy forbids.
const STYLE_MARK = "__________cytoscape_stylesheet";
const STEP = 1.4;
// With more accounts than this, only those with many pairs are named until one is pointed at.
const NAMED = 40;
// How small dots may be on the screen, as a share of their size.
const SMALLEST = 0.6;
// Pixels of a saved picture for each of the page.
const SHARP = 2;
// Pixels along the longer side of a picture: print has no use for more, and mail programs refuse it.
const LARGEST = 5000;

const radiusOf = (degree) => 4 + Math.min(8, 1.6 * Math.sqrt(degree));
const widthOf = (objects) => Math.min(6, 0.7 + 0.8 * (objects - 1));

function markStyle() {
  if (document.getElementById(STYLE_MARK)) return;
  const mark = document.createElement("meta");
  mark.id = STYLE_MARK;
  document.head.append(mark);
}

// A crowd is drawn small: its dots and lines are made larger by as much, so that they stay in sight.
function styleOf(colours, scale) {
  return [
    {
      selector: "node",
      style: {
        width: (node) => 2 * scale * radiusOf(node.data("degree")),
        height: (node) => 2 * scale * radiusOf(node.data("degree")),
        "background-color": colours["tone-info-bg"],
        "border-color": colours["tone-info"],
        "border-width": 1.25 * scale,
        color: colours.ink,
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": 9 * scale,
        "text-valign": "top",
        "text-margin-y": -2,
        "text-outline-color": colours.sheet,
        "text-outline-width": 2 * scale,
      },
    },
    { selector: "node[?named], node.told, node.chosen", style: { label: "data(label)" } },
    {
      selector: "edge",
      style: {
        "curve-style": "haystack",
        "haystack-radius": 0,
        width: (edge) => scale * widthOf(edge.data("objects")),
        "line-color": (edge) => (edge.data("above") ? colours.ink : colours["ink-faint"]),
        opacity: (edge) => (edge.data("above") ? 1 : 0.55),
      },
    },
    { selector: "edge.chosen", style: { "line-color": colours.accent, width: 4 * scale, "z-index": 9 } },
    { selector: "node.chosen", style: { "border-width": 3 * scale, "border-color": colours.accent, "z-index": 9 } },
    { selector: ".faded", style: { opacity: 0.15 } },
    { selector: ".away", style: { display: "none" } },
  ];
}

function elementsOf({ nodes, edges }, places) {
  const degree = new Map();
  for (const { source, target } of edges) for (const id of [source, target]) degree.set(id, (degree.get(id) ?? 0) + 1);
  const sorted = [...degree.values()].sort((one, other) => other - one);
  const least = nodes.length <= NAMED ? 0 : Math.max(3, sorted[NAMED]);
  return [
    ...nodes.map((node) => ({
      data: { ...node, degree: degree.get(node.id), named: degree.get(node.id) > least },
      position: places.get(node.id),
    })),
    ...edges.map((data) => ({ data })),
  ];
}

function scaleOf(places, canvas) {
  const across = Math.max(...[...places.values()].map(({ x }) => x)) / canvas.clientWidth;
  const down = Math.max(...[...places.values()].map(({ y }) => y)) / canvas.clientHeight;
  return Math.max(1, SMALLEST * Math.max(across, down));
}

class Network {
  constructor(frame, data) {
    this.frame = frame;
    this.note = data.note;
    this.canvas = frame.querySelector("[data-network-canvas]");
    const places = arrange(data.nodes, data.edges);
    this.scale = scaleOf(places, this.canvas);
    this.cy = cytoscape({
      container: this.canvas,
      elements: elementsOf(data, places),
      layout: { name: "preset", padding: 24 },
      style: styleOf(palette(), this.scale),
      userZoomingEnabled: false,
      autoungrabify: true,
      boxSelectionEnabled: false,
      minZoom: 0.02,
      maxZoom: 4,
    });
    this.fit();
    this.listen();
  }

  listen() {
    const { cy } = this;
    cy.on("tap", "edge", ({ target }) => this.open(target));
    cy.on("mouseover", "node", ({ target }) => {
      const near = target.closedNeighbourhood();
      cy.elements().difference(near).addClass("faded");
      near.nodes().addClass("told");
    });
    cy.on("mouseover", "edge", ({ target }) => target.connectedNodes().addClass("told"));
    cy.on("mouseout", "node, edge", () => cy.elements().removeClass("faded told"));
    const acts = { in: () => this.zoom(STEP), out: () => this.zoom(1 / STEP), fit: () => this.fit(), png: () => this.png(), svg: () => this.svg() };
    for (const [name, act] of Object.entries(acts)) this.part(name).addEventListener("click", act);
    this.part("above").addEventListener("change", ({ target }) => this.only(target.checked));
    // The rows come when their fold is opened.
    const mark = ({ target }) => {
      const row = target.closest("[data-pair]");
      if (row) this.choose(cy.getElementById(row.dataset.pair));
    };
    for (const kind of ["focusin", "mouseover"]) this.frame.parentElement.addEventListener(kind, mark);
    document.documentElement.addEventListener("themechange", () => cy.style(styleOf(palette(), this.scale)));
  }

  part(name) {
    return this.frame.querySelector(`[data-network-${name}]`);
  }

  fit() {
    this.cy.fit(this.cy.elements(":visible"), 24);
    this.whole = this.cy.zoom();
    this.cy.userPanningEnabled(false);
  }

  zoom(by) {
    const { cy } = this;
    cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    // A drag moves the picture only while a part of it is out of sight; otherwise it scrolls the page, as it should.
    cy.userPanningEnabled(cy.zoom() > this.whole);
  }

  only(above) {
    const below = this.cy.edges("[!above]");
    const { cy } = this;
    cy.elements().removeClass("away");
    if (above) {
      below.addClass("away");
      cy.nodes().filter((node) => node.connectedEdges("[?above]").empty()).addClass("away");
    }
    this.fit();
  }

  choose(edge) {
    this.cy.elements().removeClass("chosen");
    edge.union(edge.connectedNodes()).addClass("chosen");
  }

  open(edge) {
    this.choose(edge);
    const address = this.frame.dataset.behind.replace("/edges/0/", `/edges/${edge.data("place")}/`);
    htmx.ajax("GET", address, { target: "#pair-panel", swap: "innerHTML" });
  }

  get caption() {
    const { caption, captionAbove } = this.frame.dataset;
    return [caption, this.part("above").checked ? captionAbove : "", this.note].filter(Boolean).join(" ");
  }

  async png() {
    const colours = palette();
    const { w, h } = this.cy.elements(":visible").boundingBox();
    const scale = Math.min(SHARP, LARGEST / Math.max(w, h));
    const picture = await createImageBitmap(this.cy.png({ output: "blob", full: true, scale, bg: colours.sheet }));
    captioned(picture, this.caption, colours, SHARP).toBlob((blob) => save(blob, `${this.frame.dataset.label}.png`));
  }

  svg() {
    const seen = this.cy.elements(":visible");
    const nodes = seen.nodes().map((node) => ({ ...node.position(), radius: this.scale * radiusOf(node.data("degree")), ...node.data() }));
    const edges = seen.edges().map((edge) => ({
      from: edge.source().position(),
      to: edge.target().position(),
      width: this.scale * widthOf(edge.data("objects")),
      above: edge.data("above"),
    }));
    const text = networkSvg(nodes, edges, palette(), { title: this.frame.dataset.label, scale: this.scale, caption: this.caption });
    save(new Blob([text], { type: "image/svg+xml" }), `${this.frame.dataset.label}.svg`);
  }
}

/** Draw one network. Resolves with what draws it, null when there is nothing to draw. */
export async function startNetwork(frame) {
  if (frame.dataset.started) return null;
  frame.dataset.started = "yes";
  const response = await fetch(frame.dataset.url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    toast("The network could not be loaded; the table beneath it has its pairs.", "error");
    return null;
  }
  const data = await response.json();
  if (!data.nodes.length) return null;
  markStyle();
  frame.hidden = false;
  const note = frame.querySelector("[data-network-note]");
  note.textContent = data.note;
  note.hidden = !data.note;
  const network = new Network(frame, data);
  frame.dispatchEvent(new CustomEvent("network:drawn", { bubbles: true, detail: { cy: network.cy } }));
  return network;
}
