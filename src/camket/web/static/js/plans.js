/* Checking a plan against its source: shows the place in the source without moving the page, lights up
   what belongs together, and keeps typed text from being lost. The page works without it. */
(() => {
  "use strict";

  const WIDE = window.matchMedia("(min-width: 992px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  const pane = () => document.querySelector("[data-camket-source-pane]");

  function marksOf(item) {
    const source = pane();
    return source && item ? [...source.querySelectorAll(`[data-camket-item="${CSS.escape(item)}"]`)] : [];
  }

  function light(elements, name) {
    document.querySelectorAll(`.${name}`).forEach((element) => element.classList.remove(name));
    elements.forEach((element) => element.classList.add(name));
  }

  function bringIntoView(container, element) {
    const box = container.getBoundingClientRect();
    const place = element.getBoundingClientRect();
    if (place.top >= box.top + 24 && place.bottom <= box.bottom - 24) return;
    container.scrollTo({
      top: container.scrollTop + place.top - box.top - box.height / 3,
      behavior: still.matches ? "auto" : "smooth",
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#nguon-"]');
    const source = pane();
    if (link && source && WIDE.matches) {
      const mark = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!mark) return;
      event.preventDefault();
      bringIntoView(source, mark);
      light([mark], "is-shown");
      return;
    }
    const words = event.target.closest(".source-mark a");
    if (words && WIDE.matches) {
      const card = document.getElementById(decodeURIComponent(words.hash.slice(1)));
      if (!card) return;
      event.preventDefault();
      light([card], "is-shown");
      card.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
    }
  });

  function lightItem(item, isShown) {
    const marks = marksOf(item.id);
    light(marks, "is-near");
    if (isShown && marks.length) bringIntoView(pane(), marks[0]);
  }

  document.addEventListener("mouseover", (event) => {
    const item = event.target.closest?.("[data-camket-read]");
    if (item && WIDE.matches) lightItem(item, false);
  });
  document.addEventListener("focusin", (event) => {
    const item = event.target.closest?.("[data-camket-read]");
    if (item && WIDE.matches) lightItem(item, true);
  });
  function lightTarget() {
    const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (item?.matches("[data-camket-read]") && WIDE.matches) lightItem(item, true);
  }
  window.addEventListener("hashchange", lightTarget);
  lightTarget();

  /* Text boxes grow with their text where the browser does not do it by itself. */
  if (!CSS.supports("field-sizing", "content")) {
    const grow = (box) => {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight + 2, 384)}px`;
    };
    const growAll = (root) => root.querySelectorAll("textarea[data-camket-grow]").forEach(grow);
    document.addEventListener("input", (event) => event.target.matches("textarea[data-camket-grow]") && grow(event.target));
    document.addEventListener("htmx:afterSettle", (event) => event.detail.elt.querySelectorAll && growAll(event.detail.elt));
    growAll(document);
  }

  /* Typed text: a form is dirty from the first key until it is sent. */
  const dirty = new Set();
  const dirtyForms = () => [...dirty].filter((form) => form.isConnected || dirty.delete(form) === null);

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-camket-keep]");
    if (form) dirty.add(form);
  });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    dirtyForms().forEach((form) => {
      if (event.detail.target.contains(form) && event.detail.requestConfig?.elt?.closest("form") === form) dirty.delete(form);
    });
  });
  document.addEventListener("htmx:confirm", (event) => {
    const selector = event.detail.elt.getAttribute("hx-target");
    const area = selector && !selector.includes("this") ? document.querySelector(selector) : null;
    const lost = area ? dirtyForms().filter((form) => area.contains(form) && !form.contains(event.detail.elt)) : [];
    if (!lost.length) return;
    event.preventDefault();
    const words = document.querySelector("[data-camket-lost-words]")?.dataset.camketLostWords ?? "";
    if (window.confirm(words)) {
      lost.forEach((form) => dirty.delete(form));
      event.detail.issueRequest(true);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirtyForms().length) event.preventDefault();
  });

  /* After an item was swapped in: put the cursor where the person goes on. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const element = event.detail.elt;
    if (!element.querySelector || element.matches(".pl-understood, .pl-steps")) return;
    const next =
      element.querySelector("[data-camket-error-summary]") ??
      element.querySelector("[data-camket-focus]") ??
      element.querySelector("form[data-camket-keep] :is(textarea, select, input:not([type=hidden]))");
    next?.focus();
  });
})();
