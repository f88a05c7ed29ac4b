// Posts over time: bars by uPlot, the peak marked, a drag across them tells which stretch is wanted.
//
//   <div data-plot data-label="NC-2024-posts"></div>  <script type="application/json" id="plot-data">{zone, unit, series, stretch}</script>
//
// It is a picture; the table beneath it says the same. A drag sends "plot:brush" with {start, end}.
import { WIDTHS, bucketAt, inWords, startOf, stretchBetween } from "./buckets.js";
import { captioned } from "./captions.js";
import { palette } from "./graph-style.js";
import { save } from "./save.js";

const HEIGHT = 260;
const LOWEST_DRAG = 4;
const FONT_SIZE = 12;
// How much of its bucket a bar fills, and how wide it may be in pixels.
const FILLED = 0.92;
const WIDEST = 72;
const LEAST = 2;
// Rows of: least distance of two marks, its text, then what is added where the year or the day changes (uPlot's order).
const DATES = [
  [31536000, "{YYYY}", null, null, null, null, null, null, 1],
  [2419200, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [86400, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
];

/** Where a moment stands on the axis: as its date for days. */
function placeOf(moment, unit, zone) {
  if (moment === null || unit !== "day") return moment;
  const local = uPlot.tzDate(new Date(moment * 1000), zone);
  return Date.UTC(local.getFullYear(), local.getMonth(), local.getDate(), local.getHours()) / 1000;
}

export class TimelinePlot {
  constructor(frame, data) {
    this.frame = frame;
    this.data = data;
    this.unit = data.unit;
    this.stretch = data.stretch;
    frame.replaceChildren();
    this.readout = document.createElement("p");
    this.readout.className = "plot-readout";
    this.draw();
  }

  get rows() {
    return this.data.series[this.unit];
  }

  has(unit) {
    return unit in this.data.series;
  }

  show(unit) {
    this.unit = unit;
    this.draw();
  }

  draw() {
    this.plot?.destroy();
    this.colours = palette();
    const columns = [this.rows.map(([name]) => startOf(name)), this.rows.map((row) => row[1]), this.rows.map((row) => row[2])];
    this.plot = new uPlot(this.options(columns[0]), columns, this.frame);
    this.frame.append(this.readout);
    this.readout.textContent = "";
    this.showStretch();
  }

  options(starts) {
    const { colours, unit } = this;
    const width = WIDTHS[unit];
    // As wide as a bucket is long: by itself a bar would reach to the next one that has posts.
    const lengths = { x0: { unit: 1, values: (plot) => plot.data[0] }, size: { unit: 1, values: () => [width * FILLED] } };
    const bars = uPlot.paths.bars({ size: [FILLED, WIDEST, LEAST], disp: lengths });
    const font = `${FONT_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: colours["ink-soft"], font, grid: { stroke: colours.rule, width: 1 }, ticks: { stroke: colours.rule, width: 1 } };
    return {
      width: this.frame.clientWidth,
      height: HEIGHT,
      padding: [22, 8, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), unit === "day" ? "Etc/UTC" : this.data.zone),
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: LOWEST_DRAG } },
      scales: { x: { range: () => [starts[0], starts.at(-1) + width] }, y: { range: (_, __, most) => [0, most] } },
      axes: [{ ...axis, grid: { show: false }, values: DATES }, { ...axis, size: 52, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5] }],
      series: [{}, { fill: colours.accent, width: 0, paths: bars, points: { show: false } }, { fill: colours["ink-faint"], width: 0, paths: bars, points: { show: false } }],
      hooks: { draw: [(plot) => this.markPeak(plot)], setCursor: [(plot) => this.tell(plot)], setSelect: [(plot) => this.brush(plot)] },
    };
  }

  /** The earliest of the busiest buckets stands out, with its number above it. */
  markPeak(plot) {
    const [starts, posts] = plot.data;
    const at = posts.indexOf(Math.max(...posts));
    if (at < 0) return;
    const ratio = devicePixelRatio;
    const left = plot.valToPos(starts[at], "x", true);
    const right = plot.valToPos(starts[at] + WIDTHS[this.unit], "x", true);
    const top = plot.valToPos(posts[at], "y", true);
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = this.colours["tone-stop"];
    ctx.fillRect(left, top, Math.max(LEAST * ratio, Math.min(WIDEST * ratio, (right - left) * FILLED)), bbox.top + bbox.height - top);
    ctx.font = `600 ${FONT_SIZE * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    // The axes leave theirs behind.
    ctx.textAlign = "left";
    const label = `${this.frame.dataset.peak} ${posts[at].toLocaleString("en")}`;
    const room = ctx.measureText(label).width;
    ctx.fillText(label, Math.min(left, bbox.left + bbox.width - room), top - 6 * ratio);
    ctx.restore();
  }

  tell(plot) {
    const place = plot.cursor.left < 0 ? NaN : plot.posToVal(plot.cursor.left, "x");
    const row = this.rows[bucketAt(plot.data[0], WIDTHS[this.unit], place)];
    this.readout.textContent = row ? `${inWords(row[0])}: ${row[1].toLocaleString("en")} ${this.frame.dataset.posts}, ${row[2].toLocaleString("en")} ${this.frame.dataset.reposts}` : "";
  }

  brush(plot) {
    const { left, width } = plot.select;
    if (this.isShowing || width < LOWEST_DRAG) return;
    const [from, to] = [left, left + width].map((place) => plot.posToVal(place, "x"));
    const wanted = stretchBetween(this.rows.map(([name]) => name), this.unit, from, to);
    if (!wanted) return;
    this.frame.dispatchEvent(new CustomEvent("plot:brush", { bubbles: true, detail: wanted }));
  }

  /** Keep the stretch that the page is narrowed to in sight. */
  mark(stretch) {
    this.stretch = stretch;
    this.showStretch();
  }

  showStretch() {
    const [start, end] = this.stretch.map((moment) => placeOf(moment, this.unit, this.data.zone));
    if (start === null && end === null) return;
    const { width, height } = this.plot.over.getBoundingClientRect();
    const clamp = (place) => Math.min(width, Math.max(0, place));
    const left = start === null ? 0 : clamp(this.plot.valToPos(start, "x"));
    const right = end === null ? width : clamp(this.plot.valToPos(end, "x"));
    this.isShowing = true;
    this.plot.setSelect({ left, top: 0, width: right - left, height }, false);
    this.isShowing = false;
  }

  resize() {
    this.plot.setSize({ width: this.frame.clientWidth, height: HEIGHT });
    this.showStretch();
  }

  /** Offer the picture as a file, under a heading of the page that says what it is of. */
  save(heading) {
    const text = `${heading}. ${this.frame.dataset.caption}`;
    captioned(this.plot.ctx.canvas, text, this.colours, devicePixelRatio).toBlob((blob) =>
      save(blob, `${this.frame.dataset.label}-${this.unit}.png`),
    );
  }
}
