// The QR code of a class's poster, or of a child's badge, has its code after the
// #, which no server and no log sees. It leaves the address, and with it the
// history, and is sent: when the page opens, or when the camera of a tablet opens
// it again where it is.
const code = document.querySelector('form[action="/class"] [name="code"]');

function scan() {
  const found = /^#([A-Z0-9-]+)$/.exec(location.hash);
  if (!code || !found) return;
  code.value = found[1];
  history.replaceState(null, "", location.pathname);
  code.form.submit();
}

scan();
addEventListener("hashchange", scan);
