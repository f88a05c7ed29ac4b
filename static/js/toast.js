// A short message in the corner, for what happened without a new page. Errors stay until they are dismissed.
const STAY_MS = 6000;

export function toast(text, level = "info") {
  const box = document.getElementById("toasts");
  const item = document.createElement("div");
  item.className = `flash flash-${level}`;
  item.dataset.dismissible = "";
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "flash-close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Dismiss this message");
  close.textContent = "×";
  item.append(words, close);
  box.append(item);
  if (level !== "error") setTimeout(() => item.remove(), STAY_MS);
  return item;
}
