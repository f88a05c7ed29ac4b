// The attribution graph: account -> person -> organisation, one edge per claim.
//
//   <div class="graph" data-graph data-url="..." data-panel="#claim-panel"></div>
//
// The address answers {"nodes": [{id, type, label, sub, url, status}], "edges": [{id, source, target, label, state,
// likelihood, disputed, url, panel_url}]}. The canvas is a picture; the table beneath it says the same and is what the
// keyboard and a screen reader use: focus on one of its rows (`data-edge="<id>"`) marks the edge.
import cytoscape from "../vendor/cytoscape.min.mjs";
import { arrange, attributionOnly } from "./graph-layout.js";
import { graphStyle, heightOf, NODE_WIDTH, palette } from "./graph-style.js";
import { toast } from "./toast.js";

// Cytoscape would write a <style> of one rule, which the content security policy forbids; it stands in casework.css, and an
// element with this id tells the library so.
const STYLE_MARK = "__________cytoscape_stylesheet";

// One gap between the rows suits the tallest node; the columns take the width of the frame, but never stand closer than this.
const CLOSEST = 290;
const BETWEEN = 18;
const PADDING = 16;
const LOWEST = 0.2;
const HIGHEST = 2;
const STEP = 1.25;
const READABLE = 0.7;
// With more links than this their words would cover one another: they show on the node or link one points at.
const CROWD = 24;

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

// Middle of the first and last column to the edge of the canvas.
const MARGIN = NODE_WIDTH / 2 + PADDING;

/** Width and height of the whole picture, and where its nodes stand, at a scale of one. */
function planFor(available, data, places) {
  const across = Math.max(CLOSEST, (available - 2 * MARGIN) / 2);
  const tallest = Math.max(...data.nodes.map(heightOf));
  const gap = tallest + BETWEEN;
  const rows = Math.max(...[...places.values()].map(({ row }) => row));
  const top = tallest / 2 + PADDING;
  return {
    width: 2 * (across + MARGIN),
    height: rows * gap + 2 * top,
    at: ({ column, row }) => ({ x: MARGIN + column * across, y: top + row * gap }),
  };
}

// The canvas is as large as the picture, and the frame around it scrolls: by wheel, touch and arrow keys, as any page does.
class Picture {
  constructor(frame, cy, data, places) {
    this.frame = frame;
    this.cy = cy;
    this.plan = () => planFor(frame.parentElement.clientWidth, data, places);
    this.places = places;
    this.begin();
  }

  /** Full size; on a telephone a little smaller, so that a link shows with both its ends. */
  begin() {
    this.draw(Math.max(READABLE, Math.min(1, this.frame.parentElement.clientWidth / this.plan().width)));
  }

  draw(scale) {
    this.scale = Math.min(HIGHEST, Math.max(LOWEST, scale));
    const { width, height, at } = this.plan();
    this.frame.style.width = `${Math.floor(width * this.scale)}px`;
    this.frame.style.height = `${Math.ceil(height * this.scale)}px`;
    this.cy.resize();
    this.cy.nodes().positions((node) => at(this.places.get(node.id())));
    this.cy.viewport({ zoom: this.scale, pan: { x: 0, y: 0 } });
  }

  zoom(by) {
    this.draw(this.scale * by);
  }

  fit() {
    const { clientWidth, clientHeight } = this.frame.parentElement;
    const { width, height } = this.plan();
    this.draw(Math.min(1, clientWidth / width, clientHeight / height));
  }
}

// What one points at stands out with all it is linked to.
function spotlight(cy, element) {
  const near = element.isNode() ? element.closedNeighbourhood() : element.union(element.connectedNodes());
  cy.elements().difference(near).addClass("faded");
  near.edges().addClass("told");
}

function endSpotlight(cy) {
  cy.elements().removeClass("faded told");
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
  frame.closest("[data-graph-frame]").querySelector(`[data-graph-${name}]`)?.addEventListener("click", act);
}

// A telephone changes the height of its window while one scrolls; that must not undo how far one has zoomed.
function followWidth(element, act) {
  let known = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === known) return;
    known = element.clientWidth;
    act();
  }).observe(element);
}

/** Draw one graph. Resolves with the Cytoscape instance, null when there is nothing to draw. */
export async function startGraph(frame) {
  const response = await fetch(frame.dataset.url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    toast("The graph could not be loaded; the table beneath it has its links.", "error");
    document.querySelector(".graph-table")?.setAttribute("open", "");
    return null;
  }
  const data = attributionOnly(await response.json());
  if (!data.nodes.length) {
    frame.closest("[data-graph-frame]")?.setAttribute("hidden", "");
    return null;
  }
  markStyle();
  const places = arrange(data.nodes, data.edges);
  const style = () => graphStyle(palette(), data.edges.length > CROWD);
  const cy = cytoscape({
    container: frame,
    elements: elementsOf(data, places),
    layout: { name: "null" },
    style: style(),
    userZoomingEnabled: false,
    userPanningEnabled: false,
    autoungrabify: true,
    minZoom: LOWEST,
    maxZoom: HIGHEST,
    boxSelectionEnabled: false,
  });
  const picture = new Picture(frame, cy, data, places);
  cy.on("tap", "edge", (event) => showClaim(frame, cy, event.target));
  cy.on("tap", "node", (event) => event.target.data("url") && location.assign(event.target.data("url")));
  cy.on("mouseover", "node, edge", (event) => {
    frame.classList.add("over");
    spotlight(cy, event.target);
  });
  cy.on("mouseout", "node, edge", () => {
    frame.classList.remove("over");
    endSpotlight(cy);
  });
  followTable(frame, cy);
  control(frame, "png", () => savePicture(cy));
  control(frame, "fit", () => picture.fit());
  control(frame, "in", () => picture.zoom(STEP));
  control(frame, "out", () => picture.zoom(1 / STEP));
  document.documentElement.addEventListener("themechange", () => cy.style(style()));
  // A canvas does not draw itself again when the letters that it asked for have come.
  document.fonts.addEventListener("loadingdone", () => cy.style(style()));
  followWidth(frame.parentElement, () => picture.begin());
  frame.dispatchEvent(new CustomEvent("graph:drawn", { bubbles: true, detail: { cy } }));
  return cy;
}

for (const frame of document.querySelectorAll("[data-graph]")) startGraph(frame);
