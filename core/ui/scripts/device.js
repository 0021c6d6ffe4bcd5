// A device of one's own keeps what one reads, by the service worker; one that others use keeps
// nothing, and forgets what it kept when it was somebody's.
import { forget, letters, tidy, who } from "./letters.js";
import { say } from "./outbox.js";

const copies = async () => {
  if (!window.caches) return;
  for (const name of await caches.keys()) await caches.delete(name);
};

if (who) {
  tidy();
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
} else {
  forget();
  copies();
  navigator.serviceWorker?.getRegistrations().then((found) => found.forEach((one) => one.unregister()));
}

// Who leaves takes everything along. The answer clears the device too, where the browser knows how.
let warned = false;
for (const form of document.querySelectorAll('form[action="/logout"]')) {
  form.addEventListener("submit", async (event) => {
    if (warned || !letters().some((letter) => letter.state !== "draft")) {
      forget();
      copies();
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // it is not on its way yet
    warned = true;
    say("leave");
  });
}

// A page that stays open when the network goes is as old as a copy of it.
const banner = document.querySelector("[data-offline]");
const copied = "copy" in document.body.dataset;
const tell = (online) => {
  if (banner && !copied) banner.hidden = online;
};
tell(navigator.onLine);
addEventListener("offline", () => tell(false));
addEventListener("online", () => (copied ? location.reload() : tell(true)));
