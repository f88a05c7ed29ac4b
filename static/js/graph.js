// The attribution graph: account -> person -> organisation, one edge per claim.
//
//   <div class="graph" data-graph data-url="..." data-panel="#claim-panel"></div>
//
// The address answers {"nodes": [{id, type, label, sub, url, status}], "edges": [{id, source, target, label, state,
// likelihood, disputed, url, panel_url}]}. The canvas is a picture; the table beneath it says the same and is what the
// keyboard and a screen reader use: focus on one of its rows (`data-edge="<id>"`) marks the edge.
import cytoscape from "../vendor/cytoscape.min.mjs";
import dagre from "../vendor/cytoscape-dagre.min.mjs";
import { graphStyle, palette } from "./graph-style.js";
import { toast } from "./toast.js";

cytoscape.use(dagre);

// Cytoscape would write a <style> of one rule, which the content security policy forbids; it stands in casework.css, and an
// element with this id tells the library so.
const STYLE_MARK = "__________cytoscape_stylesheet";

const LAYOUT = { name: "dagre", rankDir: "LR", nodeSep: 22, rankSep: 150, edgeSep: 14, padding: 16, fit: true };
const ROOM_PER_NODE = 62;
const READABLE = 0.75;
const LOWEST = 280;
const HIGHEST = 720;

function markStyle() {
  if (document.getElementById(STYLE_MARK)) return;
  const mark = document.createElement("meta");
  mark.id = STYLE_MARK;
  document.head.append(mark);
}

function elementsOf({ nodes, edges }) {
  const types = new Map(nodes.map((node) => [node.id, node.type]));
  const skips = ({ source, target }) => types.get(source) === "account" && types.get(target) === "organisation";
  return [...nodes, ...edges.map((edge) => ({ ...edge, skips: skips(edge) }))].map((data) => ({ data }));
}

function heightFor(nodes) {
  const perType = Map.groupBy ? Map.groupBy(nodes, (node) => node.type) : new Map([["all", nodes]]);
  const longest = Math.max(1, ...[...perType.values()].map((list) => list.length));
  return Math.min(HIGHEST, Math.max(LOWEST, longest * ROOM_PER_NODE));
}

function narrow(element) {
  return element.clientWidth < 640;
}

function layoutFor(element) {
  return narrow(element) ? { ...LAYOUT, rankDir: "TB", rankSep: 70 } : LAYOUT;
}

// On a narrow screen the whole graph would be too small to read: start at its beginning and let it be dragged.
function keepReadable(cy) {
  if (cy.zoom() >= READABLE) return;
  const { x1, y1 } = cy.elements().boundingBox();
  cy.viewport({ zoom: READABLE, pan: { x: 12 - x1 * READABLE, y: 12 - y1 * READABLE } });
}

function layOut(cy, frame) {
  const layout = cy.layout(layoutFor(frame));
  layout.one("layoutstop", () => keepReadable(cy));
  layout.run();
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
  const data = await response.json();
  if (!data.nodes.length) {
    frame.closest("[data-graph-frame]")?.setAttribute("hidden", "");
    return null;
  }
  markStyle();
  frame.style.height = `${heightFor(data.nodes)}px`;
  const cy = cytoscape({
    container: frame,
    elements: elementsOf(data),
    style: graphStyle(palette()),
    layout: { name: "null" },
    userZoomingEnabled: false,
    minZoom: 0.2,
    maxZoom: 2,
    boxSelectionEnabled: false,
  });
  layOut(cy, frame);
  cy.on("tap", "edge", (event) => showClaim(frame, cy, event.target));
  cy.on("tap", "node", (event) => event.target.data("url") && location.assign(event.target.data("url")));
  cy.on("mouseover", "node, edge", () => frame.classList.add("over"));
  cy.on("mouseout", "node, edge", () => frame.classList.remove("over"));
  followTable(frame, cy);
  control(frame, "png", () => savePicture(cy));
  control(frame, "fit", () => cy.fit(undefined, 16));
  control(frame, "in", () => cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: frame.clientWidth / 2, y: frame.clientHeight / 2 } }));
  control(frame, "out", () => cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: frame.clientWidth / 2, y: frame.clientHeight / 2 } }));
  document.documentElement.addEventListener("themechange", () => cy.style(graphStyle(palette())));
  window.addEventListener("resize", () => layOut(cy.resize(), frame));
  frame.dispatchEvent(new CustomEvent("graph:drawn", { bubbles: true, detail: { cy } }));
  return cy;
}

for (const frame of document.querySelectorAll("[data-graph]")) startGraph(frame);
