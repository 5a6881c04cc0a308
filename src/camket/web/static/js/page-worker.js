/* Keeps a page that holds words alone, so that it opens while the network is away. Served at an address whose folder is
   its reach: tablets at counters, phones of an audit. */
"use strict";
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* A page says what it is made of, and in which cache it is kept; what it was made of before is thrown away. Of the
   caches whose names begin alike, the oldest give way to the newest `most`. */
self.addEventListener("message", (event) => {
  const { keep, cache: name, kind, most, credentials } = event.data || {};
  if (!Array.isArray(keep) || !name) return;
  event.waitUntil((async () => {
    const wanted = new Set(keep.map((each) => new URL(each, self.location.origin).href));
    const cache = await caches.open(name);
    await Promise.all([...wanted].map(async (address) => {
      const answer = await fetch(address, { credentials, cache: "no-cache" }).catch(() => null);
      if (answer && answer.ok && !answer.redirected) await cache.put(address, answer);
    }));
    for (const request of await cache.keys()) {
      if (!wanted.has(request.url)) await cache.delete(request);
    }
    const others = (await caches.keys()).filter((each) => each.startsWith(kind) && each !== name);
    for (const old of others.slice(0, Math.max(0, others.length + 1 - most))) await caches.delete(old);
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
