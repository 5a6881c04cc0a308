/* A tablet at the counter: one question at a time, big buttons, afresh for each person, answers kept while the network
   is away. Without this script the page is one long form that works as well. */
(() => {
  "use strict";
  const form = document.querySelector("[data-kiosk]");
  if (!form || !window.indexedDB || !window.fetch) return;

  const IDLE_SECONDS = 45;
  const GRACE_SECONDS = 15;
  const THANKS_SECONDS = 8;
  const RETRY_SECONDS = 20;
  const FRESH_SECONDS = 1800;

  const find = (selector, root = document) => root.querySelector(selector);
  const steps = [...form.querySelectorAll("[data-step]")];
  const back = find("[data-back]"), skip = find("[data-skip]"), next = find("[data-next]"), send = find("[data-send]");
  const begin = find("[data-begin]"), progress = find("[data-progress]"), thanks = find("[data-thanks]");
  const idle = find("[data-idle]"), waiting = find("[data-waiting]"), dead = find("[data-dead]");
  const aside = find("[data-refused]");
  const opened = Date.now();
  let here = 0, quiet = 0, touched = 0, clock = null, onward = null, isSending = false;

  /* — what waits to be sent — */

  const store = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("camket-kiosk", 2);
    asked.onupgradeneeded = () => {
      for (const name of ["waiting", "refused"]) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath: "id" });
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  const work = async (mode, act) => {
    const base = await store();
    return new Promise((resolve, reject) => {
      const boxes = ["waiting", "refused"];
      const transaction = base.transaction(boxes, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
      const request = act(...boxes.map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => { base.close(); resolve(request.result); };
      transaction.onerror = transaction.onabort = () => { base.close(); reject(transaction.error); };
    });
  };
  const keep = (entry) => work("readwrite", (box) => box.put(entry));
  const drop = (id) => work("readwrite", (box) => box.delete(id));
  const kept = () => work("readonly", (box) => box.getAll());
  const setAside = (entry, reason) => work("readwrite", (box, aside) => {
    aside.put({ ...entry, reason });
    return box.delete(entry.id);
  });
  const refusals = () => work("readonly", (_box, aside) => aside.getAll());
  const sendAgain = (entries) => work("readwrite", (box, aside) => {
    for (const entry of entries) box.put(entry);
    return aside.clear();
  });

  const drawn = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  const today = () => new Intl.DateTimeFormat("en-CA", {
    timeZone: "Asia/Ho_Chi_Minh", year: "numeric", month: "2-digit", day: "2-digit",
  }).format(new Date());

  const show = async (isDead) => {
    const number = (await kept()).length;
    waiting.hidden = number === 0 || isDead;
    dead.hidden = !isDead;
    for (const each of [waiting, dead]) find("[data-number]", each).textContent = String(number);
    const refused = await refusals();
    aside.hidden = refused.length === 0;
    find("[data-number]", aside).textContent = String(refused.length);
    find("[data-reasons]", aside).replaceChildren(...refused.map((each) => {
      const line = document.createElement("li");
      const [year, month, day] = (new URLSearchParams(each.body).get("on") || "").split("-");
      line.textContent = day ? `${day}/${month}/${year}: ${each.reason}` : each.reason;
      return line;
    }));
  };

  /* Our own server says in JSON what became of an answer; a proxy, or the page of a network that wants a password, does not. */
  const said = async (response) => {
    if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) return {};
    try {
      return (await response.json()) || {};
    } catch {
      return {};
    }
  };

  const deliver = async () => {
    if (isSending) return;
    isSending = true;
    let isDead = false;
    try {
      for (const entry of await kept()) {
        const response = await fetch(entry.path, {
          method: "POST",
          body: entry.body,
          credentials: "omit",
          cache: "no-store",
          headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
        });
        const words = await said(response);
        if (response.ok && Array.isArray(words.stored)) {
          await drop(entry.id);
        } else if (typeof words.refused === "string") {
          await setAside(entry, words.refused); // never taken as it is: kept for whoever looks after the tablet
        } else if (typeof words.shut === "string") {
          isDead = true;
        } else if (response.status === 429 || response.status >= 500) {
          break; // the server is not well, or asks for patience: later
        } // anything else was not said by the survey: this one waits, the next may fare better
      }
    } catch {
      // The network is away: what waits stays, and is sent later.
    } finally {
      isSending = false;
      await show(isDead);
    }
  };

  /* — one question at a time — */

  const isAnswered = (step) => Boolean(
    find("input[type=radio]:checked", step) || [...step.querySelectorAll("textarea, select")].some((each) => each.value.trim()),
  );
  const mayGoOn = (step) => !("required" in step.dataset) || isAnswered(step);

  const turn = (to, isSilent) => {
    clearTimeout(onward);
    here = to;
    const step = steps[here], isLast = here === steps.length - 1, isStart = "start" in step.dataset;
    steps.forEach((each, number) => { each.hidden = number !== here; });
    back.hidden = isStart;
    skip.hidden = isStart || isLast || isAnswered(step) || "required" in step.dataset;
    next.hidden = isStart || isLast || !skip.hidden;
    next.disabled = !mayGoOn(step);
    send.hidden = !isLast;
    send.disabled = !mayGoOn(step);
    progress.hidden = isStart;
    progress.max = Math.max(1, steps.length - 1);
    progress.value = here;
    if (!isSilent) {
      window.scrollTo(0, 0);
      const first = find("input, textarea, select, h1", step);
      if (first) first.focus({ preventScroll: true });
    }
  };

  const afresh = (isSilent) => {
    clearInterval(clock);
    form.reset();
    form.elements.id.value = drawn();
    form.hidden = false;
    thanks.hidden = idle.hidden = true;
    quiet = 0;
    turn(0, isSilent);
    // The next person may not read the language of the one before.
    const mayReload = navigator.onLine || (navigator.serviceWorker && navigator.serviceWorker.controller);
    if (!isSilent && location.search && mayReload) location.replace(location.pathname);
    else refresh();
  };

  /* The questions may have changed: now and then the page is fetched anew, between two people and with a network only. */
  const refresh = async () => {
    if ((Date.now() - opened) / 1000 < FRESH_SECONDS || !navigator.onLine) return;
    try {
      const answer = await fetch(location.href, { credentials: "omit", cache: "no-store" });
      if (answer.ok && here === 0) location.reload();
    } catch {
      // No network after all.
    }
  };

  const countDown = (box, seconds, done) => {
    clearInterval(clock);
    let left = seconds;
    const said = find("[data-count]", box);
    said.textContent = String(left);
    box.hidden = false;
    clock = setInterval(() => {
      left -= 1;
      said.textContent = String(left);
      if (left <= 0) done();
    }, 1000);
  };

  const finish = async () => {
    if (form.dataset.busy || !mayGoOn(steps[here])) return;
    form.dataset.busy = "1";
    form.elements.on.value = today();
    const body = new URLSearchParams(new FormData(form)).toString();
    const entry = { id: form.elements.id.value, path: form.action, body };
    try {
      if (steps.some((step) => isAnswered(step) && !find("[name=field]", step))) await keep(entry);
    } catch {
      delete form.dataset.busy;
      form.submit(); // no room on the tablet: as without a script
      return;
    }
    delete form.dataset.busy;
    form.reset(); // nothing of this person stays on the screen
    form.hidden = true;
    countDown(thanks, THANKS_SECONDS, () => afresh());
    thanks.focus();
    await show(false);
    deliver();
  };

  form.addEventListener("change", (event) => {
    turn(here, true);
    // A finger chooses and goes on; whoever moves along the steps by keys chooses in peace.
    const isTouched = Date.now() - touched < 1000;
    if (event.target.type === "radio" && isTouched && here < steps.length - 1) onward = setTimeout(() => turn(here + 1), 350);
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "radio") turn(here, true);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (here < steps.length - 1) {
      if (mayGoOn(steps[here])) turn(here + 1);
    } else {
      finish();
    }
  });
  begin.addEventListener("click", () => {
    if (document.documentElement.requestFullscreen && !document.fullscreenElement) {
      document.documentElement.requestFullscreen().catch(() => {});
    }
    turn(1);
  });
  back.addEventListener("click", () => turn(Math.max(0, here - 1)));
  for (const button of [skip, next]) button.addEventListener("click", () => turn(Math.min(steps.length - 1, here + 1)));
  find("[data-send-again]").addEventListener("click", async () => {
    await sendAgain(await refusals());
    await show(false);
    deliver();
  });
  find("[data-again]").addEventListener("click", () => afresh());
  find("[data-stay]").addEventListener("click", () => {
    clearInterval(clock);
    idle.hidden = true;
    quiet = 0;
  });

  /* — who goes away leaves nothing behind — */

  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, () => { quiet = 0; }, { passive: true });
  }
  setInterval(() => {
    if (!thanks.hidden || !idle.hidden || here === 0) return;
    quiet += 1;
    if (quiet < IDLE_SECONDS) return;
    countDown(idle, GRACE_SECONDS, () => afresh());
    find("[data-stay]").focus();
  }, 1000);
  document.addEventListener("pointerdown", () => { touched = Date.now(); }, { passive: true });
  document.addEventListener("keydown", () => { touched = 0; }, { passive: true });
  window.addEventListener("pageshow", (event) => { if (event.persisted) afresh(); });

  /* — the tablet itself — */

  let awake = null;
  const stayAwake = async () => {
    if (!navigator.wakeLock || document.visibilityState !== "visible") return;
    try {
      awake = await navigator.wakeLock.request("screen");
    } catch {
      awake = null; // a low battery, say
    }
  };
  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("contextmenu", (event) => event.preventDefault());

  const keepThePage = async () => {
    if (!navigator.serviceWorker) return; // without HTTPS the page must stay open, and does
    try {
      await navigator.serviceWorker.register(form.dataset.worker);
      const ready = await navigator.serviceWorker.ready;
      const addresses = [location.pathname + location.search, location.pathname];
      for (const each of document.querySelectorAll("link[rel=stylesheet], link[rel=icon], .an-languages a")) addresses.push(each.href);
      for (const each of document.querySelectorAll("script[src], img[src]")) addresses.push(each.src);
      ready.active.postMessage({ keep: [...new Set(addresses)], cache: "camket-kiosk", kind: "camket-kiosk", most: 1, credentials: "omit" });
    } catch {
      // The browser forbids it: the page must stay open.
    }
  };

  document.body.classList.add("is-led");
  begin.hidden = false;
  afresh(true);
  stayAwake();
  keepThePage();
  deliver();
  window.addEventListener("online", deliver);
  setInterval(deliver, RETRY_SECONDS * 1000);
})();
