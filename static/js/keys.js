// Keys of every page, listed in the dialog #keys: ? shows them, / goes to the field that searches, g and a letter to the place
// whose link carries data-go="<letter>".
const WAIT_MS = 1200;
const SEARCH = "main input[type=search], main .filters input:not([type=hidden])";
let begun = 0;

/** Whether a key belongs to what the person is writing or choosing, rather than to the page; a box takes the space bar alone. */
export function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, dialog[open], [contenteditable]");
}

function goTo(letter) {
  const link = /^[a-z]$/.test(letter) && document.querySelector(`[data-go="${letter}"]`);
  if (link) location.assign(link.href);
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const going = event.timeStamp - begun < WAIT_MS && begun > 0;
    begun = event.key === "g" ? event.timeStamp : 0;
    if (going) goTo(event.key);
    else if (event.key === "?") document.getElementById("keys")?.showModal();
    else if (event.key === "/") {
      const field = document.querySelector(SEARCH);
      if (!field) return;
      event.preventDefault();
      field.focus();
    }
  });
}
