// Reports: drawn by pdf.js, which reads them in a worker of its own. Nothing in a PDF is run; of its
// links those to the web and within the report work.
const MOST_PAGES = 500, PATIENCE = 30000, MOST_PIXELS = 12e6, MOST_HITS = 40;
let ended = () => {};

async function load(box, url) {
  const library = await import(box.dataset.library);
  // A worker of ours, so that none is replaced by the page itself, and that it can be stopped.
  const port = new Worker(box.dataset.worker, { type: "module" });
  const worker = library.PDFWorker.create ? library.PDFWorker.create({ port }) : new library.PDFWorker({ port });
  const task = library.getDocument({
    url, worker,
    isEvalSupported: false, enableXfa: false, useWasm: false,
    useSystemFonts: true, disableRange: true,
    maxImageSize: 40e6, canvasMaxAreaInBytes: 4 * MOST_PIXELS,
    verbosity: library.VerbosityLevel.ERRORS,
  });
  task.onPassword = () => { throw new Error("locked"); };
  const end = () => { task.destroy().catch(() => {}); port.terminate(); };
  return { library, task, end };
}

function within(time, promise) {
  return Promise.race([promise, new Promise((_, refuse) => setTimeout(() => refuse(new Error("slow")), time))]);
}

export async function show(box, reader) {
  ended();
  const state = box.querySelector(".pdf-state");
  state.textContent = box.dataset.opening;
  let opened = null;
  try {
    opened = await load(box, box.dataset.pdf);
    ended = opened.end;
    const pdf = await within(PATIENCE, opened.task.promise);
    const first = await within(PATIENCE, pdf.getPage(1));
    state.remove();
    lay(box, pdf, first, opened);
    if (/^#page-\d+$/.test(reader.dataset.goal)) box.querySelector(reader.dataset.goal)?.scrollIntoView();
    outline(pdf, reader);
  } catch (error) {
    opened?.end();
    const why = error.name === "PasswordException" || error.message === "locked" ? "locked" : error.message === "slow" ? "slow" : "broken";
    state.textContent = box.dataset[why];
    state.className = "message message-warning";
  }
}

// A place for each page; those near the window are drawn, those far away are let go.
function lay(box, pdf, first, { library }) {
  const drawn = new Map();
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) draw(target); else drop(target);
    }
  }, { rootMargin: "120% 0%" });
  const shape = shapeOf(first.getViewport({ scale: 1 }));
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number += 1) {
    const place = document.createElement("div");
    place.setAttribute("role", "group");
    place.className = "pdf-page";
    place.id = `page-${number}`;
    place.dataset.number = number;
    place.setAttribute("aria-label", `${box.dataset.page} ${number}`);
    place.style.aspectRatio = String(shape);
    box.append(place);
    watch.observe(place);
  }
  if (pdf.numPages > MOST_PAGES) {
    const more = document.createElement("p");
    more.textContent = box.dataset.more;
    box.append(more);
  }
  const resized = new ResizeObserver(() => { for (const fit of drawn.values()) fit(); });
  resized.observe(box);

  async function draw(place) {
    if (drawn.has(place)) return;
    drawn.set(place, () => {});
    try {
      const page = await pdf.getPage(Number(place.dataset.number));
      const base = page.getViewport({ scale: 1 });
      place.style.aspectRatio = String(shapeOf(base));
      const viewport = page.getViewport({ scale: place.clientWidth / base.width });
      const ratio = Math.min(devicePixelRatio || 1, 2, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.min(8192, Math.floor(viewport.width * ratio)));
      canvas.height = Math.max(1, Math.min(8192, Math.floor(viewport.height * ratio)));
      canvas.setAttribute("aria-hidden", "true");
      const text = document.createElement("div");
      text.className = "pdf-text";
      const links = document.createElement("div");
      links.className = "pdf-links";
      place.replaceChildren(canvas, text, links);
      const fit = () => place.style.setProperty("--total-scale-factor", String(place.clientWidth / base.width));
      fit();
      drawn.set(place, fit);
      await page.render({ canvas, viewport, transform: [ratio, 0, 0, ratio, 0, 0] }).promise;
      await new library.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport }).render();
      await link(pdf, page, base, links);
    } catch {
      if (place.isConnected && drawn.has(place)) place.textContent = box.dataset.blank;
    }
  }

  function drop(place) {
    if (drawn.delete(place)) place.replaceChildren();
  }
}

// Width by height, within what a screen can show.
function shapeOf({ width, height }) {
  const shape = width / height;
  return Number.isFinite(shape) ? Math.min(20, Math.max(0.05, shape)) : 0.7;
}

// Links to the web, and within the report; whatever else a PDF would do is left out.
async function link(pdf, page, base, box) {
  const found = await page.getAnnotations({ intent: "display" });
  for (const note of found.slice(0, 500)) {
    if (note.subtype !== "Link") continue;
    const anchor = document.createElement("a");
    if (note.url) {
      const url = URL.canParse(note.url) ? new URL(note.url) : null;
      if (!url || !/^https?:$/.test(url.protocol)) continue;
      Object.assign(anchor, { href: url.href, rel: "nofollow noopener noreferrer", target: "_blank", title: url.href });
    } else if (note.dest) {
      const number = await numberOf(pdf, note.dest);
      if (!number) continue;
      anchor.href = `#page-${number}`;
    } else continue;
    anchor.setAttribute("aria-label", anchor.title || anchor.hash.slice(1).replace("-", " "));
    const [[x1, y1], [x2, y2]] = [note.rect.slice(0, 2), note.rect.slice(2)].map(([x, y]) => base.convertToViewportPoint(x, y));
    const edges = { left: Math.min(x1, x2) / base.width, top: Math.min(y1, y2) / base.height, width: Math.abs(x2 - x1) / base.width, height: Math.abs(y2 - y1) / base.height };
    for (const [edge, share] of Object.entries(edges)) anchor.style[edge] = `${100 * share}%`;
    box.append(anchor);
  }
}

async function numberOf(pdf, dest) {
  try {
    const [page] = typeof dest === "string" ? await pdf.getDestination(dest) : dest;
    const number = (typeof page === "number" ? page : await pdf.getPageIndex(page)) + 1;
    return number <= MOST_PAGES ? number : null;
  } catch { return null; }
}

// The report's own outline becomes the contents.
async function outline(pdf, reader) {
  const entries = [];
  async function walk(items, level) {
    for (const item of items || []) {
      if (entries.length >= 200) return;
      const number = item.dest && await numberOf(pdf, item.dest);
      if (number) entries.push([item.title, level, number]);
      if (level < 3) await walk(item.items, level + 1);
    }
  }
  await walk(await pdf.getOutline().catch(() => null), 2);
  const contents = reader.querySelector(".reader-contents");
  if (!entries.length || !contents) return;
  const list = contents.querySelector("ul");
  for (const [title, level, number] of entries) {
    const item = document.createElement("li");
    item.className = `level-${level}`;
    const anchor = document.createElement("a");
    anchor.href = `#page-${number}`;
    anchor.textContent = title;
    item.append(anchor);
    list.append(item);
  }
  contents.hidden = false;
}

// Adds the places of a report where all the words stand on one page to the list that was found.
export async function find(line) {
  const { find: url, title, words, page: name, searching, unreadable } = line.dataset;
  const list = document.querySelector("[data-found]");
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let opened = null, hits = 0;
  line.textContent = `${title}: ${searching}`;
  try {
    opened = await load(line, url);
    await within(PATIENCE, look());
    line.hidden = true;
  } catch {
    line.textContent = `${title}: ${unreadable}`;
  }
  opened?.end();

  async function look() {
    const pdf = await opened.task.promise;
    for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES) && hits < MOST_HITS; number += 1) {
      if (!line.isConnected) return;
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => item.str + (item.hasEOL ? " " : "")).join("").replace(/\s+/g, " ");
      const folded = text.toLowerCase();
      if (wanted.every((word) => folded.includes(word))) add(number, text, folded.indexOf(wanted[0]));
    }
  }

  function add(number, text, at) {
    const end = at + wanted[0].length;
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = `${line.dataset.url}#page-${number}`;
    anchor.dataset.document = "";
    anchor.textContent = `${title} · ${name} ${number}`;
    const words = document.createElement("p");
    const mark = document.createElement("mark");
    mark.textContent = text.slice(at, end);
    words.append((at > 80 ? "… " : "") + text.slice(Math.max(0, at - 80), at), mark, text.slice(end, end + 120));
    item.append(anchor, words);
    list.append(item);
    hits += 1;
    const nothing = document.querySelector("[data-nothing]");
    if (nothing) nothing.hidden = true;
  }
}
