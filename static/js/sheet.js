// Links marked data-sheet open over the page. A form in the sheet, or one marked data-stay, is sent without
// leaving the page: afterwards the page is fetched anew and put in place, and one is where one was.
(() => {
  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  let opener = null;

  // The server answers a redirect as 204 with HX-Redirect, so that the line of the save is not spent on a hidden page.
  const ask = (url, more = {}) =>
    fetch(url, {
      credentials: "same-origin",
      headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      ...more,
    });

  async function open(url) {
    const answer = await ask(url);
    const to = answer.headers.get("HX-Redirect");
    if (to || !answer.ok) window.location = to || url;
    else fill(await answer.text());
  }

  function fill(html) {
    sheet.innerHTML = html;
    if (!sheet.open) sheet.showModal();
    window.htmx?.process(sheet);
    sheet.dispatchEvent(new CustomEvent("sheet:filled", { bubbles: true }));
    const controls = [...sheet.querySelectorAll("textarea, select, input:not([type=hidden])")];
    const first =
      sheet.querySelector("[data-focus]") ||
      sheet.querySelector("[autofocus]") ||
      controls.find((control) => control.checkVisibility());
    first?.focus();
  }

  function close() {
    if (sheet.open) sheet.close();
  }

  async function send(form, submitter) {
    const button = submitter || form.querySelector("button:not([type=button])");
    const words = new FormData(form, submitter);
    if (button) button.disabled = true;
    try {
      const answer = await ask(form.action, { method: "POST", body: words });
      const to = answer.headers.get("HX-Redirect");
      if (to && !answer.ok) window.location = to;
      else if (to) {
        form.dispatchEvent(new CustomEvent("draft:sent", { bubbles: true }));
        await follow(to);
      } else if (answer.ok || answer.status === 422) fill(await answer.text());
      else form.dispatchEvent(new CustomEvent("house:not-saved", { bubbles: true }));
    } catch {
      form.dispatchEvent(new CustomEvent("house:offline", { bubbles: true }));
    } finally {
      if (button) button.disabled = false;
    }
  }

  async function follow(to) {
    const url = new URL(to, window.location.href);
    const isHere = url.pathname === window.location.pathname && url.search === window.location.search;
    if (!isHere) {
      window.location = url.href;
      return;
    }
    const answer = await fetch(url.href, { credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.getElementById("content")) {
      window.location.reload();
      return;
    }
    close();
    for (const id of ["content", "said"]) {
      document.getElementById(id).replaceChildren(...fresh.getElementById(id).childNodes);
    }
    const content = document.getElementById("content");
    window.htmx?.process(content);
    document.dispatchEvent(new CustomEvent("page:fresh"));
    const href = opener?.getAttribute("href");
    const again = [...document.querySelectorAll("a[data-sheet]")].find((link) => link.getAttribute("href") === href);
    (again || content).focus({ preventScroll: true });
  }

  // Saving returns to the page that the sheet was opened over.
  function withNext(href) {
    const url = new URL(href);
    if (!url.searchParams.has("next")) url.searchParams.set("next", window.location.pathname + window.location.search);
    return url.href;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      if (!sheet.contains(link)) opener = link;
      const menu = link.closest("details.menu");
      if (menu) {
        menu.open = false;
        // Where the focus goes back to when the sheet closes: the link itself is folded away.
        menu.querySelector("summary").focus();
      }
      open(withNext(link.href)).catch(() => (window.location = link.href));
    } else if (sheet.contains(event.target) && event.target.closest("[data-close]")) {
      event.preventDefault();
      close();
    } else if (event.target === sheet) close();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (!sheet.contains(form) && !form.hasAttribute("data-stay")) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  sheet.addEventListener("close", () => sheet.replaceChildren());
})();
