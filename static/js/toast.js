// The line at the foot: it stays until the next page, or until it is closed.
(() => {
  const line = document.getElementById("said");
  if (!line) return;
  const body = document.body.dataset;

  const ready = () => line.querySelectorAll("[data-said-close]").forEach((button) => (button.hidden = false));

  function complain(text) {
    const said = document.createElement("div");
    said.className = "said said-error";
    const words = document.createElement("span");
    words.textContent = text;
    said.append(words);
    line.replaceChildren(said);
  }

  ready();
  document.addEventListener("page:fresh", ready);
  document.addEventListener("click", (event) => event.target.closest("[data-said-close]")?.closest(".said").remove());
  document.addEventListener("htmx:responseError", () => complain(body.failed));
  document.addEventListener("house:not-saved", (event) => {
    // In the sheet the words stand beside its button, where they can be seen.
    if (!event.target.querySelector("[data-draft-state]")) complain(body.failed);
  });
})();
