// Shows the schedule by the clock of the reader's own device, where the server cannot know it.
const box = document.querySelector("[data-own-unknown]");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (box && own) {
  const address = new URL(window.location.href);
  const isChosen = address.searchParams.has("zone");
  address.searchParams.set("zone", own);
  const link = box.querySelector("[data-own-zone]");
  link.href = address.href;
  link.hidden = false;
  if (box.dataset.zone === own) link.setAttribute("aria-current", "true");
  // A local site's page goes by the clock of the place until the reader says otherwise.
  else if (!isChosen && box.dataset.zone === "jam") window.location.replace(address.href);
}
