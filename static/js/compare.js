// Lays the right picture over the left one by the map that the server found, and shows both in one of four ways.
//
// Markup: [data-compare] with a script of type application/json (#compare-aligns: a list of regions, each with `align`,
// 3 x 3 numbers that take fractions of the right picture to fractions of the left, `outline`, its corners on the left, and
// `tone`, the number of its colour), radios compare-mode, a range, a canvas; and the two images img[data-compare-query]
// and img[data-compare-stored]. Everything is drawn on the canvas; no style is set inline.

const LONGEST = 900;
const BLINK_MS = 700;
const GAIN = 3;
const MARGIN = 0.06;

const WORDS = {
  slider: ["How much of the right", "Left of the line is the left picture, right of it the right one. Drag the line."],
  overlay: ["How opaque the right is", "The right picture lies over the left one."],
  blink: ["", "The pictures change places; what jumps, differs."],
  difference: ["How much it is brightened", "Black is the same in both; the brighter, the more they differ."],
};

/** The inverse of a 3 x 3 matrix given as rows. */
export function invert([[a, b, c], [d, e, f], [g, h, i]]) {
  const A = e * i - f * h, B = f * g - d * i, C = d * h - e * g;
  const det = a * A + b * B + c * C;
  return [
    [A / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [B / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [C / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
}

const WHOLE = { x: 0, y: 0, w: 1, h: 1 };

/** The part `view` of an image, in fractions, as pixels of that size. */
function pixelsOf(image, width, height, view = WHOLE) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const { naturalWidth: across, naturalHeight: down } = image;
  context.drawImage(image, view.x * across, view.y * down, view.w * across, view.h * down, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** What of the left picture the right one covers, with some margin, in fractions. */
export function covered(align) {
  const at = (u, v) => {
    const w = align[2][0] * u + align[2][1] * v + align[2][2];
    return [0, 1].map((row) => (align[row][0] * u + align[row][1] * v + align[row][2]) / w);
  };
  const corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
  const [from, to] = [Math.min, Math.max].map((pick) => [0, 1].map((axis) => pick(...corners.map((corner) => corner[axis]))));
  const margin = [0, 1].map((axis) => MARGIN * (to[axis] - from[axis]));
  const [x, y] = from.map((value, axis) => Math.min(0.99, Math.max(0, value - margin[axis])));
  const [right, lower] = to.map((value, axis) => Math.max(0.01, Math.min(1, value + margin[axis])));
  return right > x && lower > y ? { x, y, w: right - x, h: lower - y } : WHOLE;
}

/** The right picture as it lies on the part `view` of the left one; transparent where it does not reach. */
export function warped(source, align, width, height, view = WHOLE) {
  const out = new ImageData(width, height);
  const m = invert(align);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = view.x + ((x + 0.5) / width) * view.w, v = view.y + ((y + 0.5) / height) * view.h;
      const w = m[2][0] * u + m[2][1] * v + m[2][2];
      const sx = Math.floor(((m[0][0] * u + m[0][1] * v + m[0][2]) / w) * source.width);
      const sy = Math.floor(((m[1][0] * u + m[1][1] * v + m[1][2]) / w) * source.height);
      if (sx < 0 || sy < 0 || sx >= source.width || sy >= source.height) continue;
      const from = (sy * source.width + sx) * 4, to = (y * width + x) * 4;
      for (let k = 0; k < 4; k += 1) out.data[to + k] = source.data[from + k];
    }
  }
  return out;
}

/** How far two pictures lie apart, made brighter by `gain`; grey where there is only one. */
export function difference(left, right, gain) {
  const out = new ImageData(left.width, left.height);
  for (let at = 0; at < left.data.length; at += 4) {
    const there = right.data[at + 3] > 0;
    for (let k = 0; k < 3; k += 1) {
      out.data[at + k] = there ? Math.min(255, Math.abs(left.data[at + k] - right.data[at + k]) * gain) : 96;
    }
    out.data[at + 3] = 255;
  }
  return out;
}

class Comparison {
  constructor(section, query, stored) {
    this.section = section;
    this.stored = stored;
    this.canvas = section.querySelector("[data-compare-canvas]");
    this.amount = section.querySelector("[data-compare-amount]");
    this.blink = section.querySelector("[data-compare-blink]");
    this.region = section.querySelector("[data-compare-region]");
    this.regions = JSON.parse(document.getElementById("compare-aligns").textContent);
    this.query = query;
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.timer = null;
    this.rightOnTop = false;
    this.align();
    section.addEventListener("input", (event) => this.changed(event.target));
    this.blink.addEventListener("click", () => this.toggleBlink());
    this.canvas.addEventListener("pointerdown", (event) => this.drag(event));
    this.canvas.addEventListener("pointermove", (event) => event.buttons && this.drag(event));
    section.hidden = false;
    this.changed(null);
  }

  get mode() {
    return this.section.querySelector("[name=compare-mode]:checked").value;
  }

  align() {
    const most = 1600;
    const scale = Math.min(1, most / Math.max(this.stored.naturalWidth, this.stored.naturalHeight));
    const source = pixelsOf(this.stored, Math.round(this.stored.naturalWidth * scale), Math.round(this.stored.naturalHeight * scale));
    const { align, outline, tone } = this.regions[Number(this.region?.value ?? 0)];
    const view = covered(align);
    this.outline = outline.map(([x, y]) => [(x - view.x) / view.w, (y - view.y) / view.h]);
    this.colour = getComputedStyle(this.section).getPropertyValue(`--outline-${tone}`);
    const [across, down] = [view.w * this.query.naturalWidth, view.h * this.query.naturalHeight];
    const size = LONGEST / Math.max(across, down);
    this.canvas.width = Math.max(1, Math.round(across * size));
    this.canvas.height = Math.max(1, Math.round(down * size));
    this.left = pixelsOf(this.query, this.canvas.width, this.canvas.height, view);
    this.right = warped(source, align, this.canvas.width, this.canvas.height, view);
    this.layer = document.createElement("canvas");
    this.layer.width = this.canvas.width;
    this.layer.height = this.canvas.height;
    this.layer.getContext("2d").putImageData(this.right, 0, 0);
  }

  changed(target) {
    if (target && target === this.region) this.align();
    const [label, note] = WORDS[this.mode];
    this.amount.closest("label").hidden = !label;
    this.section.querySelector("[data-compare-amount-label]").textContent = label;
    this.blink.hidden = this.mode !== "blink";
    this.canvas.classList.toggle("slides", this.mode === "slider");
    if (this.mode !== "blink" && this.timer) this.toggleBlink();
    if (target?.name === "compare-mode" || !target) this.section.querySelector("[data-compare-note]").textContent = note;
    this.draw();
  }

  /** The line follows the pointer; the range does the same by keyboard. */
  drag(event) {
    if (this.mode !== "slider") return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    const box = this.canvas.getBoundingClientRect();
    this.amount.value = String(Math.round(100 * (1 - (event.clientX - box.left) / box.width)));
    this.draw();
  }

  toggleBlink() {
    const on = !this.timer;
    if (on) {
      this.timer = setInterval(() => {
        this.rightOnTop = !this.rightOnTop;
        this.draw();
      }, BLINK_MS);
    } else {
      clearInterval(this.timer);
      this.timer = null;
    }
    this.blink.setAttribute("aria-pressed", String(on));
    this.blink.textContent = on ? "Stop blinking" : "Start blinking";
  }

  draw() {
    this.drawPictures();
    this.drawOutline();
  }

  drawOutline() {
    const { context, canvas } = this;
    context.beginPath();
    for (const [x, y] of this.outline) context.lineTo(x * canvas.width, y * canvas.height);
    context.closePath();
    for (const [colour, width] of [["#1d1c1a", 5], [this.colour, 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  drawPictures() {
    const { context, canvas } = this;
    const share = Number(this.amount.value) / 100;
    context.globalAlpha = 1;
    if (this.mode === "difference") {
      context.putImageData(difference(this.left, this.right, 1 + GAIN * 2 * share), 0, 0);
      return;
    }
    context.putImageData(this.left, 0, 0);
    if (this.mode === "slider") {
      const from = Math.round(canvas.width * (1 - share));
      context.drawImage(this.layer, from, 0, canvas.width - from, canvas.height, from, 0, canvas.width - from, canvas.height);
      context.fillStyle = "#1d1c1a";
      context.fillRect(from - 2, 0, 4, canvas.height);
      context.fillStyle = "#fff";
      context.fillRect(from - 1, 0, 2, canvas.height);
    } else if (this.mode === "overlay" || this.rightOnTop) {
      context.globalAlpha = this.mode === "overlay" ? share : 1;
      context.drawImage(this.layer, 0, 0);
      context.globalAlpha = 1;
    }
  }
}

async function start() {
  const section = document.querySelector("[data-compare]");
  const query = document.querySelector("img[data-compare-query]");
  const stored = document.querySelector("img[data-compare-stored]");
  if (!section || !query || !stored) return;
  try {
    await Promise.all([query.decode(), stored.decode()]);
  } catch {
    return;
  }
  new Comparison(section, query, stored);
}

start();
