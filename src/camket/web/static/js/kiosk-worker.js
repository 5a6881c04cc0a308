/* Keeps a tablet's page, which holds no answers, so that it opens while the network is away. Served at /ks/, its reach. */
"use strict";
const NAME = "camket-kiosk";
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* The page says what it is made of; what it was made of before is thrown away. */
self.addEventListener("message", (event) => {
  if (!event.data || !Array.isArray(event.data.keep)) return;
  event.waitUntil((async () => {
    const wanted = new Set(event.data.keep.map((each) => new URL(each, self.location.origin).href));
    const cache = await caches.open(NAME);
    await Promise.all([...wanted].map(async (address) => {
      const answer = await fetch(address, { credentials: "omit", cache: "no-cache" }).catch(() => null);
      if (answer && answer.ok) await cache.put(address, answer);
    }));
    for (const request of await cache.keys()) {
      if (!wanted.has(request.url)) await cache.delete(request);
    }
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
