// Small things that any page may have: menus, copy buttons, videos by consent, maths, tabs.
const own = document.getElementById("page-script");

// A menu closes by Escape and by a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open], details.confirm[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) { button.hidden = true; continue; }
  const said = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied || "✓";
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}

// A video is fetched from elsewhere only when the reader asks for it.
export function embeds(root = document) {
  for (const box of root.querySelectorAll(".embed[data-embed-src]:not([data-ready])")) {
    box.dataset.ready = "yes";
    const host = new URL(box.dataset.embedSrc).hostname.replace("www.", "");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary";
    button.textContent = `▶ ${own.dataset.loadVideo.replace("{host}", host)}`;
    button.addEventListener("click", () => {
      const frame = document.createElement("iframe");
      frame.src = box.dataset.embedSrc;
      frame.title = box.dataset.embedTitle || "Video";
      frame.allow = "fullscreen; picture-in-picture";
      frame.allowFullscreen = true;
      box.replaceChildren(frame);
    });
    box.append(button);
  }
}

function load(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

// KaTeX is loaded only where there is something to set, and when the reader comes near it.
export async function maths(root = document) {
  const formulas = [...root.querySelectorAll(".math:not([data-set])")];
  if (!formulas.length) return;
  await new Promise((near) => {
    const watch = new IntersectionObserver((seen) => {
      if (seen.some((formula) => formula.isIntersecting)) { watch.disconnect(); near(); }
    }, { rootMargin: "300px" });
    for (const formula of formulas) watch.observe(formula);
    addEventListener("beforeprint", near);
  });
  if (!window.katex) {
    load("link", { rel: "stylesheet", href: own.dataset.katexCss });
    await load("script", { src: own.dataset.katexJs });
  }
  for (const formula of formulas) {
    formula.dataset.set = "yes";
    const source = formula.textContent;
    try {
      window.katex.render(source, formula, {
        displayMode: formula.classList.contains("math-display"),
        throwOnError: false,
        trust: false,
        maxExpand: 200,
      });
    } catch { formula.textContent = source; }
  }
}

// Tabs on a phone: the panels stay in the page, and what was typed stays in them.
for (const bar of document.querySelectorAll("[data-panels]")) {
  const buttons = [...bar.querySelectorAll("[data-panel]")];
  bar.hidden = false;
  const show = (name) => {
    for (const button of buttons) {
      const chosen = button.dataset.panel === name;
      button.setAttribute("aria-pressed", String(chosen));
      document.getElementById(button.dataset.panel).classList.toggle("panel-away", !chosen);
    }
  };
  show(buttons[0].dataset.panel);
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel]");
    if (button) show(button.dataset.panel);
  });
}

// What is wider than the page can be scrolled by keyboard as well.
function reachable(root = document) {
  for (const box of root.querySelectorAll(".math-display, .table-scroll, .prose pre, .prose table, .cell pre")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

// The tab of this page is in sight, on a phone too.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const bar = tab.closest(".tabs");
  const [here, box] = [tab.getBoundingClientRect(), bar.getBoundingClientRect()];
  bar.scrollLeft += getComputedStyle(bar).direction === "rtl" ? here.left - box.left - 48 : here.right - box.right + 48;
}

// What a script has just put into the page.
document.addEventListener("fresh", (event) => {
  embeds(event.detail);
  maths(event.detail).catch(() => {}).then(() => reachable(event.detail));
});

embeds();
document.fonts.ready.then(() => reachable());
maths().then(() => document.fonts.ready).then(() => reachable()).catch(() => { /* formulas stay as they were written */ });
