// The pages that somebody read are kept on their device, to be read without a network. A page says
// that it may be kept (core/web/keep.go), and until when; what it does not say is not kept.
//
// Copies are in a cache of their person with their hat, and are shown to nobody else: when another
// person signs in, they go. What they load (style, fonts, pictures of the portal) is nobody's.
const who = "Preau-Person";
const keep = "Preau-Keep";
const about = "Preau-Copy"; // of a copy: when it was read, until when it is kept, its version, when it was asked about

const mine = (name) => "preau copies " + name;
const shelf = "preau assets 2";
const note = "preau note"; // whose copies are shown, when the network was gone since
const away = "/offline";

const most = 60; // pages
const mostAssets = 100;
const every = 10 * 60_000; // a copy is asked about again after that
const atOnce = 5; // copies that a visit asks about

// Everything that changes the caches waits for what was changing them.
let last = Promise.resolve();
let gone = 0; // how many times somebody left
export function inTurn(f) {
  const before = gone;
  const g = () => before === gone && f();
  return (last = last.then(g, g));
}

export async function empty() {
  for (const name of await caches.keys()) await caches.delete(name);
}

// leave forgets everything, and keeps nothing of what waits for its turn.
export function leave() {
  gone++;
  return inTurn(empty);
}

async function noted(key) {
  const found = await (await caches.open(note)).match("/" + key);
  return found ? found.text() : "";
}

const jot = async (key, value) => (await caches.open(note)).put("/" + key, new Response(value));

const facts = (copy) => JSON.parse(copy.headers.get(about));

// settle forgets the copies of everybody but of this person, whatever their hat.
async function settle(name) {
  if ((await noted("who")) === name) return;
  await jot("who", name);
  const person = mine(name).split(".")[0] + ".";
  for (const cache of await caches.keys()) {
    if (cache.startsWith(mine("")) && !cache.startsWith(person)) await caches.delete(cache);
  }
}

// learn takes from the answer to somebody who looks at a page what is to be kept, or not any more.
export async function learn(url, answer, page) {
  const name = answer.headers.get(who);
  if (name) await settle(name);
  const current = await noted("who");
  if (!current || current === "none") return;
  const cache = await caches.open(mine(current));
  if (page && name) await put(cache, url, page);
  else if (!passing(answer)) await cache.delete(url);
  await check(cache, current, url);
}

// passing tells of an answer that says nothing of the page: the portal is busy, down, or calm.
const passing = (answer) => answer.status >= 500 || answer.status === 429 || answer.headers.has("Preau-Calm");

const said = (answer) => /v=([^;]+); max-age=(\d+)/.exec(answer.headers.get(keep) || "") || [];

async function put(cache, url, page) {
  const [, version, seconds] = said(page);
  const now = Date.now();
  const html = await page.text();
  await write(cache, url, html, page.headers, { read: now, until: now + seconds * 1000, version, asked: now });
  await hold(assetsOf(html));
  const copies = [];
  for (const request of await cache.keys()) copies.push([facts(await cache.match(request)).read, request]);
  copies.sort(([a], [b]) => b - a);
  for (const [, request] of copies.slice(most)) await cache.delete(request);
}

function write(cache, url, html, from, facts) {
  const headers = new Headers({ [about]: JSON.stringify(facts) });
  for (const name of ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"]) {
    if (from.has(name)) headers.set(name, from.get(name));
  }
  return cache.put(url, new Response(html, { headers }));
}

// assetsOf lists what the tags of a page load: nothing that somebody wrote in it is asked for.
const assetsOf = (html) => [...html.matchAll(/<(?:link|script|img|use)\b[^>]*?\s(?:href|src)="([^"#]*)/g)].map(([, path]) => path);

// isAsset tells of an address that is an asset's (core/ui/assets.go), and nothing else's once it is resolved.
const isAsset = (path) => /^\/_\/([\w-]+\/)?[\w-]+(\.[\w-]+)+$/.test(path) && new URL(path, self.location.origin).pathname === path;

// hold keeps what a page loads: their names change with their content.
async function hold(paths) {
  const cache = await caches.open(shelf);
  for (const path of new Set(paths.filter(isAsset))) {
    if (await cache.match(path)) continue;
    const answer = await fetch(path, { credentials: "omit" });
    if (!answer.ok) continue;
    const fonts = path.endsWith(".css") ? (await answer.clone().text()).match(/[\w-]+\.[0-9a-f]+\.woff2/g) : null;
    await cache.put(path, answer);
    if (fonts) await hold(fonts.map((font) => "/_/" + font));
  }
  for (const old of (await cache.keys()).slice(0, -mostAssets)) await cache.delete(old);
}

// sweep forgets the shelves of before.
export async function sweep() {
  for (const name of await caches.keys()) if (name.startsWith("preau assets") && name !== shelf) await caches.delete(name);
}

// check asks of copies whether they still hold, without reading them: who may not read a page any
// more, or what was changed or taken back in it, is told by its headers. The portal makes a page to
// know them: a visit asks about a few, and the first one after a cut about all that were there.
async function check(cache, current, seen) {
  const cut = await noted("cut");
  const now = Date.now();
  const since = Number(cut) || now - every;
  const due = [];
  for (const request of await cache.keys()) {
    const { until, asked } = facts(await cache.match(request));
    if (until < now) await cache.delete(request);
    else if (request.url !== seen && asked < since) due.push([asked, request.url]);
  }
  due.sort(([a], [b]) => a - b);
  for (const [, url] of cut ? due : due.slice(0, atOnce)) {
    if (!(await ask(cache, current, url))) return;
  }
  if (cut) await jot("cut", "");
}

// ask forgets a copy that does not hold any more, and tells whether there was an answer.
async function ask(cache, current, url) {
  const answer = await fetch(url, { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (!answer || passing(answer)) return false;
  if (answer.type === "opaqueredirect") { // the session is over
    await caches.delete(mine(current));
    return false;
  }
  const copy = await cache.match(url);
  const known = facts(copy);
  if (!answer.ok || answer.headers.get(who) !== current || said(answer)[1] !== known.version) await cache.delete(url);
  else await write(cache, url, await copy.text(), copy.headers, { ...known, asked: Date.now() });
  return true;
}

// copyOf is what there is to read without a network: the copy of a page, or the page that says that
// there is none, with those that there are.
export async function copyOf(url) {
  await jot("cut", String(Date.now()));
  const current = await noted("who");
  const cache = current && current !== "none" ? await caches.open(mine(current)) : null;
  const copy = cache && (await fresh(cache, url));
  if (copy) {
    const html = (await copy.text()).replace("data-offline hidden", "data-offline").replace("<body", "<body data-copy");
    return new Response(html, { headers: copy.headers });
  }
  const page = await caches.match(away);
  if (!page || !cache) return page || Response.error();
  const list = [];
  for (const request of await cache.keys()) {
    const one = await fresh(cache, request.url);
    const title = one && /<title>(.*?)<\/title>/s.exec(await one.text());
    if (title) list.push(`<li><a href="${new URL(request.url).pathname.replace(/[^\w./-]/g, encodeURIComponent)}">${title[1].replace(/ – [^–]*$/, "")}</a></li>`);
  }
  const html = await page.text();
  if (!list.length) return new Response(html, { headers: page.headers });
  return new Response(html.replace("data-kept hidden", "data-kept").replace("<ul></ul>", `<ul>${list.join("")}</ul>`), { headers: page.headers });
}

async function fresh(cache, url) {
  const copy = await cache.match(url);
  if (!copy || facts(copy).until > Date.now()) return copy;
  await cache.delete(url);
  return null;
}

// prepare keeps the page that is shown where there is no copy, as anybody gets it.
export async function prepare() {
  const page = await fetch(away, { credentials: "omit" });
  if (!page.ok) throw new Error(page.statusText);
  const html = await page.text();
  await hold(assetsOf(html));
  await write(await caches.open(note), away, html, page.headers, {});
}

export const asset = async (request) => (await caches.match(request, { cacheName: shelf, ignoreVary: true })) || fetch(request);
