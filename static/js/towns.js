// Towns of the world suggested while one types. Choosing one fills in what the form asks beside it.
const FILLS = ["country", "time_zone", "latitude", "longitude"];

for (const [number, input] of document.querySelectorAll("input[data-towns]").entries()) {
  const list = document.createElement("ul");
  Object.assign(list, { id: `towns-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", (input.labels[0]?.textContent ?? "").replace("*", "").trim());
  const around = document.createElement("div");
  around.className = "suggested";
  input.before(around);
  around.append(input, list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off" })) input.setAttribute(name, value);

  let towns = [];
  let chosen = -1;
  let timer;
  let asked = 0;

  function point(place) {
    chosen = place;
    for (const [at, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(at === place));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }

  function show(found) {
    towns = found;
    list.replaceChildren(...found.map((town, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.setAttribute("role", "option");
      const where = document.createElement("small");
      where.textContent = town.where;
      option.append(town.name, where);
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!!found.length));
    point(-1);
  }

  function choose(town) {
    const fills = "townFills" in input.dataset;
    input.value = fills ? town.name : `${town.name}, ${town.where}`;
    if (fills) {
      for (const name of FILLS) {
        const field = input.form.elements[name];
        if (!field) continue;
        field.value = town[name];
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    show([]);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const text = input.value.trim();
    const turn = ++asked;
    if (text.length < 2) return show([]);
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(`${input.dataset.towns}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
        // Who typed on meanwhile is not shown what belongs to fewer letters.
        if (answer.ok && turn === asked) show((await answer.json()).towns);
      } catch { /* Without suggestions the field takes any town. */ }
    }, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const last = towns.length - 1;
    if (event.key === "ArrowDown") point(chosen >= last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp") point(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) choose(towns[chosen]);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
  // Before the field loses the focus, which closes the list.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0) choose(towns[at]);
  });
  input.addEventListener("blur", () => { ++asked; show([]); });
}
