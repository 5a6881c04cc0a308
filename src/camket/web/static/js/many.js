/* Ticked rows of a list: how many they are, and all of the page at once. Without this script the ticks and buttons work too. */
(() => {
  "use strict";

  const bar = document.querySelector("[data-ck-many]");
  const form = bar && bar.closest("form");
  if (!form) return;
  const whole = bar.querySelector("[data-ck-many-page]");
  const all = bar.querySelector("[data-ck-many-all]");
  const count = bar.querySelector("[data-ck-many-count]");
  const acts = bar.querySelectorAll(".ck-many__acts button");
  const rows = () => [...form.querySelectorAll("input[name='viec']")];

  const tell = () => {
    const ticked = rows().filter((row) => row.checked).length;
    const number = all && all.checked ? Number(all.dataset.ckManyAll) : ticked;
    count.textContent = `${count.dataset.ckManyWords} ${number.toLocaleString("vi-VN")}`;
    const box = whole.querySelector("input");
    box.checked = ticked > 0 && ticked === rows().length;
    box.indeterminate = ticked > 0 && !box.checked;
    acts.forEach((button) => { button.disabled = number === 0; });
    bar.classList.toggle("ck-many--some", number > 0);
  };

  whole.hidden = false;
  whole.querySelector("input").addEventListener("change", (event) => {
    rows().forEach((row) => { row.checked = event.target.checked; });
    tell();
  });
  form.addEventListener("change", tell);
  document.addEventListener("htmx:afterSettle", tell);
  window.addEventListener("pageshow", tell);
  tell();
})();
