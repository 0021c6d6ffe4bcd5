// kept makes the little form that a text has of any HTML: what is pasted from a
// word processor, what is dropped. Every element is made anew, with no attribute
// but the address of a link, so that nothing of the rest gets into the page.
export function kept(html) {
  const fragment = document.createDocumentFragment();
  keep(new DOMParser().parseFromString(silent(html), "text/html").body, fragment);
  return fragment;
}

// silent gives other names to what the content security policy forbids, in a
// document that is only read too: the console would complain of each.
function silent(html) {
  return html.replace(/<[^>]*>/g, (tag) => tag.replace(/^<(\/?)(style|script)/i, "<$1template").replace(/\s(?=(style|on\w+)\s*=)/gi, " data-"));
}

const names = {
  B: "B", STRONG: "B", I: "I", EM: "I", U: "U", INS: "U", A: "A", BR: "BR",
  UL: "UL", OL: "OL", LI: "LI", BLOCKQUOTE: "BLOCKQUOTE",
  H1: "H3", H2: "H3", H3: "H3", H4: "H3", H5: "H3", H6: "H3",
};

const blocks = new Set(("P DIV PRE DL DT DD ADDRESS ARTICLE SECTION ASIDE HEADER FOOTER MAIN NAV FIGURE FIGCAPTION FORM FIELDSET CENTER " +
  "DETAILS SUMMARY TABLE CAPTION THEAD TBODY TFOOT TR UL OL LI BLOCKQUOTE H1 H2 H3 H4 H5 H6").split(" "));

const dropped = new Set("SCRIPT STYLE TITLE META LINK TEMPLATE NOSCRIPT IFRAME OBJECT EMBED TEXTAREA SELECT BUTTON AUDIO VIDEO CANVAS IMG svg math".split(" "));

function keep(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) into.append(node.data.replace(/[\t\n\r ]+/g, " "));
    if (node.nodeType === Node.ELEMENT_NODE && !dropped.has(node.nodeName)) keepElement(node, into);
  }
}

function keepElement(node, into) {
  const style = node.dataset?.style || "";
  const listed = /mso-list:\s*l\d+ level/.test(style) && wordList(node, into);
  if (listed) return keep(node, listed);
  if (/mso-list:\s*ignore/i.test(style)) return; // the bullet that Word draws
  let at = into;
  const put = (name) => {
    const made = document.createElement(name);
    if (name === "H3") made.setAttribute("aria-level", "2"); // after the title of the page
    at.append(made);
    at = made;
    return made;
  };
  const name = names[node.nodeName];
  const plain = /(?:^|[;\s])font-weight:\s*(normal|400)/.test(style); // as around all that Google Docs copies
  if (name === "A") {
    const href = node.getAttribute("href") || "";
    if (/^(https?:\/\/|mailto:|tel:)/i.test(href.trim())) put("A").setAttribute("href", href.trim());
  } else if (name) {
    if (!(name === "B" && plain)) put(name);
  } else if (blocks.has(node.nodeName) && !into.closest?.("p, li, h3") && ![...node.children].some(holdsBlock)) {
    put("P");
  }
  if (!name && !blocks.has(node.nodeName)) {
    if (/(?:^|[;\s])font-weight:\s*(bold|[6-9]00)/.test(style)) put("B");
    if (/(?:^|[;\s])font-style:\s*italic/.test(style)) put("I");
    if (/(?:^|[;\s])text-decoration[^;]*underline/.test(style)) put("U");
  }
  keep(node, at);
  if (/^T[DH]$/.test(node.nodeName)) at.append(" ");
}

function holdsBlock(node) {
  return blocks.has(node.nodeName) || [...node.children].some(holdsBlock);
}

// wordList gives the item that a paragraph of Word is, in the list before it or
// in a new one: Word copies no list, but paragraphs that begin with a bullet.
function wordList(paragraph, into) {
  const bullet = [...paragraph.querySelectorAll("[data-style]")].find((e) => /mso-list:\s*ignore/i.test(e.dataset.style));
  const name = bullet && /^\s*\(?[\da-z]{1,3}[.)]/i.test(bullet.textContent) ? "OL" : "UL";
  let last = into.lastChild;
  while (last?.nodeType === Node.TEXT_NODE && !last.data.trim()) last = last.previousSibling;
  if (last?.nodeName !== name) {
    last = document.createElement(name);
    into.append(last);
  }
  const item = document.createElement("LI");
  last.append(item);
  return item;
}
