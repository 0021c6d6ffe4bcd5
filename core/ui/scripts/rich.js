// The editor of a text with a little form. It writes HTML into the field that it
// stands for, which the server reads again as it reads anything that is sent:
// what is kept of a paste here is for the eyes of whoever writes.
import Squire from "../squire/squire.js";
import { kept } from "./paste.js";

for (const box of document.querySelectorAll("[data-editor]")) edit(box);

function edit(box) {
  const field = box.querySelector("textarea");
  const text = standIn(field);
  const editor = new Squire(text, { blockTag: "P", addLinks: false, sanitizeToDOMFragment: kept });

  const send = () => {
    const letters = text.textContent.replace(/\u200b/g, "");
    field.value = letters.trim() ? editor.getHTML() : "";
    box.querySelector(".editor-long").hidden = letters.length <= Number(box.dataset.max);
  };
  // What the browser has kept of a page that one comes back to is newer.
  editor.setHTML(field.value === field.defaultValue ? box.dataset.editor : asHTML(field.value));
  editor.addEventListener("input", send);
  send();

  const link = linkRow(box, editor);
  const acts = {
    bold: () => (editor.hasFormat("B") ? editor.removeBold() : editor.bold()),
    italic: () => (editor.hasFormat("I") ? editor.removeItalic() : editor.italic()),
    bullets: () => (editor.hasFormat("UL") ? editor.removeList() : editor.makeUnorderedList()),
    numbers: () => (editor.hasFormat("OL") ? editor.removeList() : editor.makeOrderedList()),
    link: link.open,
    undo: () => editor.undo(),
  };
  toolbar(box.querySelector(".editor-bar"), editor, acts);

  // Tab leaves the text, and what browsers do with the other keys stays theirs.
  for (const key of ["Tab", "Shift-Tab", "PageUp", "PageDown"]) editor.setKeyHandler(key, null);
  for (const control of ["Ctrl-", "Meta-"]) {
    for (const key of ["d", "[", "]", "Shift-5", "Shift-6", "Shift-7"]) editor.setKeyHandler(control + key, null);
    editor.setKeyHandler(control + "k", (_, event) => {
      event.preventDefault();
      link.open();
    });
  }
  if (field.autofocus) text.focus();
}

// standIn puts the place where one writes before the field, which it hides: it
// has its name, its id and what is said of it.
function standIn(field) {
  const text = document.createElement("div");
  const label = field.labels[0];
  label.id ||= field.id + "-label";
  label.addEventListener("click", () => text.focus());
  text.className = "editor-text prose";
  text.id = field.id;
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  text.setAttribute("aria-labelledby", label.id);
  for (const name of ["aria-describedby", "aria-invalid", "lang"]) {
    if (field.hasAttribute(name)) text.setAttribute(name, field.getAttribute(name));
  }
  if (field.required) text.setAttribute("aria-required", "true");
  field.required = false; // a browser cannot show what is wrong in a field that is hidden
  field.id += "-sent";
  field.hidden = true;
  field.before(text);
  return text;
}

// asHTML makes paragraphs of what was typed before the script ran.
function asHTML(typed) {
  if (/^\s*</.test(typed)) return typed;
  const p = document.createElement("p");
  return typed.split("\n").map((line) => {
    p.textContent = line;
    return p.outerHTML;
  }).join("");
}

// toolbar is one stop of the keyboard, whose arrows go from tool to tool.
function toolbar(bar, editor, acts) {
  const tools = [...bar.querySelectorAll("[data-do]")];
  const stop = (at) => tools.forEach((tool, i) => { tool.tabIndex = i === at ? 0 : -1; });
  stop(0);
  bar.hidden = false;
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
  bar.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-do]");
    if (!tool || tool.getAttribute("aria-disabled") === "true") return;
    stop(tools.indexOf(tool));
    acts[tool.dataset.do]();
  });
  bar.addEventListener("keydown", (event) => {
    const at = tools.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    stop((to + tools.length) % tools.length);
    tools[(to + tools.length) % tools.length].focus();
  });

  const formats = { bold: "B", italic: "I", bullets: "UL", numbers: "OL", link: "A" };
  const tell = () => {
    for (const tool of tools) {
      const format = formats[tool.dataset.do];
      if (format) tool.setAttribute("aria-pressed", String(editor.hasFormat(format)));
    }
  };
  for (const event of ["pathChange", "select", "cursor", "input", "focus"]) editor.addEventListener(event, tell);
  const undo = tools.find((tool) => tool.dataset.do === "undo");
  undo.setAttribute("aria-disabled", "true");
  editor.addEventListener("undoStateChange", (event) => undo.setAttribute("aria-disabled", String(!event.detail.canUndo)));
}

// linkRow is where the address of a link is written, under the toolbar.
function linkRow(box, editor) {
  const row = box.querySelector(".editor-link");
  const address = row.querySelector("input");
  const wrong = row.querySelector(".field-error");
  const buttons = Object.fromEntries([...row.querySelectorAll("[data-link]")].map((b) => [b.dataset.link, b]));
  const complain = (is) => {
    wrong.hidden = !is;
    address.toggleAttribute("aria-invalid", is);
  };

  const open = () => {
    const range = editor.getSelection();
    const at = range.commonAncestorContainer;
    const link = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest("a");
    if (link) {
      range.selectNodeContents(link);
      editor.setSelection(range);
    }
    address.value = link ? link.getAttribute("href").replace(/^(mailto|tel):/, "") : "";
    buttons.remove.hidden = !link;
    complain(false);
    row.hidden = false;
    address.focus();
  };
  const close = () => {
    row.hidden = true;
    editor.focus();
  };
  const end = () => {
    const range = editor.getSelection();
    range.collapse(false);
    editor.setSelection(range);
    close();
  };
  const set = () => {
    const href = leadsTo(address.value);
    complain(!href);
    if (!href) {
      address.focus();
      return;
    }
    editor.makeLink(href);
    end();
  };

  buttons.set.addEventListener("click", set);
  buttons.close.addEventListener("click", close);
  buttons.remove.addEventListener("click", () => {
    editor.removeLink();
    end();
  });
  row.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || event.target !== address) return;
    event.preventDefault();
    set();
  });
  return { open };
}

// leadsTo completes an address as people write it.
function leadsTo(typed) {
  typed = typed.trim();
  if (/^(https?:\/\/\S|mailto:\S|tel:\S)/i.test(typed)) return typed;
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(typed)) return "mailto:" + typed;
  if (/^\+?\d[\d\s.()-]{4,}$/.test(typed)) return "tel:" + typed.replace(/[^+\d]/g, "");
  if (/^[^\s@:/]+\.[^\s@:/.]{2,}([:/?#]\S*)?$/.test(typed)) return "https://" + typed;
  return "";
}
