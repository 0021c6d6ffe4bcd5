// The page reads itself aloud to those who do not read yet: the ear says
// every picture in turn, and a long press says one. Only voices that are on
// the device are used: nothing that is on the page leaves it.
const ear = document.querySelector("[data-speak]");
const speech = window.speechSynthesis;
const lang = document.documentElement.lang;
const longPress = 500; // milliseconds

const voice = () => speech.getVoices().find((v) => v.localService && v.lang.toLowerCase().startsWith(lang));

function say(element) {
  const words = new SpeechSynthesisUtterance(element.dataset.say);
  words.voice = voice();
  words.lang = words.voice.lang;
  words.rate = 0.9;
  words.onstart = () => element.classList.add("is-said");
  words.onend = words.onerror = () => element.classList.remove("is-said");
  speech.speak(words);
}

function listen() {
  if (!ear.hidden || !voice()) return;
  ear.hidden = false;
  ear.addEventListener("click", () => {
    const speaking = speech.speaking;
    speech.cancel();
    if (!speaking) document.querySelectorAll("main [data-say]").forEach(say);
  });
  document.addEventListener("say", (event) => {
    speech.cancel();
    say(event.target);
  });
  document.querySelectorAll("[data-say-now]").forEach(say); // where the browser wants a touch first, it says nothing
  for (const element of document.querySelectorAll("[data-say]")) {
    let timer = 0;
    let said = false;
    element.addEventListener("pointerdown", () => {
      said = false;
      timer = setTimeout(() => {
        said = true;
        speech.cancel();
        say(element);
      }, longPress);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      element.addEventListener(end, () => clearTimeout(timer));
    }
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    element.addEventListener("click", (event) => {
      if (said) event.preventDefault(); // one only listened
    });
  }
}

if (ear && speech) {
  listen();
  speech.addEventListener?.("voiceschanged", listen);
}
