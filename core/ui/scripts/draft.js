// What is typed in a form is kept on the device while it is typed, given back when the form is
// opened again, and forgotten once it is sent. Without a network, it waits.
import { drop, find, keep, who } from "./letters.js";
import { returned } from "./outbox.js";

const words = document.querySelector("[data-outbox]");
const hiddenOf = (form) => [...form.querySelectorAll("input[type=hidden]")].map((field) => field.value);
const keyOf = (form) => [new URL(form.action).pathname, form.id, ...hiddenOf(form)].join("#");
const typed = (form, submitter) =>
  [...new FormData(form, submitter)].filter(([name, value]) => typeof value === "string" && name !== "once");
const carries = (form) => [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);

// A copy of a page, and what waits for a network, are of another day perhaps than the one on which
// the form is filled in.
const today = () => new Date().toLocaleDateString("sv"); // Swedes write 2026-10-05
const dated = (form, fields) =>
  fields.map(([name, value]) => [name, value || !form.querySelector(`input[type=hidden][name="${name}"][data-today]`) ? value : today()]);
if ("copy" in document.body.dataset) for (const field of document.querySelectorAll("input[type=date][data-today]")) field.value = today();

if (who) for (const form of document.querySelectorAll("form[data-draft]")) watch(form);

function watch(form) {
  const key = keyOf(form);
  form.dataset.letter = key;
  const blank = JSON.stringify(typed(form));
  const page = document.body.dataset.back || location.pathname + location.search;
  const letter = (state, more) => ({ form: key, page, action: form.action, type: form.enctype, fields: typed(form), state, ...more });

  const before = find(key);
  if (before && before.state !== "going" && !returned.has(key)) {
    giveBack(form, before.fields);
    tell(form, before, before.state === "waiting" ? words.dataset.waits : before.said || words.dataset.given);
  }

  let timer = 0;
  const save = () => {
    timer = clearTimeout(timer);
    const now = letter("draft");
    if (JSON.stringify(now.fields) === blank) drop(now);
    else keep(now);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });
  addEventListener("pagehide", () => timer && save());

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.hasAttribute("aria-busy")) return;
    timer = clearTimeout(timer);
    const mark = newMark();
    const files = carries(form);
    const fields = [...dated(form, typed(form, event.submitter)), ["once", mark]];
    if (navigator.onLine) {
      markOf(form).value = mark;
      keep(letter("going", { fields, mark, files }));
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // it is not on its way
    const aside = event.submitter && event.submitter.formNoValidate;
    const state = aside || files ? "draft" : "waiting";
    const kept = letter(state, state === "waiting" ? { fields, mark } : {});
    keep(kept);
    tell(form, kept, words.dataset[aside ? "aside" : files ? "kept" : "waits"]);
  });
}

function markOf(form) {
  let field = form.querySelector("input[name=once]");
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "once";
    form.append(field);
  }
  return field;
}

const newMark = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// giveBack fills the fields that one sees with what was typed in them.
function giveBack(form, fields) {
  const left = new Map();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "password", "submit", "button"].includes(field.type)) continue;
    const values = left.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values.shift();
    const fold = field.closest("details");
    if (fold && field.value !== field.defaultValue && field.type !== "checkbox" && field.type !== "radio") fold.open = true;
  }
  form.dispatchEvent(new Event("change"));
}

// tell says in a form what becomes of what was typed in it, and lets it be erased.
function tell(form, letter, sentence) {
  form.querySelector(".draft")?.remove();
  const notice = document.createElement("div");
  notice.className = "notice kind-info draft";
  notice.setAttribute("role", "status");
  const line = document.createElement("p");
  const erase = document.createElement("button");
  erase.type = "button";
  erase.className = "btn btn-quiet";
  erase.textContent = words.dataset.drop;
  erase.addEventListener("click", () => {
    drop(letter);
    location.reload();
  });
  notice.append(line, erase);
  form.append(notice);
  line.textContent = sentence; // once it is there, so that it is said
}
