// What somebody types is kept on this device until it is saved: a dropped connection, a closed sheet or
// a session that ended loses nothing. Drafts belong to one person, go when that person logs out, and after a week.
(() => {
  const body = document.body.dataset;
  const prefix = `draft:${body.user}:`;
  const week = 7 * 24 * 3600 * 1000;
  const skipped = new Set(["csrfmiddlewaretoken", "next", "token", "workplace", "planned", "follow_up", "for"]);
  const locale = { da: "da-DK", en: "en-GB" }[document.documentElement.lang];
  const time = (moment) => new Date(moment).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });

  const forms = (root) => root.querySelectorAll("form[data-draft]");

  function written(form) {
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !skipped.has(name));
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function drop(isOld) {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("draft:") && isOld(read(key)))
      .forEach((key) => localStorage.removeItem(key));
  }

  function keep(form) {
    const entry = { at: Date.now(), values: written(form) };
    try {
      localStorage.setItem(prefix + form.dataset.draft, JSON.stringify(entry));
    } catch {
      say(form, "");
      return;
    }
    say(form, body.draftSaved.replace("{time}", time(entry.at)));
  }

  function say(form, text, act) {
    const line = form.querySelector("[data-draft-state]");
    if (!line) return;
    line.textContent = text;
    if (act) line.append(" ", act);
  }

  function restore(form) {
    const key = prefix + form.dataset.draft;
    const entry = read(key);
    // A form that came back with errors holds what was typed already.
    if (!entry || form.querySelector("[data-focus]")) return;
    if (JSON.stringify(written(form)) === JSON.stringify(entry.values)) return;
    for (const field of form.elements) {
      if (!field.name || skipped.has(field.name)) continue;
      const values = entry.values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const discard = document.createElement("button");
    discard.type = "button";
    discard.textContent = body.draftDrop;
    discard.addEventListener("click", () => {
      clearTimeout(waiting);
      localStorage.removeItem(key);
      form.reset();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      say(form, "");
    });
    sayRestored(form, body.draftRestored.replace("{time}", time(entry.at)), discard);
  }

  // In a form that is longer than the window its line is out of sight: then it is said before the first field.
  function sayRestored(form, text, act) {
    const line = form.querySelector("[data-draft-state]");
    if (!line || form.closest("dialog") || line.getBoundingClientRect().top < innerHeight) {
      say(form, text, act);
      return;
    }
    const note = document.createElement("p");
    note.className = "draft-state draft-restored";
    note.setAttribute("role", "status");
    note.append(text, " ", act);
    act.addEventListener("click", () => note.remove());
    form.prepend(note);
  }

  let waiting, typed;
  drop((entry) => !entry || Date.now() - entry.at > week);
  forms(document).forEach(restore);
  document.addEventListener("sheet:filled", (event) => forms(event.target).forEach(restore));
  // A sheet was saved over a page with a form of its own: the page came anew, and what was in the form with it.
  document.addEventListener("page:fresh", () => forms(document.getElementById("content")).forEach(restore));

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    clearTimeout(waiting);
    // Somebody went on in another form before this one was kept.
    if (typed && typed !== form && typed.isConnected) keep(typed);
    typed = form;
    waiting = setTimeout(() => keep(form), 400);
  });

  // In the capture phase: kept before anything is sent, and not sent at all without a connection.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.matches("[data-log-out]")) drop(() => true);
      // What was typed in another form is shown once more here, and saved: then that one's draft may go.
      if (form.dataset.draftOf) sessionStorage.setItem("sent", prefix + form.dataset.draftOf);
      if (!form.matches("form[data-draft]")) return;
      clearTimeout(waiting);
      keep(form);
      if (!navigator.onLine) {
        event.preventDefault();
        offline(event);
      } else if (!form.closest("dialog")) sessionStorage.setItem("sent", prefix + form.dataset.draft);
    },
    true,
  );

  // A draft is dropped only when the server has said that it was saved.
  document.addEventListener("draft:sent", (event) => {
    clearTimeout(waiting);
    localStorage.removeItem(prefix + event.target.dataset.draft);
  });
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  if (sent && document.querySelector("#said .said") && !forms(document).length) localStorage.removeItem(sent);

  // The connection.
  const line = document.querySelector("[data-offline-line]");
  function offline(event) {
    line.textContent = body.offline;
    const form = event?.target?.closest?.("form[data-draft]") || document.querySelector("dialog[open] form[data-draft]");
    if (form) say(form, body.offline);
  }
  const online = () => (line.textContent = "");
  window.addEventListener("offline", offline);
  window.addEventListener("online", online);
  document.addEventListener("house:offline", offline);
  document.addEventListener("htmx:sendError", offline);
  document.addEventListener("house:not-saved", (event) => say(event.target, body.notSaved));
  if (!navigator.onLine) offline();
})();
