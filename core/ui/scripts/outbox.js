// What waits for the network leaves as soon as there is one, once: each letter has a mark by which
// the portal knows what it has taken. What is refused is kept, and the page says what to do.
import { drop, keep, letters, who } from "./letters.js";

const box = document.querySelector("[data-outbox]");

// returned are the forms that the page gives back, with what is wrong in them.
export const returned = new Set();

const inFlight = 30_000; // a page that is on its way may be that of another tab

// say shows one of the sentences of the page, or one that the portal said, with a link, and with
// what was written in a letter that did not leave.
export function say(key, sentence = box.dataset[key], link = null, letter = null) {
  const line = document.createElement("p");
  line.textContent = sentence;
  const lines = [line];
  if (link) {
    const a = document.createElement("a");
    [a.href, a.textContent] = link;
    lines.push(a);
  }
  if (letter) { // its form may not be there any more
    const text = document.createElement("blockquote");
    text.textContent = letter.fields.map(([, value]) => value.replace(/<[^>]*>/g, " ").trim()).filter((value) => /\S\s+\S/.test(value)).join("\n");
    const erase = document.createElement("button");
    erase.className = "btn btn-quiet";
    erase.textContent = box.dataset.erase;
    erase.addEventListener("click", () => {
      drop(letter);
      location.reload();
    });
    lines.push(text, erase);
  }
  box.replaceChildren(...lines);
  box.dataset.state = key;
  box.hidden = false;
}

async function send(letter) {
  const body = letter.type === "multipart/form-data" ? new FormData() : new URLSearchParams();
  for (const [name, value] of letter.fields) body.append(name, value);
  const answer = await fetch(letter.action, { method: "POST", body, headers: { "Preau-Resend": who } }).catch(() => null);
  if (!answer) return "waiting";
  if (answer.status === 204) {
    drop(letter);
    return "sent";
  }
  letter.said = (await answer.json().catch(() => ({}))).said;
  const later = answer.status === 401 || answer.status === 429 || answer.status >= 500;
  keep({ ...letter, state: later ? "waiting" : "refused" });
  return answer.status === 401 ? "signed-out" : later ? "waiting" : "refused";
}

// ready tells whether a letter is to leave by itself. What left with photos does not: they are not
// on the device.
function ready(letter) {
  if (letter.state === "going" && letter.at < Date.now() - inFlight) {
    letter.state = letter.files ? "draft" : "waiting";
    keep(letter);
  }
  return letter.state === "waiting";
}

async function post() {
  let sent = null;
  for (const letter of letters().filter(ready)) {
    if (!navigator.onLine) return say("waits");
    const state = await send(letter);
    if (state === "sent") sent = letter;
    if (state === "waiting") return say("waits", letter.said || box.dataset.waits);
    if (state === "signed-out") {
      return say("signed-out", letter.said, ["/login?next=" + encodeURIComponent(location.pathname), box.dataset.open]);
    }
  }
  const back = letters().find((letter) => letter.state === "refused");
  if (back) return say("refused", back.said, [back.page, box.dataset.open], back);
  if (!sent) return;
  box.dataset.state = "sent";
  if (document.querySelector(`form[data-letter="${CSS.escape(sent.form)}"]`)) location.reload(); // the page says more
  else say("sent");
}

const alone = navigator.locks ? (f) => navigator.locks.request("preau-outbox", f) : (f) => f();

if (box) {
  for (const letter of letters()) {
    if (letter.mark && letter.mark === document.body.dataset.sent) drop(letter);
    else if (letter.state === "going" && "back" in document.body.dataset && new URL(letter.action).pathname === location.pathname) {
      keep({ ...letter, state: "draft" }); // it was refused, and says why
      returned.add(letter.form);
    }
  }
  alone(post);
  addEventListener("online", () => alone(post));
}
