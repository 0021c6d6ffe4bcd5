// On a telephone, where the portal is not installed, a page may offer to install it, until somebody
// says no.
const box = document.querySelector("[data-install]");
const refused = "preau-install";

if (box && matchMedia("(pointer: coarse)").matches && !matchMedia("(display-mode: standalone)").matches && !navigator.standalone) offer();

function offer() {
  if (localStorage.getItem(refused)) return;
  const install = box.querySelector("[data-install-do]");
  let asked = null;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // it is offered where one looks for it
    asked = event;
    install.hidden = box.hidden = false;
  });
  install.addEventListener("click", () => {
    box.hidden = true;
    asked.prompt();
  });
  box.querySelector("[data-install-no]").addEventListener("click", () => {
    box.hidden = true;
    localStorage.setItem(refused, "no");
  });
  if (/iPhone|iPad|iPod/.test(navigator.userAgent)) { // whose browsers only have their menu
    box.querySelector("[data-install-ios]").hidden = box.hidden = false;
  }
}
