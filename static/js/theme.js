// Light, dark, or as the system: one button that goes round the three, kept in localStorage.
const ORDER = ["auto", "light", "dark"];
const WORDS = { auto: "as the system", light: "light", dark: "dark" };
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function choice() {
  return root.dataset.themeChoice ?? "auto";
}

function show(button) {
  const now = choice();
  root.dataset.bsTheme = now === "auto" ? (system.matches ? "dark" : "light") : now;
  button?.setAttribute("aria-label", `Theme: ${WORDS[now]}`);
  root.dispatchEvent(new CustomEvent("themechange", { bubbles: true }));
}

function choose(next) {
  if (next === "auto") delete root.dataset.themeChoice;
  else root.dataset.themeChoice = next;
  try {
    if (next === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", next);
  } catch {
    // A browser that keeps nothing still changes the theme of this page.
  }
}

export function startTheme() {
  const button = document.querySelector("[data-theme-toggle]");
  show(button);
  button?.addEventListener("click", () => {
    choose(ORDER[(ORDER.indexOf(choice()) + 1) % ORDER.length]);
    show(button);
  });
  system.addEventListener("change", () => show(button));
}
