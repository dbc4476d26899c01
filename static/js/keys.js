// The keyboard: / l p i, g then d or c, j k x Enter, Ctrl+Enter, ? Those of a single sign can be turned off in the list.
(() => {
  const list = document.getElementById("keys");
  const opener = document.querySelector("[data-show-keys]");
  const off = list.querySelector("[data-keys-off]");
  let before = "";

  opener.hidden = false;
  opener.addEventListener("click", () => list.showModal());
  off.checked = localStorage.getItem("keys-off") === "yes";
  off.addEventListener("change", () => localStorage.setItem("keys-off", off.checked ? "yes" : "no"));

  const isTyping = (target) =>
    target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  function step(by) {
    const links = [...document.querySelectorAll("[data-rows] .row-link")];
    const at = links.indexOf(document.activeElement);
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  const press = (selector) =>
    [...document.querySelectorAll(selector)].find((one) => one.checkVisibility?.() ?? true)?.click();

  function search() {
    document.getElementById("top-q")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form?.method === "post") form.requestSubmit();
      return;
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      search();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || off.checked || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const { home, companies, followUps } = document.body.dataset;
    const pressed = before + event.key;
    before = "";
    if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (pressed === "gd") window.location = home;
    else if (pressed === "gc" && companies) window.location = companies;
    else if (pressed === "gf" && followUps) window.location = followUps;
    else if (event.key === "g") before = "g";
    else if (["l", "p", "i"].includes(event.key)) press(`[data-key="${event.key}"]`);
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "x") document.activeElement.closest("[data-rows] tr, [data-rows] > li")?.querySelector("[data-tick]")?.click();
    else if (event.key === "?") list.showModal();
  });

  // The whole row opens, unless the press was meant for something in it.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] > li, [data-rows] > tbody > tr");
    if (!row || event.target.closest("a, button, input, label, summary, details, form, th")) return;
    if (window.getSelection().toString()) return;
    row.querySelector(".row-link")?.click();
  });

  // An open menu closes when something else is pressed, and on Escape.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open], details.person[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open], details.person[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.querySelector("[data-focus]")?.focus();
})();
