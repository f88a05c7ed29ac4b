// The attribution graph: account -> person -> organisation, one edge per claim.
//
//   <div class="graph" data-graph data-url="..." data-panel="#claim-panel"></div>
//
// The address answers {"nodes": [{id, type, label, sub, url, status}], "edges": [{id, source, target, label, state,
// likelihood, disputed, url, panel_url}]}. The canvas is a picture; the table beneath it says the same and is what the
// keyboard and a screen reader use: focus on one of its rows (`data-edge="<id>"`) marks the edge.
import cytoscape from "../vendor/cytoscape.min.mjs";
import { arrange, attributionOnly } from "./graph-layout.js";
import { graphStyle, palette } from "./graph-style.js";
import { toast } from "./toast.js";

// Cytoscape would write a <style> of one rule, which the content security policy forbids; it stands in casework.css, and an
// element with this id tells the library so.
const STYLE_MARK = "__________cytoscape_stylesheet";

// Distances between the middles of nodes: across the columns, and between two nodes of a column.
const WIDE = { across: 360, gap: 64 };
const NARROW = { across: 130, gap: 185 };
const PADDING = 16;
const READABLE = 0.75;
const LOWEST = 280;
const HIGHEST = 720;

function markStyle() {
  if (document.getElementById(STYLE_MARK)) return;
  const mark = document.createElement("meta");
  mark.id = STYLE_MARK;
  document.head.append(mark);
}

function elementsOf({ nodes, edges }, places) {
  const kind = ({ source, target }) => {
    const distance = Math.abs(places.get(source).column - places.get(target).column);
    return ["beside", "next", "over"][distance];
  };
  return [...nodes, ...edges.map((edge) => ({ ...edge, kind: kind(edge) }))].map((data) => ({ data }));
}

function heightFor(frame, places) {
  if (narrow(frame)) return 2 * NARROW.across + WIDE.gap + 2 * PADDING;
  const rows = Math.max(...[...places.values()].map(({ row }) => row)) + 1;
  return Math.min(HIGHEST, Math.max(LOWEST, rows * WIDE.gap + 2 * PADDING));
}

function narrow(element) {
  return element.clientWidth < 640;
}

function positionIn(element, { column, row }) {
  return narrow(element)
    ? { x: row * NARROW.gap, y: column * NARROW.across }
    : { x: column * WIDE.across, y: row * WIDE.gap };
}

// On a narrow screen the whole graph would be too small to read: start at its beginning and let it be dragged.
function keepReadable(cy) {
  if (cy.zoom() >= READABLE) return;
  const { x1, y1 } = cy.elements().boundingBox();
  cy.viewport({ zoom: READABLE, pan: { x: 12 - x1 * READABLE, y: 12 - y1 * READABLE } });
}

function layOut(cy, frame, places) {
  cy.nodes().positions((node) => positionIn(frame, places.get(node.id())));
  cy.style(graphStyle(palette(), narrow(frame)));
  cy.fit(undefined, PADDING);
  keepReadable(cy);
}

function choose(cy, edge) {
  cy.elements().removeClass("chosen");
  edge.addClass("chosen");
  edge.connectedNodes().addClass("chosen");
}

function showClaim(frame, cy, edge) {
  choose(cy, edge);
  const panel = document.querySelector(frame.dataset.panel);
  if (panel && edge.data("panel_url")) {
    htmx.ajax("GET", edge.data("panel_url"), { target: panel, swap: "innerHTML" });
    panel.scrollIntoView({ block: "nearest" });
  } else if (edge.data("url")) {
    location.assign(edge.data("url"));
  }
}

function followTable(frame, cy) {
  for (const row of document.querySelectorAll("[data-edge]")) {
    const mark = () => choose(cy, cy.getElementById(row.dataset.edge));
    row.addEventListener("focusin", mark);
    row.addEventListener("mouseenter", mark);
  }
}

function savePicture(cy) {
  const link = document.createElement("a");
  link.download = "attribution-graph.png";
  const picture = cy.png({ output: "blob", full: true, scale: 2, bg: palette().sheet });
  link.href = URL.createObjectURL(picture);
  link.click();
  URL.revokeObjectURL(link.href);
}

function control(frame, name, act) {
  frame.parentElement.querySelector(`[data-graph-${name}]`)?.addEventListener("click", act);
}

/** Draw one graph. Resolves with the Cytoscape instance, null when there is nothing to draw. */
export async function startGraph(frame) {
  const response = await fetch(frame.dataset.url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    toast("The graph could not be loaded; the table beneath it has the same links.", "error");
    return null;
  }
  const data = attributionOnly(await response.json());
  if (!data.nodes.length) {
    frame.closest("[data-graph-frame]")?.setAttribute("hidden", "");
    return null;
  }
  markStyle();
  const places = arrange(data.nodes, data.edges);
  frame.style.height = `${heightFor(frame, places)}px`;
  const cy = cytoscape({
    container: frame,
    elements: elementsOf(data, places),
    layout: { name: "null" },
    userZoomingEnabled: false,
    minZoom: 0.2,
    maxZoom: 1.5,
    boxSelectionEnabled: false,
  });
  layOut(cy, frame, places);
  cy.on("tap", "edge", (event) => showClaim(frame, cy, event.target));
  cy.on("tap", "node", (event) => event.target.data("url") && location.assign(event.target.data("url")));
  cy.on("mouseover", "node, edge", () => frame.classList.add("over"));
  cy.on("mouseout", "node, edge", () => frame.classList.remove("over"));
  followTable(frame, cy);
  control(frame, "png", () => savePicture(cy));
  control(frame, "fit", () => cy.fit(undefined, PADDING));
  control(frame, "in", () => cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: frame.clientWidth / 2, y: frame.clientHeight / 2 } }));
  control(frame, "out", () => cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: frame.clientWidth / 2, y: frame.clientHeight / 2 } }));
  document.documentElement.addEventListener("themechange", () => cy.style(graphStyle(palette(), narrow(frame))));
  window.addEventListener("resize", () => layOut(cy.resize(), frame, places));
  frame.dispatchEvent(new CustomEvent("graph:drawn", { bubbles: true, detail: { cy } }));
  return cy;
}

for (const frame of document.querySelectorAll("[data-graph]")) startGraph(frame);
