/* Interviews by telephone: a digit answers the question that is marked and goes on; the mouse works as well. */
(() => {
  "use strict";
  const form = document.querySelector("[data-interview]");
  if (!form) return;
  const questions = [...form.querySelectorAll("[data-question]")];
  let here = 0;

  const mark = (to, isMoved) => {
    here = Math.max(0, Math.min(questions.length - 1, to));
    questions.forEach((each, number) => each.classList.toggle("is-here", number === here));
    if (!isMoved) return;
    const first = questions[here].querySelector("input:checked, input, textarea");
    first.focus({ preventScroll: true });
    questions[here].scrollIntoView({ block: "center" });
  };

  form.addEventListener("focusin", (event) => {
    const found = questions.findIndex((each) => each.contains(event.target));
    if (found >= 0) mark(found, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("textarea, select, input:not([type=radio])")) return;
    const choices = [...questions[here].querySelectorAll("input[type=radio]")];
    if (/^[1-9]$/.test(event.key) && choices[Number(event.key) - 1]) {
      choices[Number(event.key) - 1].checked = true;
    } else if (event.key === "0") {
      for (const each of choices) each.checked = false;
    } else if (event.key === "Backspace") {
      event.preventDefault();
      mark(here - 1, true);
      return;
    } else {
      return;
    }
    event.preventDefault();
    if (here < questions.length - 1) mark(here + 1, true);
    else form.querySelector("button[type=submit]").focus();
  });
  mark(0, false);
})();
