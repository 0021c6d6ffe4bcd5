// A form says who will read what is written in it, as soon as one chooses.
const choice = ["to", "family", "person", "class", "school"]; // the fields in which one does

for (const readers of document.querySelectorAll("[data-readers]")) watch(readers, readers.closest("form"));

function watch(readers, form) {
  const said = readers.querySelector("[data-said]");
  let later = 0;
  let asking = new AbortController();

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const chosen = [...new FormData(form)].filter((field) => choice.includes(field[0]));
    const query = new URLSearchParams([["who", ""], ...chosen]);
    try {
      const answer = await fetch(`${readers.dataset.readers}?${query}`, { signal: asking.signal });
      said.textContent = answer.ok && !answer.redirected ? await answer.text() : "";
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = ""; // what it said holds no more
    }
  }

  // The form itself changes when what was typed in it before is given back.
  form.addEventListener("change", (event) => {
    if (event.target !== form && !choice.includes(event.target.name)) return;
    clearTimeout(later);
    later = setTimeout(ask, 250);
  });
}
