// Stars by keyboard: 1 to 5 set the criterion in focus, up and down go from one to the next.
const groups = [...document.querySelectorAll("[data-stars]")];

function guide(group, input) {
  const line = group.querySelector("[data-guidance-line]");
  const chosen = input || group.querySelector("input:checked");
  line.textContent = chosen?.dataset.guidance || "";
}

for (const [place, group] of groups.entries()) {
  guide(group);
  group.addEventListener("change", () => guide(group));
  group.addEventListener("mouseover", (event) => {
    const star = event.target.closest(".star");
    if (star) guide(group, star.querySelector("input"));
  });
  group.addEventListener("mouseleave", () => guide(group));
  group.addEventListener("focusin", (event) => { if (event.target.matches("input[type=radio]")) guide(group, event.target); });
  group.addEventListener("focusout", () => guide(group));
  group.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.matches("input[type=radio]")) return;
    if (/^[1-5]$/.test(event.key)) {
      const input = group.querySelector(`input[value="${event.key}"]`);
      if (!input || input.disabled) return;
      input.checked = true;
      input.focus();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = groups[place + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) (next.querySelector("input:checked") || next.querySelector("input")).focus();
      event.preventDefault();
    }
  });
}
