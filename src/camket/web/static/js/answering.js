/* Answering on a phone: an answer is sent once, however often the button is pressed. */
(() => {
  "use strict";
  const form = document.querySelector("[data-answering]");
  if (!form) return;
  const button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    button.setAttribute("aria-disabled", "true");
  });
  // A page that comes back by the button "back" is a fresh one; the answer before is not shown to the next.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete form.dataset.sent;
    button.removeAttribute("aria-disabled");
    form.reset();
  });
  const wrong = document.querySelector(".an-question--error, .pb-field--error");
  if (wrong) wrong.scrollIntoView({ block: "center" });
})();
