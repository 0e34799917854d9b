// Saves a form while it is being written: <form data-autosave-url data-autosave-key>.
// The server answers {saved_at, version, html: {selector: fragment}, error}. Until it has
// confirmed, the words are kept in this browser, and offered back when the page is opened again.
import { turn } from "./times.js";

const PAUSE = 1200;
// Its words stand in the page, in the reader's language.
const words = document.getElementById("page-script").dataset;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

for (const form of document.querySelectorAll("form[data-autosave-url]")) start(form);

function start(form) {
  const state = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]");
  const key = form.dataset.autosaveKey ? `draft:${form.dataset.autosaveKey}` : null;
  let timer = null, running = false, changed = false, wait = PAUSE, stopped = false, leaving = false;

  const say = (text, tone = "") => { if (state) { state.textContent = text; state.dataset.tone = tone; } };
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  const keep = () => { if (key) try { localStorage.setItem(key, JSON.stringify(fields())); } catch { /* full or off */ } };
  const forget = () => { if (key) try { localStorage.removeItem(key); } catch { /* off */ } };

  offer();
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => { stopped = leaving = true; clearTimeout(timer); });
  // Words that the server gave back, but has not stored.
  if ("autosaveNow" in form.dataset) soon();
  addEventListener("beforeunload", (event) => { if (changed && !leaving) event.preventDefault(); });

  function soon() {
    changed = true;
    keep();
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  async function save() {
    if (stopped) return;
    if (running) { timer = setTimeout(save, PAUSE); return; }
    running = true;
    changed = false;
    say(words.saving);
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      const answer = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
      for (const [selector, html] of Object.entries(answer.html || {})) {
        const target = document.querySelector(selector);
        if (target) { target.outerHTML = html; turn(document.querySelector(selector) || document); }
      }
      // A refused field does not keep the others from being saved: that counts as a version, too.
      if (answer.version !== undefined) for (const field of form.querySelectorAll("[name=version]")) field.value = answer.version;
      if (response.ok) {
        wait = PAUSE;
        if (!changed) forget();
        if (answer.notice) say(answer.notice, "bad");
        else say(`${words.saved} ${clock.format(new Date(answer.saved_at || Date.now()))}`, "good");
      } else if (response.status >= 500 || response.status === 429) {
        throw new Error(response.statusText);
      } else {
        // A redirect leads to the sign-in; a refusal without words is a session that has changed.
        const elsewhere = response.type === "opaqueredirect" || response.status === 401;
        changed = true;
        stopped = elsewhere || response.status === 409 || response.status === 403;
        say(answer.error || (stopped ? words.signedout : words.kept), "bad");
      }
    } catch {
      changed = true;
      wait = Math.min(wait * 2, 60000);
      say(words.waiting, "bad");
      timer = setTimeout(save, wait);
    }
    running = false;
  }

  // What an earlier visit could not save.
  function offer() {
    let kept = null;
    try { kept = key && JSON.parse(localStorage.getItem(key)); } catch { /* unreadable */ }
    if (!kept) return;
    const plain = (value) => (value ?? "").replace(/\r\n/g, "\n").trim();
    const now = new Map(fields());
    const different = kept.filter(([name, value]) => name !== "version" && plain(value) && plain(now.get(name)) !== plain(value));
    if (!different.length) { forget(); return; }
    const notice = document.createElement("p");
    notice.className = "message message-warning";
    notice.textContent = `${words.offer} `;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = words.restore;
    button.addEventListener("click", () => {
      for (const [name, value] of different) {
        for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
          else field.value = value;
        }
      }
      notice.remove();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
    notice.append(button);
    form.prepend(notice);
  }
}
