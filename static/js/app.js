// What every page can do. Each behaviour hangs on a data attribute, so that what htmx swaps in works as well.
import { csrfToken } from "./csrf.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startTheme } from "./theme.js";
import { toast } from "./toast.js";

const COPIED_MS = 1500;

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    toast("Copied.", "success");
    setTimeout(() => button.classList.remove("done"), COPIED_MS);
  } catch {
    toast("This browser does not let the page copy. Select the text and copy it by hand.", "error");
  }
}

function toggleGraphic(button) {
  const shown = button.closest("[data-graphic]").classList.toggle("revealed");
  const other = button.dataset.labelOther ?? button.dataset.labelHide;
  button.dataset.labelOther = button.textContent;
  button.textContent = other;
  button.setAttribute("aria-pressed", String(shown));
}

function selectTab(tab, focus = false) {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (focus) tab.focus();
}

function moveTab(event) {
  const tabs = [...event.target.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  selectTab(tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length], true);
}

const CLICKS = [
  ["[data-dismiss]", (button) => button.closest("[data-dismissible]").remove()],
  ["[data-dialog]", (button) => document.getElementById(button.dataset.dialog).showModal()],
  ["[data-dialog-close]", (button) => button.closest("dialog").close()],
  ["[data-copy]", copy],
  ["[data-graphic-toggle]", toggleGraphic],
  ['[role="tab"]', (tab) => selectTab(tab)],
  ["[data-print]", () => window.print()],
];

document.addEventListener("click", (event) => {
  for (const [selector, act] of CLICKS) {
    const found = event.target.closest(selector);
    if (found) act(found);
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches?.('[role="tab"]')) moveTab(event);
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A select that filters a list does so at once; the button stays for those who have no JavaScript.
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-autosubmit]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  const words = {
    403: "You may not do that in this case.",
    404: "That is no longer there.",
    409: "Someone else changed this meanwhile. Reload to see their version.",
    412: "Someone else changed this meanwhile. Reload to see their version.",
  };
  toast(words[status] ?? `The server could not do that (${status}).`, "error");
});

document.addEventListener("htmx:sendError", () => toast("No connection to the server.", "error"));

startTheme();
startKeys();
startPalette();
// On a narrow screen the places of a case lie in one row: the current one is brought into sight, also after the screen turned.
function showCurrent() {
  const current = document.querySelector('[data-scroll-current] [aria-current="page"]');
  if (!current) return;
  const row = current.closest("[data-scroll-current]");
  const [inner, outer] = [current, row].map((element) => element.getBoundingClientRect());
  row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}
showCurrent();
window.addEventListener("resize", showCurrent);
