// One stop of the tab key for the whole drawing; arrows go from place to place, and a line below
// tells of the one that is pointed at or in focus.
for (const plot of document.querySelectorAll("[data-plot]")) {
  const marks = [...plot.querySelectorAll("svg a")];
  const line = plot.querySelector("[data-plot-line]");
  const atRest = line.textContent;
  const tell = (mark) => { line.textContent = mark ? mark.getAttribute("aria-label") : atRest; };

  for (const [place, mark] of marks.entries()) mark.setAttribute("tabindex", place ? "-1" : "0");
  plot.addEventListener("mouseover", (event) => tell(event.target.closest("svg a")));
  plot.addEventListener("mouseleave", () => tell(marks.find((mark) => mark === document.activeElement)));
  plot.addEventListener("focusin", (event) => tell(event.target.closest("svg a")));
  plot.addEventListener("focusout", () => tell(null));
  plot.addEventListener("keydown", (event) => {
    const place = marks.indexOf(event.target.closest("a"));
    if (place < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (!marks[next]) return;
    marks[place].setAttribute("tabindex", "-1");
    marks[next].setAttribute("tabindex", "0");
    marks[next].focus();
  });
}
