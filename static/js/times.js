// Turns every <time data-local> to the reader's own zone, and lets countdowns run.
// Plain English dates as the server prints them: the day before the month, 24 hours.
const page = document.documentElement.lang;
const language = page === "en" ? "en-GB" : page || undefined;
const day = { weekday: "short", day: "numeric", month: "short" };
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const styles = {
  long: new Intl.DateTimeFormat(language, { ...day, year: "numeric", ...clock, timeZoneName: "short" }),
  short: new Intl.DateTimeFormat(language, { ...day, ...clock, timeZoneName: "short" }),
  clock: new Intl.DateTimeFormat(language, { ...clock, timeZoneName: "short" }),
};

export function turn(root = document) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    if (!time.title) time.title = time.textContent.trim();
    const universal = time.nextElementSibling;
    if (universal?.matches(".utc")) universal.hidden = at.getTimezoneOffset() === 0;
    time.textContent = (styles[time.dataset.local] || styles.long).format(at);
  }
}

function left(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [d, h, m, s] = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (n) => String(n).padStart(2, "0");
  return d > 0 ? `${d} d ${two(h)} h ${two(m)} min` : `${two(h)}:${two(m)}:${two(s)}`;
}

function tick() {
  for (const box of document.querySelectorAll("[data-countdown]")) {
    box.textContent = left(new Date(box.dataset.countdown) - Date.now());
  }
}

turn();
if (document.querySelector("[data-countdown]")) {
  tick();
  setInterval(tick, 1000);
}
