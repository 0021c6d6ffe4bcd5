// The service worker gives what was read where there is no network, and shows push notifications.
import { asset, copyOf, inTurn, learn, leave, prepare, sweep } from "./copies.js";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(prepare());
});

self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), sweep()])));

// Whoever leaves says so (device.js).
self.addEventListener("message", (event) => event.waitUntil(leave()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(visit(event, url.href.split("#")[0]));
  else if (url.pathname.startsWith("/_/")) event.respondWith(asset(request));
});

async function visit(event, url) {
  const answer = await fetch(event.request).catch(() => null);
  if (!answer) return copyOf(url);
  const page = answer.ok && answer.headers.has("Preau-Keep") ? answer.clone() : null;
  event.waitUntil(inTurn(() => learn(url, answer, page)));
  return answer;
}

// What a push notification is sent is core/notify's: a line without a name, and a path; of what
// a school tells at once, what it says. Whoever touches one is led to the portal.
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // something waits all the same: browsers want a notification for every push
  }
  event.waitUntil(
    self.registration.showNotification("Préau", {
      body: said.text || "",
      tag: said.urgent ? "preau-urgent" : "preau", // the last one replaces the one before
      renotify: true,
      requireInteraction: Boolean(said.urgent),
      data: { path: said.path },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data.path || "/", self.location.origin);
  if (to.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((open) => {
      const here = open.find((client) => client.url === to.href);
      return here ? here.focus() : self.clients.openWindow(to.href);
    }),
  );
});
