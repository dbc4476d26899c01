// What a fragment knows is filled into a field that is still empty; what somebody has typed is never touched.
document.addEventListener("htmx:afterSwap", (event) => {
  for (const known of event.target.querySelectorAll("[data-fill]")) {
    const field = document.getElementById(known.dataset.fill);
    if (!field || field.value.trim() || field === document.activeElement) continue;
    field.value = known.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
