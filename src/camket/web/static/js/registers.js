/* The row of quick entry: Enter sends it from choices too, and the focus comes back to its first field, or to the one to
   be mended. Without this script the row is a plain form. */
(() => {
  "use strict";

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-rg-quick]");
    if (!form || event.key !== "Enter" || event.target.tagName !== "SELECT" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const focus = (form) => {
    const field = form.querySelector("[aria-invalid='true']") || form.querySelector("[data-rg-first]");
    if (!field) return;
    field.focus();
    field.select?.();
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    const form = document.querySelector("[data-rg-quick]");
    if (!form || !form.contains(event.target)) return;
    focus(form);
    const empty = document.getElementById("rg-none");
    // The first row of an empty register: the list itself is not on the page yet.
    if (empty && form.querySelector(".rg-quick__say a")) location.reload();
  });

  /* The browser goes to the row by itself once the page is there, and takes the focus away from it. */
  window.addEventListener("load", () => {
    const form = location.hash === "#nhanh" && document.querySelector("[data-rg-quick]");
    if (form) setTimeout(() => focus(form), 0);
  });
})();
