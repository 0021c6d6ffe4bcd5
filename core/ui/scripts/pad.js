// The pad of pictures fills its slots by itself: only the last touch leaves the
// page, and a child sees at once what was touched.
const pad = document.querySelector("[data-pad]");

if (pad) {
  const slots = [...pad.querySelectorAll(".pad-slot")];
  const chosen = () => pad.querySelectorAll('input[name="picture"]').length;
  pad.addEventListener("submit", (event) => {
    const touched = event.submitter;
    if (!touched || chosen() >= slots.length - 1) return;
    event.preventDefault();
    event.stopPropagation(); // nothing is on its way
    const slot = slots[chosen()];
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "picture";
    kept.value = touched.value;
    slot.replaceChildren(touched.querySelector("img").cloneNode(), kept);
    slot.classList.add("pad-filled");
    touched.dispatchEvent(new CustomEvent("say", { bubbles: true }));
  });
}
