/* Slips keyed by keyboard alone: a digit goes on to the next question, Enter stores the slip and begins the next one
   while the first is on its way. What could not be sent waits in this tab and is sent later, once: each slip has an id
   of its own. Without this script the page is a plain form. */
(() => {
  "use strict";
  const form = document.querySelector("[data-slip]");
  if (!form || !window.fetch) return;

  const words = form.dataset;
  const find = (name) => document.querySelector(`[data-slip-${name}]`);
  const say = find("say"), count = find("count"), last = find("last"), waiting = find("waiting"), title = find("number");
  const id = form.elements.slip;
  const KEPT = `camket.slips.${location.pathname}`;
  const RETRY = 5000;
  const SHOWN = 8;

  /* The fields give their names away, so that no draft of a slip is kept beside what is keyed. */
  const fields = [...form.querySelectorAll(".sl-line .form-control")];
  for (const field of fields) {
    field.dataset.name = field.name;
    field.removeAttribute("name");
  }
  const digits = fields.filter((field) => field.classList.contains("sl-digit"));
  let number = Number(title.dataset.slipNumber);
  let isSending = false;
  let begun = null;
  let clock = null;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const tell = (text, isWrong) => {
    say.textContent = text;
    say.classList.toggle("sl-say--wrong", Boolean(isWrong));
  };
  const drawn = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    } catch {
      return [];
    }
  };
  let queue = read();
  const keep = () => {
    try {
      if (queue.length) sessionStorage.setItem(KEPT, JSON.stringify(queue));
      else sessionStorage.removeItem(KEPT);
    } catch {
      /* full or forbidden: the slip is still in this page */
    }
  };
  const show = (isLate) => {
    waiting.hidden = queue.length === 0 || !isLate;
    waiting.textContent = filled(words.wordWaiting, { number: queue.length });
  };

  const go = (place) => {
    const field = fields[Math.max(0, Math.min(place, fields.length - 1))];
    field.focus();
    field.select?.();
  };
  const clear = () => {
    for (const field of fields) field.value = "";
    id.value = drawn();
    title.textContent = filled(words.wordSlip, { number: number + queue.length });
    if (begun) {
      fields.forEach((field, at) => { field.value = begun[at]; });
      begun = null;
    }
    go(0);
  };

  const keyed = (field) => {
    const text = field.value.trim();
    const highest = Number(field.dataset.highest || 5);
    const at = fields.indexOf(field);
    if (text === "" || text === "0") {
      field.value = text;
    } else if (!/^\d+$/.test(text) || Number(text) > highest) {
      field.value = "";
      tell(filled(words.wordDigit, { highest }), true);
      return;
    }
    tell("");
    if (highest < 10 || text.length > 1 || Number(text) * 10 > highest) go(at + 1);
  };

  for (const field of digits) {
    field.addEventListener("input", () => keyed(field));
    field.addEventListener("focus", () => field.select());
  }

  form.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (event.key === "Enter" && event.target.tagName !== "BUTTON" && event.target.tagName !== "SELECT") {
      event.preventDefault();
      store();
      return;
    }
    if (at < 0 || !event.target.classList.contains("sl-digit")) {
      if (at >= 0 && event.key === "ArrowUp") go(at - 1);
      return;
    }
    if (event.key === " ") {
      event.preventDefault();
      event.target.value = "0";
      go(at + 1);
    } else if (event.key === "Backspace") {
      event.preventDefault();
      if (event.target.value) event.target.value = "";
      else go(at - 1);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      go(at + 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      go(at - 1);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    delete form.dataset.camketSent;
    store();
  });

  function store() {
    if (!fields.some((field) => field.value.trim() && field.value !== "0")) {
      tell(words.wordEmpty, true);
      go(0);
      return;
    }
    const slip = { slip: id.value, on: form.elements.on.value, field: form.elements.field.value, unit: form.elements.unit.value };
    for (const field of fields) slip[field.dataset.name] = field.value;
    queue.push(slip);
    keep();
    clear();
    send();
  }

  async function send() {
    if (isSending || !queue.length) return;
    isSending = true;
    clearTimeout(clock);
    const slip = queue[0];
    const body = new FormData();
    for (const [name, value] of Object.entries(slip)) body.append(name, value);
    for (const name of ["csrfmiddlewaretoken", "camket_form"]) {
      const token = form.elements[name];
      if (token) body.append(name, token.value);
    }
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
      });
      if (answer.status === 200) {
        stored(slip, await answer.json());
      } else if (answer.status === 422) {
        refused(slip, await answer.json());
      } else {
        isSending = false;
        show(true);
        const isOver = answer.type === "opaqueredirect" || answer.status === 403;
        if (isOver) tell(words.wordEnded, true);
        else clock = setTimeout(send, RETRY);
        return;
      }
    } catch {
      isSending = false;
      show(true);
      clock = setTimeout(send, RETRY);
      return;
    }
    isSending = false;
    show(false);
    send();
  }

  function stored(slip, answer) {
    queue.shift();
    keep();
    number = answer.number + 1;
    title.textContent = filled(words.wordSlip, { number: number + queue.length });
    count.textContent = answer.slips;
    tell(filled(words.wordSaved, { number: answer.number }));
    const line = document.createElement("li");
    const name = document.createElement("span"), said = document.createElement("span"), link = document.createElement("a");
    name.textContent = filled(words.wordSlip, { number: answer.number });
    said.className = "sl-digits";
    said.textContent = digits.map((field) => (slip[field.dataset.name] || "0").replace(/^0$/, "–")).join(" ");
    link.href = answer.edit;
    link.textContent = words.wordEdit;
    line.append(name, said, link);
    last.prepend(line);
    while (last.children.length > SHOWN) last.lastElementChild.remove();
  }

  /* A slip that the server does not take comes back into the form, to be keyed right. */
  function refused(slip, answer) {
    queue.shift();
    keep();
    if (fields.some((field) => field.value)) begun = fields.map((field) => field.value);
    for (const field of fields) field.value = slip[field.dataset.name] ?? "";
    for (const name of ["on", "field", "unit"]) form.elements[name].value = slip[name];
    id.value = slip.slip;
    tell(answer.errors.map((each) => (each.label ? `${each.label}: ${each.text}` : each.text)).join(" "), true);
    const wrong = fields.findIndex((field) => answer.errors.some((each) => each.name === field.dataset.name));
    go(Math.max(wrong, 0));
  }

  window.addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
  window.addEventListener("online", send);
  go(0);
  if (queue.length) {
    show(true);
    send();
  }
})();
