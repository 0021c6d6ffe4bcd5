// A form that gives a file leaves the page as it was before: the file is kept, and
// the page shown again with what has changed; where it answers a form that was
// refused, the page that this one was on. What is no file comes as it would
// without this.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("gives" in form.dataset) || event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  const name = answer?.ok && fileName(answer.headers.get("Content-Disposition"));
  if (!name) {
    form.submit();
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  const back = document.body.dataset.back;
  setTimeout(() => (back ? location.replace(back) : location.reload()), 500); // once the browser has begun to keep it
});

// fileName reads the name of an attachment (RFC 6266), as the portal writes it.
function fileName(disposition) {
  const named = /^attachment; filename(?:\*=utf-8''([^;]+)|="?([^";]+)"?)$/i.exec(disposition || "");
  return named && (named[1] ? decodeURIComponent(named[1]) : named[2]);
}
