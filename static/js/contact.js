// The form of a contact shows only what fits what has been chosen; without a script it shows all.
(() => {
  function fit(form) {
    const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value || "";
    const show = (selector, wanted) =>
      form.querySelectorAll(selector).forEach((part) => {
        part.hidden = !wanted;
        part.querySelectorAll("input").forEach((input) => (input.disabled = !wanted));
      });
    const outcomes = JSON.parse(form.dataset.outcomes || "{}")[chosen("channel")];
    form.querySelectorAll("[name=outcome]").forEach((radio) => {
      const fits = !outcomes || outcomes.includes(radio.value);
      radio.closest(".choice").hidden = !fits;
      if (!fits) radio.checked = false;
    });
    show("[data-when-no]", ["not_now", "no"].includes(chosen("outcome")));
    // With a barrier chosen, only the answer to it; without one, none.
    form.querySelectorAll("[data-answers]").forEach((answers) => {
      const barrier = chosen("barrier");
      answers.hidden = !barrier;
      answers.querySelectorAll("[data-answer]").forEach((one) => (one.hidden = one.dataset.answer !== barrier));
      if (barrier) answers.open = true;
    });
    show(
      "[data-when-first-meeting]",
      ["visit", "meeting"].includes(chosen("channel")) && ["agreed", "interested"].includes(chosen("outcome")),
    );
    show("[data-when-pick]", chosen("next_when") === "pick");
    show("[data-when-inbound]", Boolean(chosen("inbound")));
    show("[data-when-outbound]", !chosen("inbound"));
    // data-when-chosen="name=value", or several with a | between: shown where one of them is chosen.
    form.querySelectorAll("[data-when-chosen]").forEach((part) => {
      const [name, value] = part.dataset.whenChosen.split("=");
      part.hidden = !value.split("|").includes(chosen(name));
    });
  }

  const forms = (root) => root.querySelectorAll("form[data-contact-form]");
  forms(document).forEach(fit);
  document.addEventListener("sheet:filled", (event) => forms(event.target).forEach(fit));
  document.addEventListener("page:fresh", () => forms(document).forEach(fit));
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-contact-form]");
    if (form) fit(form);
  });
})();
