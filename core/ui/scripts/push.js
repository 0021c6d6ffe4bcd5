// Push notifications on this device are asked for by the button of their form: the
// browser asks its person, says where it is reached, and the form is sent with it.
// Browsers without push keep the form hidden.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const same = (a, b) => a && a.byteLength === b.byteLength && new Uint8Array(a).every((value, i) => value === b[i]);

for (const form of document.querySelectorAll("form[data-push]")) {
  if (!navigator.serviceWorker || !window.PushManager || !window.Notification) continue;
  form.hidden = false;
  const button = form.querySelector("button");
  const refused = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation(); // it is not on its way yet
    refused.hidden = true;
    button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
      await navigator.serviceWorker.register("/sw.js");
      const pushManager = (await navigator.serviceWorker.ready).pushManager;
      const key = bytes(form.dataset.push);
      let found = await pushManager.getSubscription();
      if (found && !same(found.options.applicationServerKey, key)) {
        await found.unsubscribe(); // it was of another installation
        found = null;
      }
      if (!found) found = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const said = found.toJSON();
      form.elements.endpoint.value = said.endpoint;
      form.elements.p256dh.value = said.keys.p256dh;
      form.elements.auth.value = said.keys.auth;
      form.submit();
    } catch {
      refused.hidden = false;
      button.disabled = false;
    }
  });
}
