// A form behind which there may be a crowd asks for a turn before it goes. While it
// waits, the page says how many people pass before, and goes on by itself: what was
// typed stays where it is. Where nobody answers, the form goes as it is.
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

// Most of a long wait is waited at once, its end more and more closely.
const some = (wait) => (wait < 10_000 ? wait : Math.max(10_000, wait / 3)) + 500 * Math.random();

for (const form of document.querySelectorAll("form[data-queue]")) {
  const queue = form.querySelector(".queue");
  let waits = false;
  let passes = false;

  const take = async () => {
    const body = new URLSearchParams({ turn: form.elements.turn.value });
    const reply = await fetch(form.dataset.queue, { method: "POST", body });
    if (!reply.ok) throw new Error(reply.statusText);
    const mine = await reply.json();
    form.elements.turn.value = mine.turn;
    if (!mine.wait) return;
    queue.querySelector(".queue-place").textContent = mine.said;
    queue.hidden = false;
    queue.scrollIntoView({ block: "nearest" });
    await pause(some(mine.wait));
    await take();
  };

  form.addEventListener("submit", async (event) => {
    if (passes) return;
    event.preventDefault();
    event.stopPropagation(); // it is not on its way yet
    if (waits) return;
    waits = true;
    await take().catch(() => {});
    passes = true;
    form.requestSubmit ? form.requestSubmit() : form.submit();
  });

  // The page may come back as it was left, by the back button.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    waits = passes = false;
    queue.hidden = true;
  });
}
