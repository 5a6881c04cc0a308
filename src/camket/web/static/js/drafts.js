/* Typed text survives a closed tab's reopening, a broken network and a wrong click: each form that is posted keeps a
   draft in this tab until the server says that it took the form. Passwords, files and hidden fields are not kept.
   Progressive enhancement only: every page works without this file. */
(() => {
  "use strict";

  const PREFIX = "camket.drafts.";
  const SENT = "camket_sent";
  const words = document.querySelector("[data-camket-drafts]")?.dataset;
  const KEPT = "textarea, select, input:is([type=text], [type=email], [type=number], [type=tel], [type=url], [type=search], [type=date], [type=checkbox], [type=radio], :not([type]))";

  const store = {
    read(person) {
      try {
        return JSON.parse(sessionStorage.getItem(PREFIX + person)) ?? {};
      } catch {
        return {};
      }
    },
    write(person, drafts) {
      try {
        if (Object.keys(drafts).length) sessionStorage.setItem(PREFIX + person, JSON.stringify(drafts));
        else sessionStorage.removeItem(PREFIX + person);
      } catch {
        /* full or forbidden: the form works without a draft */
      }
    },
    forget(kept) {
      for (const name of Object.keys(sessionStorage)) {
        if (name.startsWith(PREFIX) && name !== PREFIX + kept) sessionStorage.removeItem(name);
      }
    },
  };

  /* Signing out leaves nothing for the next person at this computer. */
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-camket-sign-out]")) {
      isLeft = true;
      clearTimeout(waiting);
      dirty.clear();
      store.forget("");
    }
  });

  let waiting;
  let isLeft = false;
  const dirty = new Set();
  if (!words) return;
  const person = words.person;
  store.forget(person);

  const controls = (form) => [...form.elements].filter((each) => each.name && each.matches(KEPT));
  const isKept = (form) =>
    form instanceof HTMLFormElement &&
    form.method === "post" &&
    !form.querySelector("input[type=password]") &&
    controls(form).length > 0;

  function keyOf(form) {
    const path = new URL(form.action, location.href).pathname;
    const same = [...document.forms].filter((each) => each.method === "post" && new URL(each.action, location.href).pathname === path);
    return `${path}#${same.indexOf(form)}`;
  }

  /* The page's own key in the form's mark; the server names it when it took the form. */
  const markOf = (form) => form.querySelector("input[name=camket_form]")?.value.split("~").pop().split(":")[0] ?? "";

  function valuesOf(form) {
    const found = {};
    for (const each of controls(form)) {
      const values = (found[each.name] ??= []);
      if (each.type === "checkbox" || each.type === "radio") {
        if (each.checked) values.push(each.value);
      } else if (each.type === "select-multiple") {
        values.push(...[...each.selectedOptions].map((option) => option.value));
      } else {
        values.push(each.value);
      }
    }
    return found;
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const shownFirst = new WeakMap();

  function keep(form) {
    if (isLeft || !form.isConnected) return;
    const drafts = store.read(person);
    const fields = valuesOf(form);
    if (same(fields, shownFirst.get(form))) {
      delete drafts[keyOf(form)];
      dirty.delete(form);
    } else {
      drafts[keyOf(form)] = { at: Date.now(), mark: markOf(form), fields };
      dirty.add(form);
    }
    store.write(person, drafts);
  }

  function restore(form, fields) {
    const left = structuredClone(fields);
    for (const each of controls(form)) {
      const values = left[each.name];
      if (!values) continue;
      if (each.type === "checkbox" || each.type === "radio") each.checked = values.includes(each.value);
      else if (each.type === "select-multiple") for (const option of each.options) option.selected = values.includes(option.value);
      else if (values.length) each.value = values.shift();
      each.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function note(tone, text, ...buttons) {
    const box = document.createElement("div");
    box.className = `ck-note ck-note--${tone} ck-draft no-print`;
    box.setAttribute("role", "status");
    const inner = document.createElement("div");
    const said = document.createElement("p");
    said.textContent = text;
    inner.append(said);
    if (buttons.length) {
      const row = document.createElement("div");
      row.className = "ck-buttons";
      row.append(...buttons);
      inner.append(row);
    }
    box.append(inner);
    return box;
  }

  function button(label, look, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${look}`;
    made.textContent = label;
    made.addEventListener("click", press);
    return made;
  }

  function offer(form, draft) {
    const at = new Date(draft.at);
    const two = (number) => String(number).padStart(2, "0");
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    const drop = () => {
      const drafts = store.read(person);
      delete drafts[keyOf(form)];
      store.write(person, drafts);
      box.remove();
    };
    const box = note(
      "blue",
      words.found.replace("{time}", time),
      button(words.restore, "btn-primary", () => {
        restore(form, draft.fields);
        box.remove();
        controls(form)[0]?.focus();
      }),
      button(words.drop, "btn-outline", drop),
    );
    for (let details = form.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
    form.prepend(box);
  }

  /* Drafts of forms that the server took are done with. */
  function sweep() {
    const taken = document.cookie.split("; ").find((each) => each.startsWith(`${SENT}=`))?.slice(SENT.length + 1);
    if (!taken) return;
    const drafts = store.read(person);
    for (const [key, draft] of Object.entries(drafts)) if (draft.mark === taken) delete drafts[key];
    store.write(person, drafts);
    document.cookie = `${SENT}=; path=/; max-age=0; samesite=lax`;
  }

  function look(root) {
    for (const form of root.querySelectorAll("form")) {
      if (!isKept(form) || shownFirst.has(form)) continue;
      shownFirst.set(form, valuesOf(form));
      const drafts = store.read(person);
      const draft = drafts[keyOf(form)];
      if (form.querySelector("[data-camket-error-summary]")) {
        /* The server shows what was typed, with what is wrong: that is the draft now. */
        drafts[keyOf(form)] = { at: Date.now(), mark: markOf(form), fields: valuesOf(form) };
        store.write(person, drafts);
        dirty.add(form);
      } else if (draft && !same(draft.fields, valuesOf(form))) {
        offer(form, draft);
      } else if (draft) {
        delete drafts[keyOf(form)];
        store.write(person, drafts);
      }
    }
  }

  function typed(event) {
    const form = event.target.form;
    if (!form || !shownFirst.has(form)) return;
    dirty.add(form);
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form), 300);
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);

  /* Before anything else sees it: without a network a form stays where it is. */
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method !== "post") return;
      form.querySelector(":scope > [data-camket-offline]")?.remove();
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      if (shownFirst.has(form)) keep(form);
      const box = note("red", words.offline);
      box.dataset.camketOffline = "";
      box.setAttribute("role", "alert");
      form.append(box);
      box.scrollIntoView({ block: "nearest" });
    },
    true,
  );
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!shownFirst.has(form)) return;
    clearTimeout(waiting);
    keep(form);
    /* After every other listener: one of them may have asked, and been told no. */
    setTimeout(() => event.defaultPrevented || dirty.delete(form));
  });
  window.addEventListener("online", () => document.querySelectorAll("[data-camket-offline]").forEach((box) => box.remove()));

  window.addEventListener("beforeunload", (event) => {
    for (const form of dirty) if (!form.isConnected) dirty.delete(form);
    if (dirty.size) event.preventDefault();
  });
  window.addEventListener("pagehide", () => dirty.forEach((form) => keep(form)));

  document.addEventListener("htmx:beforeRequest", (event) => dirty.delete(event.detail.elt.closest?.("form")));
  document.addEventListener("htmx:afterSettle", (event) => {
    sweep();
    if (event.detail.elt.querySelectorAll) look(event.detail.elt.closest("form")?.parentElement ?? event.detail.elt);
  });

  sweep();
  look(document);
})();
