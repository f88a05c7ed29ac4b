// Select a passage of a preserved copy, by mouse or keyboard, and cite it.
//
//   <article data-text-layer id="copy" data-item="12" data-cite-form="#cite" tabindex="0"><pre data-text>...</pre></article>
//
// The form's fields exact, prefix, suffix, start, end, page, selector_type and item are filled when they exist.
import { fillCitation } from "./cite-form.js";
import { markAll, startHighlights } from "./highlights.js";
import { describe, layerText, locate, rangeBetween } from "./selectors.js";

const SHORT = 90;

function popover() {
  const box = document.createElement("div");
  box.className = "cite-popover";
  box.hidden = true;
  box.setAttribute("role", "toolbar");
  box.setAttribute("aria-label", "Selected passage");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-primary";
  button.textContent = "Cite this passage";
  box.append(button);
  document.body.append(box);
  return { box, button };
}

function selectedRange() {
  const selection = document.getSelection();
  return selection.rangeCount ? selection.getRangeAt(0) : null;
}

function place(box, range) {
  const rects = range.getClientRects();
  const last = rects[rects.length - 1] ?? range.getBoundingClientRect();
  box.hidden = false;
  const left = Math.min(Math.max(8, last.right - box.offsetWidth / 2), window.innerWidth - box.offsetWidth - 8);
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${last.bottom + window.scrollY + 6}px`;
}

/** Wire one preserved copy. */
export function startTextCite(layer) {
  const { box, button } = popover();
  const gone = new AbortController();
  const signal = gone.signal;
  // Looked up each time: htmx may have put another form in its place.
  const formOf = () => document.querySelector(layer.dataset.citeForm || "[data-cite-form-target]");

  function update() {
    if (!layer.isConnected) {
      gone.abort();
      box.remove();
      return;
    }
    const range = selectedRange();
    if (describe(layer, range) && formOf()) place(box, range);
    else box.hidden = true;
  }

  function cite() {
    const selector = describe(layer, selectedRange());
    const form = formOf();
    if (!selector || !form) return;
    const words = selector.exact.length > SHORT ? `${selector.exact.slice(0, SHORT)}…` : selector.exact;
    // The mark takes the selection's place, or the popover would come back with the next scrolling.
    document.getSelection().removeAllRanges();
    markAll(layer, [selector], "focus");
    fillCitation(form, { selector_type: "quote", item: layer.dataset.item, region: "", ...selector }, words);
  }

  document.addEventListener("selectionchange", update, { signal });
  window.addEventListener("resize", update, { signal });
  document.addEventListener("scroll", update, { capture: true, passive: true, signal });
  // The press must not take the selection away before the click is handled.
  box.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", cite);
  layer.addEventListener("keydown", (event) => onKey(event, layer, cite));
  startFind(layer);
  startHighlights(layer);
}

const STEPS = {
  ArrowRight: ["forward", "word"],
  ArrowLeft: ["backward", "word"],
  ArrowDown: ["forward", "line"],
  ArrowUp: ["backward", "line"],
};

// Shift and arrows select by word and line (with Alt by letter), Enter cites, Escape lets go.
function onKey(event, layer, cite) {
  const selection = document.getSelection();
  if (event.key === "Enter" && !selection.isCollapsed) {
    event.preventDefault();
    cite();
  } else if (event.key === "Escape") {
    selection.removeAllRanges();
  } else if (event.shiftKey && STEPS[event.key]) {
    event.preventDefault();
    if (!selection.anchorNode || !layer.contains(selection.anchorNode)) selectFirst(layer, selection);
    const [direction, unit] = STEPS[event.key];
    selection.modify("extend", direction, event.altKey ? "character" : unit);
  }
}

function selectFirst(layer, selection) {
  const start = layerText(layer).base;
  const range = rangeBetween(layer, start, start);
  selection.setBaseAndExtent(range.startContainer, range.startOffset, range.startContainer, range.startOffset);
}

// A field `[data-find-in="<id of the layer>"]` selects the words typed into it, so that a passage far down needs no mouse.
function startFind(layer) {
  const field = document.querySelector(`[data-find-in="${layer.id}"]`);
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const found = locate(layer, { exact: field.value.trim() });
    field.setAttribute("aria-invalid", String(!found));
    if (!found) return;
    const range = rangeBetween(layer, found.start, found.end);
    layer.focus({ preventScroll: true });
    const { startContainer, startOffset, endContainer, endOffset } = range;
    document.getSelection().setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
    range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  });
}

export function start(root = document) {
  for (const layer of root.querySelectorAll("[data-text-layer]:not([data-wired])")) {
    layer.dataset.wired = "";
    startTextCite(layer);
  }
}

start();
document.addEventListener("htmx:afterSettle", (event) => start(event.target));
