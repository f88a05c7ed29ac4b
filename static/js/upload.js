// Files into the vault: many at once, in pieces, resumed after a lost connection, each with its own progress.
//
// The protocol, with the addresses taken from the server's own answers:
//   POST   create-url    file_name, size and the other fields of the form  -> 201 {"url", "complete_url", "received"}
//   PATCH  url           one piece, header Upload-Offset                   -> 200 {"received"}
//   POST   complete_url                                                    -> 200|201 {"url"}: the item's page
//   both answer 409 {"received"} when the server holds another amount than the sender thinks: it goes on from there
//   DELETE url           cancelled by the sender
import { csrfToken } from "./csrf.js";

export const PIECE_BYTES = 2 * 1024 * 1024;
// Answers that may be another one a little later; anything else that is not a success is a refusal.
const PASSING = new Set([429, 500, 502, 503, 504]);
const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
const UNITS = ["B", "KiB", "MiB", "GiB"];

/** 1536 -> "1.5 KiB". */
export function sizeInWords(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** A refusal of the server that trying again does not cure. */
export class Refused extends Error {}

async function answerOf(response) {
  const type = response.headers.get("Content-Type") ?? "";
  return type.includes("json") ? response.json() : {};
}

/** One request. Resolves with what the server says; `received` alone, with `behind`, when the two disagree on the amount. */
async function ask(url, options, signal) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...options.headers };
  const response = await fetch(url, { credentials: "same-origin", ...options, headers, signal });
  if (PASSING.has(response.status)) throw new TypeError(`The server answered ${response.status}.`);
  const answer = await answerOf(response);
  if (response.ok) return answer;
  if (response.status === 409 && Number.isInteger(answer.received)) return { received: answer.received, behind: true };
  throw new Refused(answer.detail || answer.title || `The server refused the file (${response.status}).`);
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      window.removeEventListener("online", wake);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(wake, ms);
    window.addEventListener("online", wake);
    signal.addEventListener("abort", wake, { once: true });
  });
}

/** One file on its way in. Fires "progress" (received, total), "state" (waiting | sending | lost | done | failed | cancelled). */
export class Upload extends EventTarget {
  constructor(file, createUrl, fields = {}) {
    super();
    this.file = file;
    this.createUrl = createUrl;
    this.fields = fields;
    this.received = 0;
    this.place = null;
    this.abort = new AbortController();
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Send until the server has all of it. Resolves with the page of the item; rejects when refused or cancelled. */
  async run() {
    try {
      this.tell("state", { state: "sending" });
      if (!this.place) this.place = await this.patiently(() => this.create());
      let item = { behind: true };
      while (item.behind) {
        while (this.received < this.file.size) await this.patiently(() => this.sendPiece());
        item = await this.patiently(() => this.complete());
      }
      this.tell("state", { state: "done", url: item.url, note: item.note });
      return item;
    } catch (error) {
      const state = this.abort.signal.aborted ? "cancelled" : "failed";
      this.tell("state", { state, note: error.message });
      throw error;
    }
  }

  async cancel() {
    this.abort.abort(new Error("Cancelled."));
    if (this.place) await ask(this.place.url, { method: "DELETE" });
  }

  async create() {
    const body = new URLSearchParams({ ...this.fields, file_name: this.file.name, size: this.file.size });
    const place = await ask(this.createUrl, { method: "POST", body }, this.abort.signal);
    this.received = place.received ?? 0;
    return place;
  }

  async sendPiece() {
    const body = this.file.slice(this.received, this.received + PIECE_BYTES);
    const headers = { "Upload-Offset": String(this.received), "Content-Type": "application/offset+octet-stream" };
    const { received } = await ask(this.place.url, { method: "PATCH", body, headers }, this.abort.signal);
    this.hold(received);
  }

  async complete() {
    const answer = await ask(this.place.complete_url, { method: "POST" }, this.abort.signal);
    if (answer.behind) this.hold(answer.received);
    return answer;
  }

  hold(received) {
    this.received = received;
    this.tell("progress", { received, total: this.file.size });
  }

  // A lost connection or a stumbling server is waited out for as long as the person leaves the page open.
  async patiently(step) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await step();
      } catch (error) {
        if (error instanceof Refused || this.abort.signal.aborted) throw error;
        this.tell("state", { state: "lost", note: "Connection lost; it resumes by itself." });
        await pause(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)], this.abort.signal);
        this.tell("state", { state: "sending" });
      }
    }
  }
}

const NOTES = { waiting: "Waiting", sending: "", done: "Stored and hashed", cancelled: "Cancelled" };

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-ghost";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

class Row {
  constructor(file) {
    this.file = file;
    this.element = document.createElement("li");
    this.element.className = "upload-item";
    this.name = document.createElement("span");
    this.name.className = "upload-name";
    this.name.textContent = file.name;
    this.note = document.createElement("span");
    this.note.className = "upload-note";
    this.bar = document.createElement("progress");
    this.bar.max = Math.max(1, file.size);
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`);
    this.buttons = document.createElement("span");
    this.buttons.className = "upload-buttons";
    this.element.append(this.name, this.buttons, this.note, this.bar);
  }

  show({ state, url, note }) {
    this.element.dataset.state = state;
    this.note.textContent = note ?? NOTES[state] ?? "";
    if (state === "sending") this.progress(this.bar.value);
    if (state === "done") this.bar.value = this.bar.max;
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = this.file.name;
      this.name.replaceChildren(link);
    }
  }

  progress(received) {
    this.bar.value = received;
    this.note.textContent = `${sizeInWords(received)} of ${sizeInWords(this.file.size)}`;
  }
}

/** Wire one drop zone: files chosen or dropped are sent one after the other. */
export function startDropzone(zone) {
  const input = zone.querySelector('input[type="file"]');
  const list = zone.querySelector("[data-upload-list]");
  const status = zone.querySelector("[data-upload-status]");
  const limit = Number(zone.dataset.maxBytes ?? Infinity);
  let chain = Promise.resolve();
  let waiting = 0;
  let failed = 0;
  zone.classList.add("enhanced");

  const fields = () => {
    const data = new FormData(zone.closest("form") ?? undefined);
    return Object.fromEntries([...data].filter(([, value]) => typeof value === "string"));
  };

  function finish() {
    waiting -= 1;
    if (waiting) return;
    status.textContent = failed ? `${failed} of the files could not be stored.` : "All files are stored.";
    zone.dispatchEvent(new CustomEvent("upload:finished", { bubbles: true, detail: { failed } }));
    if (!failed && zone.dataset.doneUrl) location.assign(zone.dataset.doneUrl);
  }

  function send(upload, row) {
    const stop = button("Cancel", () => upload.cancel().catch(() => {}));
    row.buttons.replaceChildren(stop);
    chain = chain.then(() => upload.run()).then(
      () => row.buttons.replaceChildren(),
      () => {
        failed += 1;
        const again = () => {
          failed -= 1;
          waiting += 1;
          send(upload.abort.signal.aborted ? wire(new Upload(upload.file, zone.dataset.createUrl, fields()), row) : upload, row);
        };
        row.buttons.replaceChildren(button("Try again", again));
      },
    ).then(finish);
  }

  function wire(upload, row) {
    upload.addEventListener("progress", ({ detail }) => row.progress(detail.received));
    upload.addEventListener("state", ({ detail }) => row.show(detail));
    return upload;
  }

  function add(file) {
    const row = new Row(file);
    list.append(row.element);
    if (file.size > limit) {
      row.show({ state: "failed", note: `Larger than ${sizeInWords(limit)}; it cannot be stored.` });
      return;
    }
    row.show({ state: "waiting" });
    waiting += 1;
    send(wire(new Upload(file, zone.dataset.createUrl, fields()), row), row);
  }

  input.addEventListener("change", () => {
    for (const file of input.files) add(file);
    input.value = "";
  });
  for (const type of ["dragenter", "dragover"]) {
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    for (const file of event.dataTransfer.files) add(file);
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
}

for (const zone of document.querySelectorAll("[data-upload]")) startDropzone(zone);
