// Passages marked in a preserved copy: every citation faintly, the one being read strongly, then scrolled to.
// CSS custom highlights leave the text itself untouched, so that offsets stay what they are.
import { locate, rangeBetween } from "./selectors.js";

const supported = typeof Highlight !== "undefined" && "highlights" in CSS;

/** What a citation's element says in its data attributes, as a selector. */
export function selectorOf(element) {
  const { exact, prefix, suffix, start, end } = element.dataset;
  return { exact, prefix, suffix, start, end };
}

function rangesOf(layer, selectors) {
  return selectors
    .map((selector) => locate(layer, selector))
    .filter(Boolean)
    .map(({ start, end }) => rangeBetween(layer, start, end))
    .filter(Boolean);
}

/** Mark all these passages faintly; a name keeps several sets apart ("citation", "contradiction"). */
export function markAll(layer, selectors, name = "citation") {
  if (supported) CSS.highlights.set(name, new Highlight(...rangesOf(layer, selectors)));
}

/** Mark one passage strongly and bring it into view. Returns whether the words were found. */
export function focusPassage(layer, selector) {
  const [range] = rangesOf(layer, [selector]);
  layer.toggleAttribute("data-not-found", !range);
  if (!range) {
    if (supported) CSS.highlights.delete("focus");
    return false;
  }
  if (supported) CSS.highlights.set("focus", new Highlight(range));
  else getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  scrollToRange(layer, range);
  return true;
}

function scrollToRange(layer, range) {
  const box = range.getBoundingClientRect();
  const frame = layer.closest("[data-scroll-frame]");
  if (frame && frame.scrollHeight > frame.clientHeight) {
    frame.scrollTop += box.top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  } else {
    window.scrollBy(0, box.top - window.innerHeight / 3);
  }
}

// An item that names its copy (data-item) is looked for in that copy only, not in the one that happens to be open.
function belongs(item, layer) {
  return !item.dataset.item || item.dataset.item === layer.dataset.item;
}

function selectorFromHash() {
  const params = new URLSearchParams(location.hash.slice(1));
  if (!params.has("q")) return null;
  return { exact: params.get("q"), start: params.get("s") ?? undefined, prefix: params.get("p") ?? "" };
}

/** Marks what the page asks for: the citations listed beside the copy, and the passage in the address (#q=words&s=offset). */
export function startHighlights(layer) {
  const all = [...document.querySelectorAll(`[data-highlight-in="${layer.id}"]`)];
  const listed = all.filter((item) => belongs(item, layer));
  for (const [name, against] of [["citation", false], ["contradiction", true]]) {
    markAll(layer, listed.filter((item) => (item.dataset.stance === "contradicts") === against).map(selectorOf), name);
  }
  const follow = () => {
    const wanted = layer.isConnected && selectorFromHash();
    if (wanted) focusPassage(layer, wanted);
  };
  follow();
  window.addEventListener("hashchange", follow);
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-highlight-in]");
  const layer = item && document.getElementById(item.dataset.highlightIn);
  if (layer && belongs(item, layer)) focusPassage(layer, selectorOf(item));
});
