// A letter is what somebody wrote in a form and what is not known to be sent. It is on their own
// device only, under their name there, and by the form that it is of. Its state:
//   draft    it is being written
//   going    it left with a page, and no answer has come yet
//   waiting  it leaves as soon as there is a network
//   refused  it left, and was not taken: it is to be looked at again
export const who = document.body.dataset.keeps;

const room = "preau-letter ";
const mine = room + who + " ";
const life = 14 * 24 * 3600_000;
const person = (name) => name.slice(room.length).split(/[. ]/)[0];

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function all(begins) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(begins));
  } catch {
    return []; // the browser lets nothing be kept
  }
}

export const find = (form) => read(mine + form);
export const letters = () => all(mine).map(read).filter(Boolean);
export const drop = (letter) => localStorage.removeItem(mine + letter.form);

let left = false;

export function keep(letter) {
  if (left) return; // what was typed at the last moment
  try {
    localStorage.setItem(mine + letter.form, JSON.stringify({ ...letter, at: Date.now() }));
  } catch {
    // there is no place: the form is as it would be without this
  }
}

// What is too old goes, and so does what somebody else was writing. What they sent waits for them.
export function tidy() {
  for (const name of all(room)) {
    const letter = read(name);
    const unsent = letter && (letter.state === "waiting" || letter.state === "going");
    if (!letter || letter.at < Date.now() - life || (person(name) !== person(mine) && !unsent)) localStorage.removeItem(name);
  }
}

const own = () => all(room).filter((name) => person(name) === person(mine));

// unsent tells of what its person sent, under any hat, and is not known to have arrived.
export const unsent = () => own().map(read).some((letter) => letter && letter.state !== "draft");

// forget is for whoever leaves: what waits for somebody else stays.
export function forget() {
  left = true;
  for (const name of own()) localStorage.removeItem(name);
}

// clear is for a device that others use.
export function clear() {
  for (const name of all("preau-")) localStorage.removeItem(name);
}
