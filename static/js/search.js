// Suggestions under the search field: arrow keys choose, Enter opens, Escape closes.
(() => {
  const field = document.getElementById("top-q");
  if (!field) return;
  const list = document.getElementById("suggestions");
  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];

  function choose(option) {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    choose(null);
  }

  list.addEventListener("htmx:afterSwap", () => {
    field.setAttribute("aria-expanded", String(list.children.length > 0));
    choose(null);
  });
  field.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      window.location = all[at].href;
    } else if (event.key === "Escape") close();
  });
  field.addEventListener("input", () => {
    if (!field.value.trim()) close();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-search]")) close();
  });
})();
