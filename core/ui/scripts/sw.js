// The service worker shows push notifications, and leads whoever touches one to the
// portal. What it is sent is core/notify's: a line without a name, and a path; of what a
// school tells at once, what it says.
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
