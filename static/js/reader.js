// The reader of a submission: turns to its other documents in place, so that a form beside them
// keeps what was typed; opens reports; looks through them. Without it all of this is plain links.
const reader = document.querySelector("[data-reader]");
if (reader) start();

function start() {
  const beside = "beside" in reader.dataset;
  const home = location.pathname + location.search;
  let shown = home, turning = null;
  reader.dataset.goal = location.hash;

  reader.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const local = link.getAttribute("href")?.startsWith("#");
    if (local && beside) {
      // The address is the form's; a step back leads to the document before.
      event.preventDefault();
      arrive(link.hash);
    } else if (!local && "document" in link.dataset) {
      event.preventDefault();
      turn(link.href, true);
    }
  });
  reader.addEventListener("submit", (event) => {
    if (!event.target.matches(".reader-search")) return;
    event.preventDefault();
    const url = new URL(event.target.action);
    url.search = new URLSearchParams(new FormData(event.target));
    turn(url.href, true);
  });
  addEventListener("popstate", () => {
    const url = history.state?.document || (beside ? home : location.href);
    if (plain(url) !== shown) turn(url, false);
  });

  if (history.state?.document && beside) turn(history.state.document, false);
  else ready();

  function plain(url) {
    const { pathname, search } = new URL(url, location.href);
    return pathname + search;
  }

  async function turn(url, isNew) {
    turning?.abort();
    turning = new AbortController();
    reader.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { signal: turning.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-reader]");
      if (!response.ok || !fresh) throw new Error(response.statusText);
      for (const part of [".reader-tabs", ".reader-body"]) {
        reader.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
      }
      shown = plain(url);
      reader.dataset.goal = new URL(url, location.href).hash;
      if (isNew) history.pushState({ document: url }, "", beside ? "" : url);
      if (!beside) document.title = page.title;
      reader.removeAttribute("aria-busy");
      ready();
      reader.querySelector(".document").focus({ preventScroll: true });
      if (isNew || beside) arrive(reader.dataset.goal);
      document.dispatchEvent(new CustomEvent("fresh", { detail: reader.querySelector(".reader-body") }));
    } catch (error) {
      if (error.name === "AbortError") return;
      reader.removeAttribute("aria-busy");
      // Beside a form the page is not left without being asked.
      if (beside) open(url, "_blank"); else location.assign(url);
    }
  }

  function ready() {
    const contents = reader.querySelector(".reader-contents");
    if (contents && reader.clientWidth < 860) contents.open = false;
    const pdf = reader.querySelector("[data-pdf]");
    const searched = [...reader.querySelectorAll("[data-find]")];
    if (!pdf && !searched.length) return;
    import("./reader-pdf.js").then(async (reports) => {
      if (pdf) reports.show(pdf, reader);
      for (const line of searched) await reports.find(line);
    });
  }
}

// Go where an address leads: below the bar, and not above the top of the reader.
export function arrive(hash) {
  let target = null;
  try { target = hash && document.getElementById(decodeURIComponent(hash.slice(1))); } catch { /* no address */ }
  if (target && target !== reader) target.scrollIntoView();
  else if (reader.getBoundingClientRect().top < 0) reader.scrollIntoView();
}
