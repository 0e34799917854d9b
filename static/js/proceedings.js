// Sets the maths of the proceedings, all at once: they are printed, and read from disks, where
// modules are not loaded.
document.addEventListener("DOMContentLoaded", () => {
  for (const formula of document.querySelectorAll(".math")) {
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
});

// What is wider than the page can be scrolled by keyboard as well; how wide it is, fonts decide.
function reachable() {
  for (const box of document.querySelectorAll(".math-display, .prose pre, .prose table, .cell pre")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}
addEventListener("load", () => document.fonts.ready.then(reachable));
addEventListener("resize", reachable);
