// Uploads files in pieces: <div data-uploads-url>. Each file is announced with its SHA-256; the
// server says how much of it is here already, so that after a broken connection, or another day,
// it goes on where it was. Where the browser cannot, the form does it in one go.
import { turn } from "./times.js";

const TRIES = [1000, 2000, 5000, 10000, 20000, 30000];

for (const box of document.querySelectorAll("[data-uploads-url]")) {
  if (window.crypto?.subtle) start(box);
}

function start(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-uploads]");
  const said = box.querySelector("[data-uploads-said]");
  const token = document.querySelector("#draft [name=csrfmiddlewaretoken]").value;
  const units = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
  const sized = (bytes) => bytes < 1048576 ? `${units.format(bytes / 1024)} KB` : `${units.format(bytes / 1048576)} MB`;
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  let running = Promise.resolve(), underWay = 0;

  box.querySelector("button[formaction]").hidden = true;
  box.querySelector("[data-can-drop]").hidden = false;
  box.classList.add("can-drop");
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    box.classList.add("is-over");
  });
  box.addEventListener("dragleave", (event) => { if (!box.contains(event.relatedTarget)) box.classList.remove("is-over"); });
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("is-over");
    take([...event.dataTransfer.files]);
  });
  addEventListener("beforeunload", (event) => { if (underWay) event.preventDefault(); });

  function take(files) {
    for (const file of files) {
      const line = lineOf(file);
      underWay += 1;
      // One after the other: a phone's connection is soon full.
      running = running.then(() => send(file, line)).catch((error) => line.end(error.message, "bad")).finally(() => { underWay -= 1; });
    }
  }

  // A file's line: words, a bar, a button to stop. Screen readers hear every quarter.
  function lineOf(file) {
    const row = document.createElement("li"), words = document.createElement("span");
    const bar = document.createElement("progress"), stop = document.createElement("button");
    const line = { stopped: false, quarter: 0, row, name: file.name };
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    stop.type = "button";
    stop.className = "as-link";
    stop.textContent = box.dataset.stop;
    stop.setAttribute("aria-label", `${box.dataset.stop}: ${file.name}`);
    stop.addEventListener("click", () => { line.stopped = true; input.focus(); });
    words.textContent = file.name;
    row.append(words, bar, stop);
    list.append(row);
    line.say = (text, aloud = true) => { words.textContent = text; if (aloud) said.textContent = text; };
    line.at = (bytes) => {
      bar.value = bytes;
      const percent = Math.floor(100 * bytes / file.size), quarter = Math.floor(percent / 25);
      line.say(put(box.dataset.arriving, { name: file.name, percent, size: sized(file.size) }), quarter !== line.quarter || bytes === 0);
      line.quarter = quarter;
    };
    line.end = (text, tone) => {
      line.say(text);
      row.dataset.tone = tone;
      bar.remove();
      stop.remove();
    };
    return line;
  }

  async function send(file, line) {
    const refuse = (reason) => line.end(put(box.dataset.refused, { name: file.name, reason }), "bad");
    if (line.stopped) { line.row.remove(); return; }
    line.say(`${file.name}: ${box.dataset.reading}`, false);
    let digest;
    try {
      digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    } catch (error) { refuse(error.message); return; }
    const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const begun = await ask(line, box.dataset.uploadsUrl, { method: "POST", body: new URLSearchParams({ name: file.name, size: file.size, sha256 }) });
    if (!begun) { line.row.remove(); return; }
    if (begun.error) { refuse(begun.error); return; }
    const url = `${box.dataset.uploadsUrl}${begun.id}/`;
    let state = begun, still = 0;
    while (!state.is_stored) {
      if (line.stopped) { await fetch(`${url}give-up/`, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" }).catch(() => {}); line.row.remove(); return; }
      const offset = state.received;
      if (offset < file.size) line.at(offset);
      const piece = file.slice(offset, offset + begun.piece);
      if (offset + piece.size >= file.size) line.say(put(box.dataset.checking, { name: file.name }));
      state = await ask(line, `${url}?offset=${offset}`, { method: "PUT", body: piece, headers: { "Content-Type": "application/octet-stream" } });
      if (!state) { line.row.remove(); return; }
      if (state.error) { refuse(state.error); return; }
      // The server says how much it has; that it never moves is no connection's fault.
      still = state.received > offset ? 0 : still + 1;
      if (still > 3) { refuse(box.dataset.failed); return; }
    }
    line.end(put(box.dataset.stored, { name: file.name }), "good");
    for (const [selector, html] of Object.entries(state.html || {})) {
      const target = document.querySelector(selector);
      if (target) { target.outerHTML = html; turn(document.querySelector(selector)); }
    }
  }

  // The answer as JSON, asked for again for as long as there is no connection; null when stopped.
  async function ask(line, url, options) {
    for (let tried = 0; !line.stopped; tried += 1) {
      let response = null;
      try {
        response = await fetch(url, { ...options, headers: { ...options.headers, Accept: "application/json", "X-CSRFToken": token }, redirect: "manual" });
      } catch { /* no connection */ }
      if (response && (response.type === "opaqueredirect" || response.status === 401)) return { error: box.dataset.signedout };
      if (response && (response.status < 500 || response.status === 507)) {
        const isJson = response.headers.get("content-type")?.includes("json");
        if (isJson) return response.json();
        if (response.status !== 400) return { error: box.dataset.failed };
      }
      line.say(`${line.name}: ${box.dataset.waiting}`, tried === 0);
      await new Promise((again) => {
        addEventListener("online", again, { once: true });
        setTimeout(again, TRIES[Math.min(tried, TRIES.length - 1)]);
      });
    }
    return null;
  }
}
