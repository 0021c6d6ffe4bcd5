// A passkey is asked for by the button of its form: the form's challenge is
// fetched, the browser makes or uses a passkey, and the form is sent with what
// it answered. Browsers without passkeys keep the form hidden.
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// What the server writes in base64url is bytes to the browser.
function options(json) {
  const all = json.publicKey;
  all.challenge = decode(all.challenge);
  if (all.user) all.user.id = decode(all.user.id);
  for (const list of [all.excludeCredentials, all.allowCredentials]) {
    for (const credential of list || []) credential.id = decode(credential.id);
  }
  return { publicKey: all };
}

function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const failed = form.querySelector("[role=alert]");
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation(); // it is not on its way yet
    failed.hidden = true;
    button.disabled = true;
    try {
      const reply = await fetch(form.dataset.challenge, { method: "POST" });
      if (!reply.ok) throw new Error(reply.statusText);
      const asked = options(await reply.json());
      const credential = form.dataset.passkey === "new"
        ? await navigator.credentials.create(asked)
        : await navigator.credentials.get(asked);
      form.elements.answer.value = answer(credential);
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
