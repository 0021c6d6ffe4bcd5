// A device of one's own keeps what one reads, by the service worker; one that others use keeps
// nothing, and forgets what it kept when it was somebody's.
import { empty } from "./copies.js";
import { clear, forget, tidy, unsent, who } from "./letters.js";
import { say } from "./outbox.js";

const worker = navigator.serviceWorker;

async function clean() {
  worker?.controller?.postMessage("leave");
  if (window.caches) await empty();
  for (const one of (await worker?.getRegistrations()) || []) await one.unregister();
}

if (who) {
  tidy();
  worker?.register("/sw.js").catch(() => {});
} else {
  clear();
  clean().catch(() => {});
}

// Who leaves takes along what is theirs, before they go: what waits for another person of the device stays.
const patience = 3_000;
let warned = false;
let leaves = false;
for (const form of document.querySelectorAll('form[action="/logout"]')) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // it is not on its way yet
    if (leaves) return;
    if (!warned && unsent()) {
      warned = true;
      say("leave");
      return;
    }
    leaves = true;
    forget();
    const go = () => form.submit();
    Promise.race([clean(), new Promise((done) => setTimeout(done, patience))]).then(go, go);
  });
}
addEventListener("pageshow", () => (leaves = false)); // it may come back as it was left

// A page that stays open when the network goes is as old as a copy of it.
const banner = document.querySelector("[data-offline]");
const copied = "copy" in document.body.dataset;
const tell = (online) => {
  if (banner && !copied) banner.hidden = online;
};
tell(navigator.onLine);
addEventListener("offline", () => tell(false));
addEventListener("online", () => (copied ? fresh() : tell(true)));

// A copy gives way to the page itself, but whoever is on their way to another page goes there.
let going = false;
if (copied) addEventListener("beforeunload", () => (going = true));
const fresh = () => going || location.reload();
