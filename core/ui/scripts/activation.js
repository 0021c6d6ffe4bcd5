// A link of activation has the login and the code after its #, which no
// server and no log sees. They go to their fields and leave the address, and
// with it the history of a computer that is shared; then the form goes on.
const form = document.querySelector('form#code[action="/activate"]');
const found = /^#([a-z.]+[0-9]*)\/([A-Z0-9-]+)$/.exec(location.hash);

if (form && found) {
  form.elements.login.value = found[1];
  form.elements.code.value = found[2];
  history.replaceState(null, "", location.pathname);
  form.requestSubmit ? form.requestSubmit() : form.submit();
}

// So has a link that shuts an account.
const token = document.querySelector('form[action="/contest"] [name="token"]');
const shut = /^#([A-Z0-9-]+)$/.exec(location.hash);

if (token && shut) {
  token.value = shut[1];
  history.replaceState(null, "", location.pathname);
}
