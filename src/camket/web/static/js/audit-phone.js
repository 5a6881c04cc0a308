/* An audit on a phone in a room without a network: checklists taken along, answers, findings and photos kept at once and
   sent when the network is back. Everything kept is sealed with a key that the server gives to its person; the phone
   forgets the key when the person signs out or locks, or the session would have ended, and gets it again by signing in. */
(() => {
  "use strict";
  const root = document.querySelector("[data-phone]");
  if (!root) return;

  const RETRY_SECONDS = 20;
  const DRAFT_MS = 400;
  const LARGEST = 20 * 1024 * 1024;
  const FAILURES_AT_ONCE = 3;
  const SHRUNK_FROM = 3 * 1024 * 1024;
  const LONGEST_SIDE = 2560;
  const STORES = { keys: "audit", books: "audit", drafts: "id", queue: "n" };

  const audit = root.dataset.phone;
  const find = (selector, within = root) => within.querySelector(selector);
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];
  const bar = (name) => document.querySelector(`[data-net-${name}]`);
  const word = (name) => find(`[data-word="${name}"]`).textContent;
  const said = (name, values) => word(name).replace(/\{(\w+)\}/g, (_, each) => values[each]);
  const views = Object.fromEntries(all("[data-view]").map((each) => [each.dataset.view, each]));
  const frame = find("[data-frame]");

  let key = null, owner = "", book = null, csrf = "";
  let queue = []; // opened entries of this person and audit; a photo's bytes stay sealed until they are sent
  let unit = null, question = null, draft = null;
  const failed = new Set(), failures = new Map(); // by number in the queue: in this round, and how often in all
  let isBusy = false, dirty = 0, until = 0, drawing = Promise.resolve();

  /* — kept on the phone — */

  const open = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("camket-audits", 1);
    asked.onupgradeneeded = () => {
      for (const [name, path] of Object.entries(STORES)) {
        asked.result.createObjectStore(name, { keyPath: path, autoIncrement: name === "queue" });
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  const work = async (mode, names, act) => {
    const base = await open();
    return new Promise((resolve, reject) => {
      const transaction = base.transaction(names, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
      const request = act(...names.map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => { base.close(); resolve(request && request.result); };
      transaction.onerror = transaction.onabort = () => { base.close(); reject(transaction.error); };
    });
  };
  const put = (name, value) => work("readwrite", [name], (box) => box.put(value));
  const get = (name, id) => work("readonly", [name], (box) => box.get(id));
  const remove = (name, id) => work("readwrite", [name], (box) => box.delete(id));
  const waiting = () => work("readonly", ["queue"], (box) => box.getAll());

  const sealBytes = async (bytes) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  };
  const openBytes = ({ iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
  const seal = (value) => sealBytes(new TextEncoder().encode(JSON.stringify(value)));
  const unseal = async (box) => JSON.parse(new TextDecoder().decode(await openBytes(box)));

  // What is read and what is kept wait for each other, so that the list here and the store never tell two stories.
  let atTheStore = Promise.resolve();
  const inTurn = (act) => {
    const done = atTheStore.then(act);
    atTheStore = done.catch(() => {});
    return done;
  };
  const become = (entry, plain, n) => {
    for (const name of Object.keys(entry)) delete entry[name];
    return Object.assign(entry, plain, { n });
  };
  const known = (n) => queue.find((each) => each.n === n);
  // Another window of this phone sends, changes and drops too: what stands in the store is what waits.
  const readQueue = () => inTurn(async () => {
    const read = [];
    let others = 0;
    for (const each of await waiting()) {
      if (each.owner !== owner) {
        others += 1;
      } else if (each.audit === audit) {
        try {
          read.push(become(known(each.n) || {}, await unseal(each), each.n));
        } catch {
          others += 1; // sealed by a key that is no more
        }
      }
    }
    queue = read;
    show("[data-others]", others);
  });
  // What another window sent meanwhile does not come back.
  const replace = (row) => work("readwrite", ["queue"], (box) => {
    const found = box.get(row.n);
    found.onsuccess = () => { if (found.result) box.put({ ...found.result, ...row }); };
    return found;
  });
  const keep = (entry, photo) => {
    const { n, ...plain } = entry; // as it is now, whatever is read before it is this one's turn
    return inTurn(async () => {
      const row = { audit, owner, ...(await seal(plain)) };
      if (photo) row.photo = await sealBytes(photo);
      if (n && await replace({ ...row, n })) become(known(n) || {}, plain, n);
      if (!n) queue.push({ ...plain, n: await put("queue", row) });
    });
  };
  const forget = (entry) => { queue = queue.filter((each) => each.n !== entry.n); };
  const drop = (entry) => inTurn(async () => {
    await remove("queue", entry.n);
    forget(entry);
  });

  const lock = async () => {
    await keepDraft();
    key = null;
    book = null;
    queue = [];
    unit = question = draft = null;
    csrf = "";
    await work("readwrite", ["keys", "books"], (keys, books) => { keys.delete(audit); return books.delete(audit); });
    // Nothing of the audit stays on the screen or behind it.
    for (const each of all("[data-list], [data-found], [data-photos]")) each.replaceChildren();
    for (const each of all("[data-title], [data-look], [data-place], [data-state]")) each.textContent = "";
    find("#phone-clauses").replaceChildren();
    for (const each of all("form")) each.reset();
    const sealed = (await waiting()).filter((each) => each.audit === audit).length;
    const line = find("[data-sealed]");
    line.hidden = !sealed;
    find("[data-number]", line).textContent = String(sealed);
    turn("locked");
  };

  /* — with the server — */

  const asked = async (address, more = {}) => {
    const response = await fetch(address, {
      credentials: "same-origin", cache: "no-store", redirect: "manual", ...more,
      headers: { Accept: "application/json", ...(more.headers || {}) },
    });
    const { status } = response;
    if (response.type === "opaqueredirect") return { elsewhere: true };
    if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) {
      return { status, elsewhere: status < 500, gone: status === 404 || status === 403 };
    }
    return response.json();
  };

  const fetchBook = async () => {
    const found = await asked(root.dataset.book);
    if (found.signed_out) {
      await lock();
      return false;
    }
    if (!found.key) {
      find("[data-elsewhere]").hidden = !found.elsewhere;
      if (found.gone && key) await lock();
      return false;
    }
    find("[data-elsewhere]").hidden = true;
    if (key && found.owner !== owner) {
      await lock(); // somebody else signed in here meanwhile: what waits is not theirs to send
      return false;
    }
    const raw = Uint8Array.from(atob(found.key), (each) => each.charCodeAt(0));
    key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    ({ owner, csrf } = found);
    until = Date.now() + found.seconds * 1000;
    const { key: _key, csrf: _csrf, seconds: _seconds, ...plain } = found;
    book = plain;
    await put("keys", { audit, key, owner, until });
    await put("books", { audit, ...(await seal(plain)) });
    return true;
  };

  const questionOf = (id) => book.units.flatMap((each) => each.questions).find((each) => each.id === id);
  const isReady = (entry) => !entry.held && !entry.refused && !entry.conflict &&
    !(entry.kind === "photo" && queue.some((each) => each.kind !== "photo" && each.key === entry.key));
  // What the server failed at comes last in the next round, so that it holds up nothing else but later answers to its question.
  const nextToSend = () => queue
    .filter((each) => isReady(each) && !failed.has(each.n) &&
      !queue.some((other) => failed.has(other.n) && each.question && other.question === each.question && other.n < each.n))
    .sort((one, other) => (failures.get(one.n) || 0) - (failures.get(other.n) || 0))[0];

  const deliverOne = async (entry) => {
    const kept = await get("queue", entry.n);
    if (!kept) {
      forget(entry); // another window sent it, or dropped it
      return true;
    }
    const body = new FormData();
    body.append("owner", owner);
    for (const name of ["kind", "unit", "question", "answer", "note", "version", "key", "grade", "text", "clause", "proof"]) {
      if (entry[name] !== undefined && entry[name] !== null) body.append(name, entry[name]);
    }
    if (entry.kind === "photo") {
      body.append("anh-attachments", new Blob([await openBytes(kept.photo)], { type: entry.type }), entry.name);
    }
    const words = await asked(root.dataset.send, { method: "POST", body, headers: { "X-CSRFToken": csrf } });
    if (words.kept) {
      await drop(entry);
      if (entry.kind === "answer") {
        const one = questionOf(entry.question);
        if (one) one.version = words.kept.version;
        for (const each of queue.filter((other) => other.kind === "answer" && other.question === entry.question)) {
          each.version = words.kept.version;
          await keep(each);
        }
      }
    } else if (words.conflict || words.refused) {
      Object.assign(entry, words.conflict ? { conflict: words.conflict } : { refused: words.refused });
      await keep(entry);
    } else if (words.status === 413) {
      entry.refused = word("too-large");
      await keep(entry);
    } else if (words.status >= 500) {
      failed.add(entry.n);
      failures.set(entry.n, (failures.get(entry.n) || 0) + 1);
    } else {
      if (words.signed_out) await lock();
      find("[data-elsewhere]").hidden = !words.elsewhere;
      return false;
    }
    return true;
  };

  const synchronise = async () => {
    if (isBusy) return;
    isBusy = true;
    let isThere = false;
    try {
      isThere = await fetchBook();
      if (isThere) {
        await readQueue();
        let hasSent = false;
        failed.clear();
        while (failed.size < FAILURES_AT_ONCE) {
          const entry = nextToSend();
          if (!entry || !(await deliverOne(entry))) break;
          hasSent = true;
        }
        if (hasSent && key) await fetchBook();
        if (hasSent && key && !queue.length) find("[data-all-sent]").hidden = false;
      }
    } catch {
      isThere = false; // no network: what waits stays
    } finally {
      isBusy = false;
    }
    bar("on").hidden = !isThere;
    bar("off").hidden = isThere || !key;
    await draw();
  };

  /* — on the screen — */

  function show(selector, number) {
    const line = find(selector);
    line.hidden = !number;
    find("[data-number]", line).textContent = String(number);
  }

  function turn(name, isSilent) {
    for (const [each, view] of Object.entries(views)) view.hidden = each !== name;
    frame.hidden = ["wait", "locked", "absent", "unable"].includes(name);
    if (isSilent) return;
    window.scrollTo(0, 0);
    const heading = find("h1", views[name]);
    if (heading) heading.focus({ preventScroll: true });
  }
  const here = () => Object.keys(views).find((name) => !views[name].hidden);

  const last = (one) => queue.filter((each) => each.kind === "answer" && each.question === one.id && !each.conflict).at(-1);
  const stands = (one) => (last(one) || one).answer;

  const row = (list, label, note, badge, tone, act) => {
    const line = find("[data-row]").content.cloneNode(true);
    const button = find("button", line), mark = find(".ck-badge", line);
    button.textContent = label;
    button.addEventListener("click", act);
    find(".small", line).textContent = note;
    mark.textContent = badge;
    mark.classList.add(`ck-badge--${tone}`);
    list.append(line);
  };

  const drawUnits = () => {
    const view = views.units, list = find("[data-list]", view);
    find("[data-title]", view).textContent = book.title;
    find("[data-state]", view).textContent = book.state;
    list.replaceChildren();
    for (const each of book.units) {
      const answered = each.questions.filter(stands).length;
      const counted = said("counted", { answered, asked: each.questions.length });
      const isDone = answered === each.questions.length;
      row(list, each.name, "", counted, isDone ? "green" : "grey", () => { unit = each.id; draw("questions"); });
    }
  };

  const current = () => book.units.find((each) => each.id === unit);

  const drawQuestions = () => {
    const view = views.questions, list = find("[data-list]", view);
    find("[data-title]", view).textContent = current().name;
    list.replaceChildren();
    find("[data-new-finding]").hidden = !book.may_answer;
    for (const each of current().questions) {
      const answer = stands(each), name = answer ? `answer-${answer}` : "unanswered";
      const notes = [`${each.clause} ${each.clause_title}`.trim()];
      if (queue.some((other) => other.question === each.id)) notes.push(word("waiting"));
      if (each.photos) notes.push(said("photos", { count: each.photos }));
      row(list, each.text, notes.filter(Boolean).join(" · "), word(name), find(`[data-word="${name}"]`).className,
        () => openQuestion(each.id));
    }
    for (const each of queue.filter((other) => other.kind === "finding" && other.unit === unit)) {
      row(list, each.text, word("waiting"), word("finding"), "amber", () => {});
    }
  };

  const whyOf = (entry) => JSON.stringify(entry.conflict || entry.refused);
  const drawTroubles = () => {
    const list = find("[data-troubles] [data-list]");
    const troubled = queue.filter((each) => each.conflict || each.refused);
    // A button that stands stays: one that is made anew between press and release would not be pressed.
    const drawn = [...list.children].map((line) => line.trouble);
    const isDrawn = (each, at) => each === drawn[at].entry && whyOf(each) === drawn[at].why;
    if (troubled.length && troubled.length === drawn.length && troubled.every(isDrawn)) return;
    list.replaceChildren();
    find("[data-troubles]").hidden = !troubled.length;
    for (const entry of troubled) {
      const line = find("[data-trouble]").content.cloneNode(true);
      const one = entry.question ? questionOf(entry.question) : null;
      const kind = entry.kind === "answer" ? word(`answer-${entry.answer}`) : word(entry.kind);
      find("[data-what]", line).textContent = [one ? one.text : entry.text, entry.name || kind, entry.note, one && entry.text].filter(Boolean).join(" – ");
      const theirs = find("[data-theirs]", line);
      if (entry.conflict) {
        const { by, at, answer, note } = entry.conflict;
        find("[data-why]", line).textContent = said("conflict", { by, at, answer: word(answer ? `answer-${answer}` : "unanswered") });
        theirs.textContent = note;
      } else {
        find("[data-why]", line).textContent = entry.refused;
      }
      theirs.hidden = !theirs.textContent;
      const offer = (selector, act) => {
        const button = find(selector, line);
        button.hidden = false;
        button.addEventListener("click", async () => { await act(); await draw(); synchronise(); });
      };
      if (entry.conflict) {
        offer("[data-mine]", () => {
          entry.version = entry.conflict.version;
          delete entry.conflict;
          return keep(entry);
        });
        offer("[data-keep-theirs]", async () => {
          // Theirs is the answer; a finding that came along is still one.
          if (entry.text) await keep({ kind: "finding", unit: entry.unit, key: entry.key, grade: entry.grade, text: entry.text, clause: entry.clause, proof: entry.proof });
          await drop(entry);
        });
      } else {
        offer("[data-again]", () => { delete entry.refused; return keep(entry); });
        offer("[data-drop]", async () => {
          if (!window.confirm(word("sure"))) return;
          const along = queue.filter((each) => each.kind === "photo" && entry.kind !== "photo" && each.key === entry.key);
          for (const each of [...along, entry]) await drop(each);
        });
      }
      line.firstElementChild.trouble = { entry, why: whyOf(entry) };
      list.append(line);
    }
  };

  function draw(name) {
    drawing = drawing.then(() => {
      if (!key) return;
      const waits = queue.filter((each) => !each.held).length;
      show("[data-waits]", waits);
      show("[data-failing]", [...failed].filter((n) => queue.some((each) => each.n === n)).length);
      if (waits) find("[data-all-sent]").hidden = true;
      find("[data-not-now]").hidden = book.may_answer;
      drawTroubles();
      if (name || !["question", "finding"].includes(here())) {
        const wanted = name || (unit && current() ? "questions" : "units");
        (wanted === "units" ? drawUnits : wanted === "questions" ? drawQuestions : () => {})();
        turn(wanted, !name && here() === wanted);
      }
    });
    return drawing;
  }

  /* — writing — */

  const fill = (form, values) => {
    form.reset();
    for (const [name, value] of Object.entries(values)) {
      const field = form.elements[name];
      if (field && value !== undefined && value !== "") field.value = value;
    }
  };
  const typed = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const formOf = () => (question ? find("[data-answer-form]") : find("[data-finding-form]"));

  async function keepDraft() {
    clearTimeout(dirty);
    dirty = 0;
    if (!draft || !key) return;
    draft.values = typed(formOf());
    const { id, ...plain } = draft;
    await put("drafts", { id, audit, owner, ...(await seal(plain)) });
  }
  const openDraft = async (id) => {
    draft = { id, key: crypto.randomUUID(), values: null };
    const kept = await get("drafts", id);
    if (!kept || kept.owner !== owner) return;
    try {
      draft = { id, ...(await unseal(kept)) };
    } catch {
      // Sealed by a key that is no more.
    }
  };
  const held = () => queue.filter((each) => each.kind === "photo" && each.held && each.key === draft.key);

  const drawPhotos = () => {
    const list = find("[data-photos]", formOf());
    list.replaceChildren(...held().map((each) => {
      const line = document.createElement("li"), button = document.createElement("button");
      line.append(`${each.name} `);
      button.type = "button";
      button.className = "ia-back";
      button.textContent = word("drop");
      button.setAttribute("aria-label", `${word("drop")}: ${each.name}`);
      button.addEventListener("click", async () => { await drop(each); drawPhotos(); });
      line.append(button);
      return line;
    }));
  };
  const fault = (form, words) => {
    const line = find("[data-error]", form);
    line.textContent = words || "";
    line.hidden = !words;
    if (words) line.scrollIntoView({ block: "center" });
  };
  const showFinding = () => {
    const form = find("[data-answer-form]");
    find("[data-finding]", form).hidden = form.elements.answer.value !== "finding";
  };

  async function openQuestion(id) {
    await openDraft(`${audit}.q${id}`);
    question = id;
    const one = questionOf(id), form = find("[data-answer-form]"), kept = last(one) || one;
    const places = current().questions.map((each) => each.id);
    find("[data-place]").textContent = [`${places.indexOf(id) + 1}/${places.length}`, `${one.clause} ${one.clause_title}`.trim()].filter(Boolean).join(" · ");
    find("[data-title]", views.question).textContent = one.text;
    find("[data-look]").textContent = one.look_at;
    find("[data-found]").replaceChildren(...one.findings.map((each) => {
      const line = document.createElement("li");
      line.textContent = each;
      return line;
    }));
    fill(form, { clause: one.clause, ...(draft.values || { answer: kept.answer, note: kept.note }) });
    for (const each of form.elements) each.disabled = !book.may_answer;
    fault(form, "");
    showFinding();
    drawPhotos();
    turn("question");
  }

  async function openFinding() {
    question = null;
    await openDraft(`${audit}.u${unit}`);
    const form = find("[data-finding-form]");
    fill(form, draft.values || {});
    fault(form, "");
    drawPhotos();
    turn("finding");
  }

  const closeDraft = async () => {
    clearTimeout(dirty);
    const { id } = draft;
    draft = null;
    question = null;
    await remove("drafts", id);
  };

  const smaller = async (file) => {
    if (file.size <= SHRUNK_FROM || !/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.85); });
      return made && made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  };

  const choose = async (event) => {
    const form = event.target.form, chosen = [...event.target.files];
    fault(form, "");
    await keepDraft();
    for (const each of chosen) {
      const file = await smaller(each);
      if (file.size > LARGEST) {
        fault(form, said("large", { name: each.name }));
        continue;
      }
      try {
        await keep({ kind: "photo", held: true, unit, question, key: draft.key, name: file.name, type: file.type }, await file.arrayBuffer());
      } catch {
        fault(form, word("room"));
      }
    }
    event.target.value = "";
    drawPhotos();
  };

  const release = async () => {
    for (const each of held()) {
      each.held = false;
      await keep(each);
    }
  };

  const submitAnswer = async (event) => {
    event.preventDefault();
    const form = event.target, values = typed(form), one = questionOf(question);
    if (!values.answer) return fault(form, word("choose"));
    const isFinding = values.answer === "finding";
    if (isFinding && !values.text.trim() && !one.findings.length && !(last(one) || {}).text) return fault(form, word("words"));
    const before = isBusy ? null : last(one); // one that is not on its way is written over
    const entry = { kind: "answer", unit, question, answer: values.answer, note: values.note, version: one.version, key: draft.key };
    if (isFinding && values.text.trim()) Object.assign(entry, { grade: values.grade, text: values.text, clause: values.clause, proof: values.proof });
    else if (isFinding && before && before.text) Object.assign(entry, { key: before.key, grade: before.grade, text: before.text, clause: before.clause, proof: before.proof });
    if (before && (!before.text || before.key === entry.key)) entry.n = before.n;
    try {
      await keep(entry);
      await release();
    } catch {
      return fault(form, word("room"));
    }
    const places = current().questions, place = places.findIndex((each) => each.id === question);
    await closeDraft();
    const coming = [...places.slice(place + 1), ...places.slice(0, place)].find((each) => !stands(each));
    await draw("questions");
    if (coming) await openQuestion(coming.id);
    synchronise();
    return undefined;
  };

  const submitFinding = async (event) => {
    event.preventDefault();
    const form = event.target, { grade, text, clause, proof } = typed(form);
    if (!text.trim()) return fault(form, word("words"));
    try {
      await keep({ kind: "finding", unit, key: draft.key, grade, text, clause, proof });
      await release();
    } catch {
      return fault(form, word("room"));
    }
    await closeDraft();
    await draw("questions");
    synchronise();
    return undefined;
  };

  const leave = async (name) => {
    await keepDraft();
    draft = question = null;
    await draw(name);
  };

  find("[data-answer-form]").addEventListener("submit", submitAnswer);
  find("[data-finding-form]").addEventListener("submit", submitFinding);
  for (const form of all("form")) {
    form.addEventListener("input", () => { clearTimeout(dirty); dirty = setTimeout(keepDraft, DRAFT_MS); });
    form.addEventListener("change", showFinding);
    form.elements.photos.addEventListener("change", choose);
  }
  find("[data-to-units]").addEventListener("click", () => { unit = null; leave("units"); });
  for (const each of all("[data-to-questions]")) each.addEventListener("click", () => leave("questions"));
  find("[data-new-finding]").addEventListener("click", openFinding);
  find("[data-send-now]").addEventListener("click", synchronise);
  find("[data-lock]").addEventListener("click", lock);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepDraft(); });

  const keepThePage = async () => {
    if (!navigator.serviceWorker) return;
    try {
      await navigator.serviceWorker.register(root.dataset.worker);
      const ready = await navigator.serviceWorker.ready;
      const addresses = [location.pathname];
      for (const each of document.querySelectorAll("link[rel=stylesheet], link[rel=icon], link[rel=preload]")) addresses.push(each.href);
      for (const each of document.querySelectorAll("script[src], img[src]")) addresses.push(each.src);
      const kind = "camket-audit-";
      ready.active.postMessage({ keep: [...new Set(addresses)], cache: `${kind}${audit}`, kind, most: 5, credentials: "same-origin" });
    } catch {
      // The browser forbids it: the page must stay open.
    }
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  };

  const begin = async () => {
    if (!window.indexedDB || !window.isSecureContext || !crypto.subtle) {
      turn("unable");
      return;
    }
    try {
      const kept = await get("keys", audit), pages = await get("books", audit);
      if (kept && pages && kept.until > Date.now()) {
        ({ key, owner, until } = kept);
        book = await unseal(pages);
        await readQueue();
        await draw("units");
      } else if (kept) {
        await lock();
      }
    } catch {
      key = null;
    }
    await synchronise();
    if (!key && !["locked", "unable"].includes(here())) turn("absent");
    if (key) {
      find("#phone-clauses").replaceChildren(...book.clauses.map(([code, title]) => new Option(title, code)));
      keepThePage();
    }
  };

  begin();
  window.addEventListener("online", synchronise);
  window.addEventListener("offline", () => { bar("on").hidden = true; bar("off").hidden = !key; });
  setInterval(() => {
    if (key && Date.now() > until) lock();
    else if (key) synchronise();
  }, RETRY_SECONDS * 1000);
})();
