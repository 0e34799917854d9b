// Before the first paint: the reader's own choice of light or dark, if there is one.
(() => {
  const apply = (choice) => {
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
    else delete document.documentElement.dataset.theme;
  };
  let choice = "auto";
  try { choice = localStorage.getItem("theme") || "auto"; } catch { /* storage is off */ }
  apply(choice);
  addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-theme-choice]");
    if (!box) return;
    box.hidden = false;
    const buttons = [...box.querySelectorAll("[data-theme-set]")];
    const mark = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeSet === choice)));
    mark();
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-theme-set]");
      if (!button) return;
      choice = button.dataset.themeSet;
      try { localStorage.setItem("theme", choice); } catch { /* not kept, still applied */ }
      apply(choice);
      mark();
    });
  });
})();
