// Draw, move and size a rectangle on an image, with the pointer or the keyboard, and cite it.
//
//   <figure data-region-cite data-item="13" data-cite-form="#cite"><div class="region-frame"><img ...></div></figure>
//
// Regions that are cited already stand elsewhere on the page as elements with data-region="xywh=percent:..." and
// data-region-of="13"; they are outlined on the image.
import { fillCitation } from "./cite-form.js";
import { clampRegion, formatRegion, parseRegion, regionBetween } from "./regions.js";

const STEP = 1;
const BIG_STEP = 5;
const START = { x: 35, y: 35, w: 30, h: 30 };
const CORNERS = ["nw", "ne", "sw", "se"];
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function put(element, { x, y, w, h }) {
  Object.assign(element.style, { left: `${x}%`, top: `${y}%`, width: `${w}%`, height: `${h}%` });
}

function outline(layer, item, part) {
  const region = parseRegion(item.dataset.region, part);
  if (!region) return;
  const box = document.createElement("div");
  box.className = "region region-cited";
  box.dataset.label = item.dataset.regionLabel ?? "";
  put(box, region);
  layer.append(box);
  const light = (on) => () => box.classList.toggle("region-lit", on);
  for (const [name, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
    item.addEventListener(name, light(on));
  }
}

class Draft {
  constructor(layer, part, onCite) {
    this.layer = layer;
    this.part = part;
    this.onCite = onCite;
    this.region = null;
    this.box = document.createElement("div");
    this.box.className = "region region-draft";
    this.box.tabIndex = 0;
    this.box.hidden = true;
    this.box.setAttribute("role", "group");
    this.box.append(...CORNERS.map((corner) => this.handle(corner)));
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-sm btn-primary region-button";
    this.button.textContent = "Cite this region";
    this.button.addEventListener("click", () => this.cite());
    this.box.append(this.button);
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    layer.append(this.box);
    layer.addEventListener("pointerdown", (event) => this.onPointerDown(event));
  }

  handle(corner) {
    const handle = document.createElement("span");
    handle.className = `region-handle region-handle-${corner}`;
    handle.dataset.corner = corner;
    return handle;
  }

  set(region) {
    this.region = region && clampRegion(region);
    this.box.hidden = !region;
    if (!region) return;
    put(this.box, this.region);
    const { x, y, w, h } = this.region;
    const words = `Region from ${Math.round(x)} % left and ${Math.round(y)} % top, ${Math.round(w)} % wide, ${Math.round(h)} % high.`;
    this.box.setAttribute("aria-label", `${words} Arrows move, Shift and arrows size, Enter cites, Escape clears.`);
  }

  cite() {
    if (this.region) this.onCite(formatRegion(this.region, this.part));
  }

  pointAt(event) {
    const box = this.layer.getBoundingClientRect();
    return {
      x: Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100)),
      y: Math.min(100, Math.max(0, ((event.clientY - box.top) / box.height) * 100)),
    };
  }

  onPointerDown(event) {
    if (event.button !== 0 || event.target === this.button) return;
    event.preventDefault();
    const from = this.pointAt(event);
    const move = this.dragger(event.target, from);
    const onMove = (moved) => this.set(move(this.pointAt(moved)));
    const onUp = () => {
      this.layer.removeEventListener("pointermove", onMove);
      if (this.region) this.box.focus({ preventScroll: true });
    };
    this.layer.setPointerCapture(event.pointerId);
    this.layer.addEventListener("pointermove", onMove);
    this.layer.addEventListener("pointerup", onUp, { once: true });
    this.layer.addEventListener("pointercancel", onUp, { once: true });
  }

  // What a drag does depends on where it began: on a corner it sizes, inside it moves, elsewhere it draws anew.
  dragger(target, from) {
    const before = this.region;
    if (target.dataset.corner) {
      const { x, y, w, h } = before;
      const fixed = {
        x: target.dataset.corner.endsWith("w") ? x + w : x,
        y: target.dataset.corner.startsWith("n") ? y + h : y,
      };
      return (to) => regionBetween(fixed, to);
    }
    if (target === this.box) return (to) => ({ ...before, x: before.x + to.x - from.x, y: before.y + to.y - from.y });
    return (to) => regionBetween(from, to);
  }

  onKey(event) {
    if (event.target !== this.box) return;
    if (event.key === "Escape") return this.set(null);
    if (event.key === "Enter") {
      event.preventDefault();
      return this.cite();
    }
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const [dx, dy] = move.map((part) => part * (event.ctrlKey ? BIG_STEP : STEP));
    const { x, y, w, h } = this.region;
    this.set(event.shiftKey ? { x, y, w: w + dx, h: h + dy } : { x: x + dx, y: y + dy, w, h });
  }
}

/** Wire one image. */
export function startRegionCite(figure) {
  const layer = document.createElement("div");
  layer.className = "region-layer";
  figure.querySelector(".region-frame").append(layer);
  const part = figure.dataset.part ?? "";
  for (const item of document.querySelectorAll(`[data-region-of="${figure.dataset.item}"]`)) outline(layer, item, part);
  const form = document.querySelector(figure.dataset.citeForm || "[data-cite-form-target]");
  if (!form) return;
  const draft = new Draft(layer, part, (region) => {
    fillCitation(form, { selector_type: "region", item: figure.dataset.item, region, exact: "" }, region);
  });
  const keyboard = document.createElement("button");
  keyboard.type = "button";
  keyboard.className = "btn btn-sm region-start";
  keyboard.textContent = "Mark a region";
  keyboard.addEventListener("click", () => {
    draft.set(draft.region ?? START);
    draft.box.focus();
  });
  figure.append(keyboard);
}

export function start(root = document) {
  for (const figure of root.querySelectorAll("[data-region-cite]:not([data-wired])")) {
    figure.dataset.wired = "";
    startRegionCite(figure);
  }
}

start();
document.addEventListener("htmx:afterSettle", (event) => start(event.target));
