// A page reads aloud what is written to its reader: the title, then each paragraph, in the
// language that each is in. Only voices that are on the device are used: nothing that is on
// the page leaves it.
const speech = window.speechSynthesis;
const buttons = document.querySelectorAll("[data-listen]");

const langOf = (element) => element.closest("[lang]").lang.toLowerCase();
const voiceFor = (lang) => speech.getVoices().find((v) => v.localService && v.lang.toLowerCase().startsWith(lang));
const read = () => [
  ...document.querySelectorAll("main h1, [data-aloud] :is(p, li, h2, h3, blockquote), label[data-aloud]"),
].filter((element) => element.textContent.trim() && voiceFor(langOf(element)));

function offer() {
  for (const button of buttons) button.hidden = read().length < 2; // a title alone says nothing
}

function aloud() {
  const speaking = speech.speaking;
  speech.cancel();
  if (speaking) return;
  for (const element of read()) {
    const words = new SpeechSynthesisUtterance(element.textContent.trim());
    words.voice = voiceFor(langOf(element));
    words.lang = words.voice.lang;
    words.onstart = () => element.classList.add("is-said");
    words.onend = words.onerror = () => element.classList.remove("is-said");
    speech.speak(words);
  }
}

if (buttons.length && speech) {
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  for (const button of buttons) button.addEventListener("click", aloud);
  addEventListener("pagehide", () => speech.cancel());
}
