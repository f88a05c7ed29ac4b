// The editor's desk by keyboard: sentences on the left, their citations on the right, the quote marked in the preserved copy.
//
//   [data-desk] holds lists [data-desk-list]; their items [data-desk-item] take the focus. An item with
//   data-citations="c1 c2" lights these citations; one with data-highlight-in and data-exact marks its passage.
//
// j, k: next and previous item; h, l: the list to the left and right; Enter: open; x: tick the sentence and go on.
// keys.js shows them under ?.
import { typing } from "./keys.js";
import { focusPassage, selectorOf, startHighlights } from "./highlights.js";

const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const SIDES = { l: 1, ArrowRight: 1, h: -1, ArrowLeft: -1 };

function itemsOf(list) {
  return [...list.querySelectorAll("[data-desk-item]")].filter((item) => !item.hidden);
}

class Desk {
  constructor(root) {
    this.root = root;
    this.lists = [...root.querySelectorAll("[data-desk-list]")];
    for (const list of this.lists) {
      itemsOf(list).forEach((item, index) => {
        item.tabIndex = index ? -1 : 0;
      });
    }
    root.addEventListener("focusin", (event) => {
      const item = event.target.closest("[data-desk-item]");
      if (item) this.choose(item);
    });
    root.addEventListener("click", (event) => {
      const item = event.target.closest("[data-desk-item]");
      if (item && !event.target.closest("a, button, input, select, textarea, label, summary")) item.focus();
    });
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Before anybody chose: the copy stands where its quote is. */
  begin() {
    const frame = this.root.querySelector("[data-scroll-frame]");
    const mark = frame?.querySelector("mark");
    if (mark) frame.scrollTop += mark.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  }

  current() {
    return document.activeElement?.closest("[data-desk-item]") ?? null;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const arrow = event.key.startsWith("Arrow");
    // Arrow keys scroll the page unless an item of the desk has the focus.
    if (arrow && !this.current()) return;
    if (event.key in MOVES) this.step(MOVES[event.key], event);
    else if (event.key in SIDES) this.change(SIDES[event.key], event);
    else if (event.key === "x") this.tick(event);
    else if (event.key === "Enter" && event.target.matches("[data-desk-item]")) this.open(event);
  }

  step(by, event) {
    const item = this.current();
    const list = item?.closest("[data-desk-list]") ?? this.lists[0];
    const items = itemsOf(list);
    if (!items.length) return;
    event.preventDefault();
    const at = item ? items.indexOf(item) + by : 0;
    items[Math.min(items.length - 1, Math.max(0, at))].focus();
  }

  change(by, event) {
    const list = this.current()?.closest("[data-desk-list]");
    const next = this.lists[this.lists.indexOf(list) + by];
    if (!next) return;
    const items = itemsOf(next);
    const wanted = items.find((item) => item.classList.contains("lit")) ?? items.find((item) => item.tabIndex === 0) ?? items[0];
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
  }

  open(event) {
    const item = event.target;
    const link = item.querySelector("[data-desk-open]") ?? item.querySelector("a[href]");
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  tick(event) {
    const button = this.current()?.querySelector("[data-desk-tick]");
    if (!button || event.repeat) return;
    event.preventDefault();
    this.ticking = this.current();
    button.click();
  }

  /**
   * An answer has come. After the key of a tick: on to the next sentence, or back to this one where it was refused. After a
   * button, which the answer replaced: back to where it stood, so that the keys go on from there.
   */
  onAnswer(target) {
    const item = target.closest?.("[data-desk-item]");
    if (!item) return;
    if (item !== this.ticking) {
      if (document.activeElement === document.body) item.focus();
      return;
    }
    this.ticking = null;
    const items = itemsOf(item.closest("[data-desk-list]"));
    const next = target.querySelector("[role=alert]") ? item : items[items.indexOf(item) + 1];
    (next ?? item).focus();
  }

  choose(item) {
    const list = item.closest("[data-desk-list]");
    for (const other of itemsOf(list)) {
      other.tabIndex = other === item ? 0 : -1;
      other.classList.toggle("current", other === item);
    }
    if (item.dataset.citations !== undefined) this.light(item.dataset.citations.split(" "));
    this.mark(item);
  }

  light(ids) {
    for (const item of this.root.querySelectorAll("[data-citation]")) {
      item.classList.toggle("lit", ids.includes(item.dataset.citation));
    }
  }

  // Passages of another exhibit than the one that is open are fetched first: the item's own link swaps the copy in.
  mark(item) {
    if (!item.dataset.exact) return;
    const layer = document.getElementById(item.dataset.highlightIn);
    if (layer && layer.dataset.item === item.dataset.item) focusPassage(layer, selectorOf(item));
    else if (item.querySelector("[hx-get]")) htmx.trigger(item.querySelector("[hx-get]"), "desk:show");
  }
}

export function startDesk(root) {
  const desk = new Desk(root);
  document.addEventListener("htmx:afterSettle", (event) => {
    desk.onAnswer(event.target);
    const layer = event.target.querySelector?.("[data-text-layer]");
    if (!layer) return;
    startHighlights(layer);
    const item = root.querySelector(".current[data-exact]");
    if (item) focusPassage(layer, selectorOf(item));
  });
  desk.begin();
  return desk;
}

for (const root of document.querySelectorAll("[data-desk]")) startDesk(root);
