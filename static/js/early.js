// Runs before the first paint, so that a chosen theme never flashes in the other one. The rest of the theme is in theme.js.
(function () {
  let choice = null;
  try { choice = localStorage.getItem("theme"); } catch { choice = null; }
  const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  if (choice) document.documentElement.dataset.themeChoice = choice;
  document.documentElement.classList.add("js");
})();
