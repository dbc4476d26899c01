// The tick boxes of a list: the box in its head ticks the page, and the bar says how many are ticked.
(() => {
  const form = document.querySelector("[data-bulk]");
  if (!form) return;
  const page = form.querySelector("[data-tick-page]");
  const all = form.querySelector("[data-tick-all]");
  const said = form.querySelector("[data-ticked]");
  const boxes = () => [...form.querySelectorAll("[data-tick]")];

  function tell() {
    const every = boxes();
    const ticked = every.filter((box) => box.checked).length;
    page.checked = ticked === every.length;
    page.indeterminate = ticked > 0 && ticked < every.length;
    if (!ticked && all) all.checked = false;
    if (ticked) said.textContent = ticked === 1 ? said.dataset.one : said.dataset.many.replace("{n}", ticked);
  }

  page.hidden = false;
  page.addEventListener("change", () => boxes().forEach((box) => (box.checked = page.checked)));
  form.addEventListener("change", (event) => {
    // The whole list is chosen on purpose, row by row it is not any more.
    if (all && event.target !== all) all.checked = false;
    tell();
  });
  form.addEventListener("reset", () => setTimeout(tell));
  // Enter in a box would send the form by its first button.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[type=checkbox]")) event.preventDefault();
  });
  // What the browser has kept ticked when somebody comes back.
  window.addEventListener("pageshow", tell);
  tell();
})();
