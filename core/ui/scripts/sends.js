// A form sends its files in parts, by the protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload): several at
// once, with how far each is; who is cut goes on by themselves. What was begun is listed by the page, which the portal
// knows by whom it was: nothing of it is kept on the device. Without this file the form sends them whole.
const chunk = 8 << 20; // bytes of a part: what is sent again at most, where none of it was kept
const together = 2;
const stalled = 60_000; // nothing leaves any more
const longest = 30_000; // between two tries

for (const box of document.querySelectorAll("[data-sends]")) ready(box);

function ready(box) {
  const form = box.closest("form");
  const field = form.elements[box.dataset.name];
  const all = box.querySelector("[data-all]");
  const list = box.querySelector("[data-lines]");
  const said = box.querySelector("[data-said]");
  const show = box.querySelector("[data-show]");
  const alone = box.classList.contains("sends-alone");
  const items = new Set();
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  let over = true;

  const tell = (text) => (said.textContent = text);
  const open = () => {
    const folded = box.closest("details");
    if (folded) folded.open = true;
  };

  // A line of the list, whoever made it: its buttons say of which file they are.
  function line(node, item) {
    for (const button of node.querySelectorAll("[data-do]")) {
      button.setAttribute("aria-label", `${button.textContent.trim()} ${item.path}`);
      button.addEventListener("click", () => act(item, button.dataset.do));
    }
    item.node = node;
    items.add(item);
  }

  for (const node of list.children) {
    const { at, path, stamp, size } = node.dataset;
    const item = { at, path, stamp, size: Number(size), kept: 0, sent: 0, state: "begun" };
    line(node, item);
    draw(item);
    open();
  }

  function draw(item, why = "") {
    const { node, state } = item;
    node.dataset.state = state;
    const part = item.size ? item.sent / item.size : state === "done" ? 1 : 0;
    if (state !== "begun") node.querySelector("progress").value = Math.floor(part * 100);
    const words = { waiting: box.dataset.waiting, paused: box.dataset.paused, done: box.dataset.done };
    node.querySelector("[data-text]").textContent = words[state] || (state === "going" ? percent.format(Math.floor(part * 100) / 100) : "");
    const line = node.querySelector("[data-why]");
    if (state !== "begun") {
      line.textContent = why;
      line.hidden = !why;
    }
    const active = document.activeElement;
    const pause = node.querySelector("[data-do=pause]");
    const resume = node.querySelector("[data-do=resume]");
    const cancel = node.querySelector("[data-do=cancel]");
    pause.hidden = state !== "going" && state !== "waiting";
    resume.hidden = state !== "paused" && state !== "failed";
    cancel.hidden = state === "done";
    if (active && active.hidden && node.contains(active)) (resume.hidden ? pause.hidden ? show : pause : resume).focus();
    total();
  }

  function total() {
    const sending = [...items].filter((item) => item.state !== "begun");
    const of = (state) => sending.filter((item) => item.state === state);
    const size = sending.reduce((sum, item) => sum + item.size, 0);
    const sent = sending.reduce((sum, item) => sum + item.sent, 0);
    const part = size ? sent / size : of("done").length ? 1 : 0;
    const busy = of("going").length + of("waiting").length;
    const failed = of("failed").length;
    all.hidden = !sending.length;
    all.querySelector(".progress-label").textContent = busy || of("paused").length ? box.dataset.going : failed ? box.dataset.partly : box.dataset.finished;
    all.querySelector("progress").value = Math.floor(part * 100);
    all.querySelector("[data-text]").textContent = percent.format(Math.floor(part * 100) / 100);
    all.querySelector("[data-do=pause]").hidden = !busy;
    all.querySelector("[data-do=resume]").hidden = busy || !of("paused").length;
    show.hidden = busy || !of("done").length;
    box.classList.toggle("is-going", busy > 0);
    box.style.setProperty("--done", `${part * 100}%`);
    if (busy) over = false;
    if (over || busy || !sending.length || of("paused").length) return;
    over = true;
    tell(failed ? box.dataset.partly : box.dataset.finished);
    if (alone && !failed) setTimeout(() => location.reload(), 1500);
  }

  // add takes files, each with its path among the folders that were chosen with it.
  function add(files) {
    if (!files.length) return;
    open();
    show.href = location.pathname;
    const original = form.elements.original && form.elements.original.checked;
    for (const { file, path } of files) {
      const stamp = String(file.lastModified);
      const begun = [...items].find((one) => one.state === "begun" && one.path === path && one.size === file.size && one.stamp === stamp);
      const item = begun || { path, size: file.size, stamp, kept: 0, sent: 0 };
      if (!begun) {
        const node = box.querySelector("template").content.firstElementChild.cloneNode(true);
        node.querySelector("[data-file]").textContent = path;
        node.querySelector("progress").setAttribute("aria-label", path);
        line(node, item);
        list.append(node);
      }
      Object.assign(item, { file, original, tries: 0, state: "waiting" });
      draw(item);
    }
    tell(box.dataset.started);
    pump();
  }

  function pump() {
    for (const item of items) {
      if ([...items].filter((one) => one.state === "going").length >= together) return;
      if (item.state === "waiting") run(item);
    }
  }

  function act(item, what) {
    if (what === "resume" && (item.state === "paused" || item.state === "failed")) {
      item.state = "waiting";
      item.tries = 0;
      draw(item);
      return pump();
    }
    const was = item.state;
    if (what === "pause" && (was === "going" || was === "waiting")) item.state = "paused";
    if (what === "cancel") {
      item.state = "gone";
      items.delete(item);
      item.node.remove();
      if (item.at) ask(item, "DELETE", item.at).catch(() => {});
      field.focus();
      total();
    }
    if (item.asked) item.asked.abort();
    if (item.wake) item.wake();
    if (what === "pause") draw(item);
    pump();
  }
  for (const button of all.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => {
      for (const item of [...items]) act(item, button.dataset.do);
      all.querySelector(button.dataset.do === "pause" ? "[data-do=resume]" : "[data-do=pause]").focus();
    });
  }

  // run sends a file, part after part, from where the portal says that it is.
  async function run(item) {
    item.state = "going";
    draw(item);
    const asks = (...what) => ask(item, ...what);
    while (item.state === "going") {
      try {
        if (item.at) await where(item, asks);
        if (!item.at) await announce(item, asks);
        while (item.kept < item.size && item.state === "going") await part(item, asks);
        if (item.state !== "going") break;
        item.state = "done";
        draw(item);
      } catch (answer) {
        if (item.state !== "going") break;
        const why = wrong(answer);
        if (why) {
          item.state = answer.status === 401 ? "paused" : "failed";
          draw(item, why);
          tell(`${item.path} ${why}`);
          break;
        }
        item.sent = item.kept;
        draw(item, box.dataset.away);
        await rest(item, Number(answer.getResponseHeader && answer.getResponseHeader("Retry-After")) * 1000 || 1000 * 2 ** Math.min(item.tries++, 5));
        draw(item);
      }
    }
    pump();
  }

  // wrong says why a file does not leave; nothing where it is worth trying again.
  function wrong(answer) {
    const { status } = answer;
    if (answer.name) return box.dataset.unreadable;
    if (!status || status === 408 || status === 409 || status === 423 || status >= 500) return "";
    if (status === 401) return box.dataset.out;
    const text = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain") ? answer.responseText.slice(0, 300) : "";
    return text || box.dataset.failed;
  }

  const rest = (item, time) => new Promise((done) => {
    const timer = setTimeout(wake, Math.min(time, longest));
    function wake() {
      clearTimeout(timer);
      removeEventListener("online", wake);
      item.wake = null;
      done();
    }
    item.wake = wake;
    addEventListener("online", wake);
  });

  function moves(item, answer) {
    const kept = Number(answer.getResponseHeader("Upload-Offset"));
    if (kept > item.kept) item.tries = 0;
    item.kept = item.sent = kept;
  }

  async function announce(item, asks) {
    const name = item.path.slice(item.path.lastIndexOf("/") + 1);
    const said = { filename: name, path: item.path, stamp: item.stamp, ...(item.original && { original: "1" }) };
    const answer = await asks("POST", box.dataset.sends, {
      "Upload-Length": item.size,
      "Upload-Metadata": Object.entries(said).map(([key, value]) => `${key} ${base64(value)}`).join(),
    });
    item.at = answer.getResponseHeader("Location");
    item.kept = item.sent = 0;
  }

  async function where(item, asks) {
    try {
      moves(item, await asks("HEAD", item.at));
    } catch (answer) {
      if (answer.status !== 404 && answer.status !== 410) throw answer;
      item.at = ""; // its time was over: from the beginning
    }
  }

  async function part(item, asks) {
    const piece = item.file.slice(item.kept, item.kept + chunk);
    await new Response(piece.slice(0, 1)).arrayBuffer(); // it fails where the file has changed or is gone
    moves(item, await asks("PATCH", item.at, { "Upload-Offset": item.kept, "Content-Type": "application/offset+octet-stream" }, piece));
    draw(item);
  }

  function ask(item, method, to, headers = {}, body = null) {
    return new Promise((done, fail) => {
      const asked = new XMLHttpRequest();
      const from = item.kept;
      let timer = 0;
      const watch = () => {
        clearTimeout(timer);
        timer = setTimeout(() => asked.abort(), stalled);
      };
      asked.open(method, to);
      asked.setRequestHeader("Tus-Resumable", "1.0.0");
      for (const [name, value] of Object.entries(headers)) asked.setRequestHeader(name, value);
      if (body) {
        watch();
        asked.upload.addEventListener("progress", (event) => {
          watch();
          item.sent = from + event.loaded;
          if (item.state === "going") draw(item);
        });
        asked.upload.addEventListener("load", () => clearTimeout(timer)); // the portal writes the file
      }
      asked.addEventListener("loadend", () => {
        clearTimeout(timer);
        if (item.asked === asked) item.asked = null;
        if (asked.status >= 200 && asked.status < 300) done(asked);
        else fail(asked);
      });
      if (method !== "DELETE") item.asked = asked;
      asked.send(body);
    });
  }

  const plain = (file) => ({ file, path: file.name });
  form.addEventListener("submit", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    event.stopPropagation(); // it is not on its way
    add([...field.files].map(plain));
    field.value = "";
  });
  for (const input of box.querySelectorAll("[data-now]")) {
    input.addEventListener("change", () => {
      add([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
      input.value = "";
    });
  }

  const drags = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  let leave = 0;
  document.addEventListener("dragover", (event) => {
    if (!drags(event)) return;
    event.preventDefault();
    open();
    box.classList.add("is-over");
    clearTimeout(leave);
    leave = setTimeout(() => box.classList.remove("is-over"), 300);
  });
  document.addEventListener("drop", async (event) => {
    if (!drags(event)) return;
    event.preventDefault();
    const dropped = [...event.dataTransfer.items].filter((one) => one.kind === "file").map((one) => {
      const entry = one.webkitGetAsEntry && one.webkitGetAsEntry();
      return entry || one.getAsFile();
    });
    const files = [];
    for (const one of dropped) await walk(one, "", files);
    add(files);
  });

  addEventListener("beforeunload", (event) => {
    if ([...items].some((item) => item.state === "going" || item.state === "waiting")) event.preventDefault();
  });

  if (alone) {
    for (const plainly of form.querySelectorAll(".field, .actions")) if (!box.contains(plainly)) plainly.hidden = true;
    field.required = false;
  }
  box.hidden = false;
}

// walk finds the files of a folder that was dropped, and of those in it.
async function walk(entry, above, files) {
  if (!entry) return;
  if (!entry.isDirectory) {
    const file = entry.isFile ? await new Promise((done) => entry.file(done, () => done(null))) : entry;
    if (file) files.push({ file, path: above + file.name });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return;
    for (const one of some) await walk(one, `${above}${entry.name}/`, files);
  }
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
