// A voice is recorded into the field of files of its form, where a browser can: it is heard again
// and erased before it is sent, and stops by itself. Elsewhere the field takes a recording made
// with the device's own recorder.
const longest = 120; // seconds
const endings = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const kind = window.MediaRecorder && Object.keys(endings).find((type) => MediaRecorder.isTypeSupported(type));

if (kind && navigator.mediaDevices) for (const part of document.querySelectorAll("[data-record]")) ready(part);

function ready(part) {
  const field = document.getElementById(part.dataset.record);
  const buttons = part.querySelectorAll("button");
  const start = buttons[0];
  const stop = buttons[1];
  const erase = buttons[2];
  const clock = part.querySelector("[role=timer]");
  const said = part.querySelector("[role=status]");
  const sound = part.querySelector("audio");
  const own = "alone" in part.dataset && field.closest(".field"); // a field that is there for this
  const name = `${part.dataset.name}.${endings[kind]}`;
  let recorder, timer, leave;

  const show = (state) => {
    start.hidden = state !== "blank";
    stop.hidden = clock.hidden = state !== "going";
    sound.hidden = erase.hidden = state !== "done";
  };
  const put = (voice) => {
    const files = new DataTransfer();
    for (const file of field.files) if (file.name !== name) files.items.add(file);
    if (voice) files.items.add(voice);
    field.files = files.files;
  };

  start.addEventListener("click", async () => {
    let stream;
    said.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      said.textContent = part.dataset.refused;
      if (own) {
        own.hidden = false;
        field.removeAttribute("capture"); // which takes no file that is there
      }
      return;
    }
    const pieces = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      const voice = new File(pieces, name, { type: kind });
      put(voice);
      sound.src = URL.createObjectURL(voice);
      show("done");
      said.textContent = part.dataset.done;
      if (leave) leave();
      else erase.focus();
      leave = null;
    });
    recorder.start();
    const from = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - from) / 1000);
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= longest && recorder.state === "recording") recorder.stop();
    };
    tick();
    timer = setInterval(tick, 500);
    show("going");
    stop.focus();
  });
  field.form.addEventListener("submit", (event) => { // one who sends has said it all
    if (!recorder || recorder.state !== "recording") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leave = () => field.form.requestSubmit && field.form.requestSubmit(event.submitter);
    recorder.stop();
  }, true);
  stop.addEventListener("click", () => recorder.state === "recording" && recorder.stop());
  erase.addEventListener("click", () => {
    URL.revokeObjectURL(sound.src);
    sound.removeAttribute("src");
    put();
    show("blank");
    said.textContent = "";
    start.focus();
  });
  show("blank");
  part.hidden = false;
  if (own) own.hidden = !own.classList.contains("field-wrong");
}
