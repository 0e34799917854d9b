// The ceremony: one reveal fills the screen, and what comes after it is not there yet.
const page = document.querySelector("[data-ceremony]");
const steps = [...page.querySelectorAll("[data-step]")];
const find = (name) => page.querySelector(`[data-${name}]`);
const curtain = find("curtain"), status = find("status"), position = find("position");
const next = find("next"), back = find("back"), full = find("full");
// A page that is loaded anew goes on where it was, in this window alone.
const key = `ceremony:${location.pathname}${location.search}:${page.dataset.ceremony}`;
let shown = 0;

function remembered() {
  try { return Number(sessionStorage.getItem(key)) || 0; } catch { return 0; }
}

function show(number, isSaid = true) {
  shown = Math.min(Math.max(number, 0), steps.length);
  try { sessionStorage.setItem(key, String(shown)); } catch { /* storage is off */ }
  // Its heading stays that of the page.
  curtain.classList.toggle("visually-hidden", shown > 0);
  for (const [place, step] of steps.entries()) {
    const isShown = place === shown - 1;
    step.hidden = !isShown;
    const details = step.querySelector("details");
    if (details) details.open = isShown;
  }
  const step = steps[shown - 1];
  page.classList.toggle("at-first", Boolean(step?.matches(".is-first, .beat")));
  position.textContent = `${shown} / ${steps.length}`;
  next.disabled = shown === steps.length;
  back.disabled = shown === 0;
  status.textContent = isSaid && step ? step.dataset.said : "";
  // The picture of the one to come is fetched before it is seen.
  const picture = steps[shown]?.querySelector("img");
  if (picture) new Image().src = picture.src;
  scrollTo(0, 0);
}

function ahead() { if (shown < steps.length) show(shown + 1); }
function behind() { if (shown > 0) show(shown - 1); }

if (steps.length) {
  page.classList.add("is-live");
  for (const part of page.querySelectorAll("[data-live]")) part.hidden = false;
  show(remembered(), false);

  for (const [button, act] of [[next, ahead], [back, behind]]) {
    button.addEventListener("click", (event) => {
      act();
      // A button that was clicked would take the next press of the space bar for itself.
      if (event.detail) button.blur();
    });
  }
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => {
    full.blur();
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isButton = event.target.closest?.("a, button");
    if (event.key === " " && isButton) return;
    const [on, back] = document.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const act = { " ": ahead, [on]: ahead, PageDown: ahead, [back]: behind, PageUp: behind }[event.key];
    if (!act) return;
    event.preventDefault();
    // A key that is held down reveals one, not all.
    if (!event.repeat) act();
  });
}
