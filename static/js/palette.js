// The palette: Ctrl-K or Cmd-K opens it. It lists the places that the page's own navigation leads to, at once, and what the
// server finds, by htmx. The input keeps the focus (the combobox pattern); arrows choose, Enter goes, Escape closes.
const PLACES = [".case-nav a[href]", ".masthead-nav a[href]", ".menu-panel a[href]"];

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-q");
const pages = document.getElementById("palette-pages");

function options() {
  return [...dialog.querySelectorAll('[role="option"]')];
}

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function chosen() {
  return dialog.querySelector('[role="option"][aria-selected="true"]');
}

/** What a link of the navigation says, without its count. */
function wordsOf(link) {
  const copy = link.cloneNode(true);
  for (const extra of copy.querySelectorAll(".count, svg")) extra.remove();
  return copy.textContent.trim();
}

function option(link, number) {
  const made = document.createElement("a");
  made.href = link.href;
  made.id = `palette-page-${number}`;
  made.tabIndex = -1;
  made.setAttribute("role", "option");
  const [what, kind] = ["palette-what", "palette-kind"].map((name) => Object.assign(document.createElement("span"), { className: name }));
  what.textContent = wordsOf(link);
  kind.textContent = link.closest(".case-nav") ? "This case" : "";
  made.append(what, kind);
  return made;
}

function showPages() {
  const wanted = input.value.trim().toLocaleLowerCase();
  const links = PLACES.flatMap((place) => [...document.querySelectorAll(place)])
    .filter((link) => wordsOf(link).toLocaleLowerCase().includes(wanted));
  pages.replaceChildren(...links.map(option));
  pages.hidden = !links.length;
  choose(options()[0]);
}

function step(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

const KEYS = { ArrowDown: () => step(1), ArrowUp: () => step(-1) };

export function startPalette() {
  if (!dialog) return;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else dialog.showModal();
  });
  // The dialog gives it the focus as it opens, before the next key.
  input.addEventListener("focus", () => {
    input.select();
    showPages();
  });
  input.addEventListener("input", showPages);
  input.addEventListener("keydown", (event) => {
    if (!KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  input.form.addEventListener("submit", (event) => {
    const option = chosen();
    if (!option) return;
    event.preventDefault();
    location.assign(option.href);
  });
  dialog.addEventListener("htmx:afterSwap", () => choose(chosen() ?? options()[0]));
  dialog.addEventListener("pointermove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== chosen()) choose(option);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
