// While somebody proposes an idea, those that sound alike are shown below its title.
const form = document.querySelector("form[data-alike-url]");
const box = form?.querySelector("[data-alike]");

if (box) {
  let waiting, asking;
  let said = "";
  const title = form.elements.namedItem("title");
  const text = form.elements.namedItem("text");
  // Where it is seen while the title is typed, on a phone as well.
  (title.closest("#div_id_title") ?? title).after(box);

  const look = async () => {
    const words = new URLSearchParams({ title: title.value.slice(0, 200), text: text.value.slice(0, 300) });
    if (title.value.trim().length < 4 || words.toString() === said) return;
    said = words.toString();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.alikeUrl}?${words}`, { signal: asking.signal });
      if (!answer.ok) return;
      const found = (await answer.text()).trim();
      box.innerHTML = found;
      box.hidden = !found;
    } catch { /* It is a help, nothing more. */ }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 500);
  });
  form.addEventListener("submit", () => {
    // Whoever has seen them and goes on is not asked again.
    if (box.hidden) return;
    const seen = Object.assign(document.createElement("input"), { type: "hidden", name: "go_on", value: "1" });
    form.append(seen);
  });
}
