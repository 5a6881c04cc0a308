/* Keeps the page of an audit on a phone, which holds words alone, so that it opens while the network is away. Served at
   /danh-gia/dien-thoai/, its reach. */
"use strict";
const PREFIX = "camket-audit-";
const MOST = 5;
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* A page says what it is made of; each audit has a cache of its own, and the oldest give way. */
self.addEventListener("message", (event) => {
  if (!event.data || !Array.isArray(event.data.keep)) return;
  event.waitUntil((async () => {
    const wanted = new Set(event.data.keep.map((each) => new URL(each, self.location.origin).href));
    const name = `${PREFIX}${event.data.audit}`;
    const cache = await caches.open(name);
    await Promise.all([...wanted].map(async (address) => {
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache" }).catch(() => null);
      if (answer && answer.ok && !answer.redirected) await cache.put(address, answer);
    }));
    for (const request of await cache.keys()) {
      if (!wanted.has(request.url)) await cache.delete(request);
    }
    const others = (await caches.keys()).filter((each) => each.startsWith(PREFIX) && each !== name);
    for (const old of others.slice(0, Math.max(0, others.length + 1 - MOST))) await caches.delete(old);
    if (event.source) event.source.postMessage({ kept: wanted.size });
  })());
});

const inTime = (request) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("slow")), PATIENCE_MS);
  fetch(request).then(resolve, reject);
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    const kept = await caches.match(event.request, { ignoreVary: true });
    if (!kept) return fetch(event.request);
    if (event.request.mode !== "navigate") return kept; // files are named after what is in them
    try {
      const fresh = await inTime(event.request);
      return fresh.status < 500 ? fresh : kept;
    } catch {
      return kept;
    }
  })());
});
