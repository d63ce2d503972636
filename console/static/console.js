// What the pages do better with a script. Everything works without it: forms are forms, links are links.

const SCRIPT = {"X-Console": "1"}, GO = "X-Console-Go", LEAVING = 3_000;
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// A form is sent in place: a broken line loses nothing, and a second click does nothing. One on another form meanwhile waits for its turn.
const queue = [];

async function send(form, pressed) {
  if (queue.some(other => other.form === form)) return;
  const button = pressed ?? one("button", form);
  button?.setAttribute("aria-busy", "true");
  queue.push({form, pressed, button});
  if (queue.length > 1) return;
  one(".lost").hidden = true;
  let where = "", last = form;
  try {
    for (const {form, pressed} of queue) {
      const typed = () => JSON.stringify(history.state?.typed?.[form.id]), before = typed();
      const answer = await post(form, new FormData(form, pressed));
      where = answer.headers.get(GO);
      last = form;
      if (where) { forgetTyping(form); continue; }
      show(await answer.text());
      recallTyping(typed() === before ? form.id : ""); // what was typed while it was away is newer than what it came back with
      break;
    }
  } catch {
    where = "";
    one(".lost").hidden = false;
    one(".lost").scrollIntoView({block: "nearest"});
  }
  if (!where) return rest();
  setTimeout(rest, LEAVING); // busy until the page is left
  if ("passes" in last.dataset) location.replace(where); else go(where); // nobody goes back to what only opened it
}

function rest() {
  for (const {button} of queue.splice(0)) button?.removeAttribute("aria-busy");
}

const post = (form, data) => form.enctype === "multipart/form-data" ? upload(form, data)
  : fetch(form.action, {method: "POST", headers: SCRIPT, body: new URLSearchParams(data), credentials: "same-origin", redirect: "error"});

// A form with a file says how far it has been sent, which fetch cannot.
const upload = (form, data) => new Promise((done, failed) => {
  const request = new XMLHttpRequest(), bar = one("progress", form);
  request.open("POST", form.action);
  request.setRequestHeader(...Object.entries(SCRIPT)[0]);
  request.upload.onprogress = at => { bar.hidden = false; bar.max = at.total; bar.value = at.loaded; };
  request.onload = () => done({headers: {get: name => request.getResponseHeader(name)}, text: () => request.responseText});
  request.onerror = request.onabort = () => { bar.hidden = true; failed(); };
  request.send(data);
});

// Back to the page one is on: what was typed into its other forms is still there.
function go(where) {
  const here = new URL(where, location).pathname === location.pathname;
  if (!here || !Object.keys(history.state?.typed ?? {}).length) return location.assign(where);
  history.pushState(history.state, "", where);
  location.reload();
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.title = page.title;
  document.body.replaceWith(page.body);
  begin();
}

// What is on the page when it was loaded or shown anew.
function begin() {
  const came = one(".summary[autofocus]") ?? one("main [autofocus]");
  if (came) { came.focus(); came.scrollIntoView({block: "center"}); }
  for (const opener of all("[data-palette]")) { opener.role = "button"; opener.ariaHasPopup = "dialog"; }
  for (const button of all("[data-print]")) button.hidden = false;
  if (location.search.includes("done=")) {
    const address = new URL(location);
    address.searchParams.delete("done");
    history.replaceState(history.state, "", address);
  }
}

// What was typed belongs to this entry of the history: it is there again when somebody comes back or loads the page anew.
// (Fields have no autocompletion, which would offer one customer's data for the next; so browsers do not restore them, either.)
const typedIn = form => [...form.elements].filter(field => field.name && !["hidden", "file"].includes(field.type));

// Only what somebody touched: what others wrote into the same form meanwhile is not overwritten with what it was.
function keepTyping(form, touched) {
  const fields = typedIn(form), typed = history.state?.typed?.[form.id], before = typed?.length === fields.length ? typed : [];
  const kept = fields.map((field, at) => {
    if (field !== touched && (field.type !== "radio" || field.name !== touched.name)) return before[at] ?? null;
    return ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
  });
  history.replaceState({...history.state, typed: {...history.state?.typed, [form.id]: kept}}, "");
}

function forgetTyping(form) {
  const {[form.id]: sent, ...typed} = history.state?.typed ?? {};
  history.replaceState({...history.state, typed}, "");
}

function recallTyping(butOf) {
  for (const [id, typed] of Object.entries(history.state?.typed ?? {})) {
    const form = document.getElementById(id), fields = form ? typedIn(form) : [];
    if (id === butOf || fields.length !== typed.length) continue;
    fields.forEach((field, at) => {
      if (typeof typed[at] === "boolean") field.checked = typed[at]; else field.value = typed[at] ?? field.value;
    });
    unfold(form);
    fields.forEach((field, at) => { if (typed[at] !== null) unfold(field); });
  }
}

const unfold = node => { for (let fold = node?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; };

// The palette: every screen and everything that can be done on this page, by a few letters.
function openPalette() {
  const dialog = one(".palette");
  if (!dialog || dialog.open) return;
  const list = one("ul", dialog), input = one("input", dialog);
  const option = (what, text) => Object.assign(document.createElement("li"), {role: "option", textContent: text.trim(), ...what});
  const forms = all("main form[data-sheet]").map((form, at) => { // as they stand on the page: what is usual comes first
    const item = option({id: `do-${at}`}, (form.closest("details.folded")?.querySelector("summary") ?? one("button", form)).textContent);
    item.dataset.form = form.id;
    return item;
  });
  const screens = all("nav.tabs a").map((link, at) => {
    const item = option({id: `go-${at}`}, link.textContent);
    item.dataset.go = link.href;
    item.append(Object.assign(document.createElement("span"), {className: "quiet", textContent: list.dataset.screen}));
    return item;
  });
  list.replaceChildren(...forms, ...screens);
  input.value = "";
  filter("");
  search("");
  dialog.showModal();
}

function filter(text) {
  const dialog = one(".palette"), words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of all("li:not(.hit)", dialog)) {
    item.hidden = !words.every(word => item.textContent.toLowerCase().includes(word));
    item.removeAttribute("aria-selected");
  }
  select(all("li:not([hidden])", dialog)[0]);
}

// What is called so is looked up after a moment's pause; the last answer wins, and an Enter that was quicker waits for it.
let pause = 0, wanted = "", eager = false;

function search(text) {
  clearTimeout(pause);
  wanted = text.trim().length < 2 ? "" : text;
  eager = false;
  if (!wanted || !one(".palette").dataset.search) return hits(new Document());
  pause = setTimeout(async () => {
    let page = new Document();
    try {
      const sent = {method: "POST", body: new URLSearchParams({q: text, palette: 1}), headers: SCRIPT, redirect: "error"};
      const answer = await fetch(one(".palette").dataset.search, sent);
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { /* screens and actions are found all the same */ }
    if (wanted === text) hits(page, one(".found").dataset.away);
  }, 150);
}

function hits(page, away = "") {
  const list = one(".palette ul");
  wanted = "";
  for (const old of all(".hit", list)) old.remove();
  list.append(...all(".hit", page));
  one(".palette .found").textContent = one(".found:not([data-away])", page)?.textContent ?? away;
  if (!one("[aria-selected]", list)) select(one("li:not([hidden], [aria-disabled])", list));
  if (eager) choose(one("[aria-selected]", list));
}

function select(item) {
  if (!item) return one(".palette input").removeAttribute("aria-activedescendant");
  for (const other of all(".palette li[aria-selected]")) other.removeAttribute("aria-selected");
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({block: "nearest"});
  one(".palette input").setAttribute("aria-activedescendant", item.id);
}

function choose(item) {
  if (!item || item.ariaDisabled) return;
  one(".palette").close();
  if (item.dataset.go) return location.assign(item.dataset.go);
  const form = document.getElementById(item.dataset.form);
  if (!form) return; // it has gone meanwhile
  unfold(form);
  all("input, select, textarea, button:not([type=button])", form).find(each => each.checkVisibility() && !each.disabled)?.focus();
}

function inPalette(event) {
  const items = all(".palette li:not([hidden])"), at = items.findIndex(item => item.ariaSelected === "true");
  const moves = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1};
  if (event.key in moves) { event.preventDefault(); select(items[(moves[event.key] + items.length) % items.length]); }
  if (event.key === "Enter") { event.preventDefault(); if (wanted && !items[at]?.matches(":not(.hit)")) eager = true; else choose(items[at]); }
  if (event.key === "Escape") { event.preventDefault(); one(".palette").close(); }
}

// J and K walk through a list, Enter opens.
function walk(event) {
  const rows = all("[data-rows] tbody tr, ul[data-rows] > li");
  if (!rows.length || !["j", "k"].includes(event.key)) return;
  const at = rows.findIndex(row => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
  rows[at]?.classList.remove("at");
  next.classList.add("at");
  one("a", next)?.focus();
}

document.addEventListener("submit", event => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("keydown", event => {
  if (event.isComposing || event.keyCode === 229 || !event.key) return; // its Enter chooses a Chinese word, and nothing else
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); return openPalette(); }
  if (event.target.closest(".palette")) return inPalette(event);
  if (event.key === "Escape") for (const menu of all(".menu[open]")) { menu.open = false; one("summary", menu).focus(); }
  if (!event.target.closest("input, select, textarea, [contenteditable]") && !event.ctrlKey && !event.altKey && !event.metaKey) walk(event);
});

document.addEventListener("input", event => {
  if (event.target.closest(".palette")) { filter(event.target.value); return search(event.target.value); }
  const form = event.target.closest("form[data-sheet]");
  if (form) keepTyping(form, event.target);
});

document.addEventListener("change", event => {
  const look = event.target.dataset.look, form = event.target.form;
  if (look) form.requestSubmit(one(`button[value="${look}"]`, form));
});

document.addEventListener("click", event => {
  if (event.target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey) { event.preventDefault(); return openPalette(); }
  if (event.target.closest("[data-print]")) return print();
  if (event.target.matches("[data-copy]")) { event.target.select(); navigator.clipboard?.writeText(event.target.value); }
  const item = event.target.closest(".palette li");
  if (item) return choose(item);
  if (event.target.matches(".palette")) event.target.close();
  for (const menu of all(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const linked = event.target.closest("[data-rows] tbody tr");
  if (linked && !event.target.closest("a, button, input") && !String(getSelection())) one("a", linked)?.click();
});

addEventListener("pagehide", rest);
begin();
recallTyping();
