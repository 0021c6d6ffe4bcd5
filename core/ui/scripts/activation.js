// A link of activation has the login and the code after its #, which no
// server and no log sees. They go to their fields and leave the address, and
// with it the history of a computer that is shared.
const code = document.querySelector('form[action="/activate"] [name="code"]');
const found = /^#([a-z.]+[0-9]*)\/([A-Z0-9-]+)$/.exec(location.hash);

if (code && found) {
  code.form.elements.login.value = found[1];
  code.value = found[2];
  history.replaceState(null, "", location.pathname);
  code.form.elements.password.focus();
}

// So has a link that shuts an account.
const token = document.querySelector('form[action="/contest"] [name="token"]');
const shut = /^#([A-Z0-9-]+)$/.exec(location.hash);

if (token && shut) {
  token.value = shut[1];
  history.replaceState(null, "", location.pathname);
}
