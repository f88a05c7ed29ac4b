// Puts what was selected into the citation form beside the copy, and tells the rest of the page.

/** Fill the fields of `form` that bear these names, show the words in its preview, and go there. */
export function fillCitation(form, values, preview) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value ?? "";
  }
  form.closest("[hidden]")?.removeAttribute("hidden");
  const shown = form.querySelector("[data-cite-preview]");
  if (shown) shown.textContent = preview;
  form.dispatchEvent(new CustomEvent("cite:filled", { bubbles: true, detail: values }));
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("[data-cite-focus], select, textarea, input:not([type=hidden])")?.focus({ preventScroll: true });
}
