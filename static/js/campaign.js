// The campaign page: the timeline's brush narrows every figure at once, units change in place, the network is drawn.
import { startOf } from "./buckets.js";
import { startNetwork } from "./network.js";
import { TimelinePlot } from "./timeline-plot.js";
import { toast } from "./toast.js";

const form = document.querySelector("[data-ask]");
const frame = document.querySelector("[data-plot]");

function addressOf({ start, end }) {
  const asked = new URLSearchParams(form.dataset.query);
  asked.set("start", start);
  asked.set("end", end);
  return `${location.pathname}?${asked}`;
}

async function narrow(plot, stretch) {
  const address = addressOf(stretch);
  const figures = document.querySelector("#figures");
  figures.setAttribute("aria-busy", "true");
  form.elements.start.value = stretch.start;
  form.elements.end.value = stretch.end;
  await htmx.ajax("GET", address, { source: form, target: "#figures", select: "#figures", swap: "outerHTML" });
  const answered = document.querySelector("#figures");
  if (answered === figures) {
    figures.removeAttribute("aria-busy");
    toast("The figures could not be narrowed. Count again with the button above.", "error");
    return;
  }
  history.pushState(null, "", address);
  form.dataset.query = address.split("?")[1];
}

// What stands around the picture is of its unit too: heading, peak, table and files.
async function tellUnit(link) {
  const address = link.href;
  // What the form holds goes along.
  form.elements.unit.value = link.dataset.unit;
  await htmx.ajax("GET", address, { source: form, target: "#plot-title", select: "#plot-title", swap: "outerHTML" });
  history.replaceState(null, "", address);
  form.dataset.query = address.split("?")[1];
}

function followUnits(plot) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-unit]");
    if (!link || !plot.has(link.dataset.unit) || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    plot.show(link.dataset.unit);
    for (const other of document.querySelectorAll("a[data-unit]")) other.toggleAttribute("aria-current", other === link);
    link.setAttribute("aria-current", "true");
    tellUnit(link);
  });
}

function followWidth(plot) {
  let known = frame.clientWidth;
  new ResizeObserver(() => {
    if (frame.clientWidth === known) return;
    known = frame.clientWidth;
    plot.resize();
  }).observe(frame);
}

function startPlot() {
  const data = JSON.parse(document.getElementById("plot-data").textContent);
  if (!data.series[data.unit]?.length) return;
  const plot = new TimelinePlot(frame, data);
  document.querySelector("[data-plot-help]").hidden = false;
  const png = document.querySelector("[data-plot-png]");
  png.hidden = false;
  png.addEventListener("click", () => plot.save(document.querySelector("#plot-title").textContent));
  frame.addEventListener("plot:brush", ({ detail }) => {
    const days = detail.start.length === 10;
    plot.mark(days ? plot.stretch : [startOf(detail.start), startOf(detail.end)]);
    narrow(plot, detail);
  });
  document.documentElement.addEventListener("themechange", () => plot.draw());
  followUnits(plot);
  followWidth(plot);
  frame.dispatchEvent(new CustomEvent("plot:drawn", { bubbles: true }));
}

function startNetworks(root) {
  for (const network of root.querySelectorAll("[data-network]")) startNetwork(network);
}

if (frame) startPlot();
startNetworks(document);
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "figures") startNetworks(document);
});
// Each brush is an address of its own; going back asks the server again.
window.addEventListener("popstate", () => location.reload());
