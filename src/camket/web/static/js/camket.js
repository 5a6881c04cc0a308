// Progressive enhancement only: every page works without this file.
(function () {
  "use strict";

  // A menu made of <details> closes on Escape and on a click elsewhere.
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.ck-menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.ck-menu[open]");
    if (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
  });

  // "/" goes to the search box, unless somebody is typing.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    var boxes = Array.prototype.filter.call(document.querySelectorAll("[data-camket-find]"), function (box) {
      return box.offsetParent !== null;
    });
    if (!boxes.length) return;
    event.preventDefault();
    boxes[boxes.length - 1].focus();
    boxes[boxes.length - 1].select();
  });

  // A form that was sent is not sent twice by an impatient second click; one that gives a file leaves the page open
  // and may be sent again (data-camket-again).
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    if (form.hasAttribute("data-camket-again")) return;
    if (form.dataset.camketSent) {
      event.preventDefault();
      return;
    }
    form.dataset.camketSent = "yes";
  });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-camket-sent]").forEach(function (form) {
      delete form.dataset.camketSent;
    });
  });

  // A filter form sends itself when a choice changes; its button stays for those without JavaScript.
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-camket-auto")) form.requestSubmit();
  });

  // An act that cannot be taken back asks once more.
  document.addEventListener("submit", function (event) {
    var question = (event.submitter && event.submitter.dataset.camketConfirm) || event.target.dataset.camketConfirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      delete event.target.dataset.camketSent;
    }
  });

  // htmx leaves the page as it is when the server refuses; the person is told.
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () {
      var note = document.querySelector("[data-camket-failed]");
      if (!note) return;
      note.hidden = false;
      note.scrollIntoView({ block: "center" });
    });
  });

  // "Print" buttons appear only where printing can be started.
  document.querySelectorAll("[data-camket-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // After an error, the summary takes the focus, so that a screen reader reads it first.
  var summary = document.querySelector("[data-camket-error-summary]");
  if (summary) summary.focus();
})();
