// Live pages: a part with an id that says what it depends on (data-live) is brought up to date when the stream tells of a change.
// A key that ends with ~ stands for what another service hears first: for such a change the page is looked at once more.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const now = () => performance.now();

const LIVE = 60_000, POLLED = 20_000; // so often a page is looked at unasked: time itself makes things late
const GRACE = 3_000, SILENT = 40_000, OLD = 45_000, AGAIN = 2_500, AT_MOST = 1_500;
const PRESSED = 400, LONGEST = 5_000; // so long a finger or mouse is thought to be at work after it went, and while it is down

const parts = () => all("main [data-live]");
const polled = () => one(".asof")?.dataset.polled !== undefined; // there is no stream: it looks for itself
let source = null, live = false, lost = false, over = false, held = false;
let mark = "", heardAt = 0, retryAt = 0, wentAt = now(), seenAt = now(), lookedAt = now();
let due = 0, again = 0, looking = false;

// The stream: one per tab that is looked at.
function listen() {
  const stamp = one(".asof");
  if (source || over || document.hidden || now() < retryAt || !window.EventSource || !stamp?.dataset.events || !parts().length) return;
  source = new EventSource(`${stamp.dataset.events}?since=${mark || stamp.dataset.since}`);
  hear("live", time => {
    live = true;
    if (lost) { lost = false; look(); } else if (!due && !looking) { stamped(time); }
  });
  hear("change", told => changed(JSON.parse(told).flat()));
  hear("resync", look);
  hear("away", leave);
  hear("out", () => { over = true; hush(); });
  source.onerror = () => {
    leave();
    if (source?.readyState === EventSource.CLOSED) { hush(); retryAt = now() + 5_000 * (1 + Math.random()); }
  };
}

function hear(name, then) {
  source.addEventListener(name, event => {
    heardAt = now();
    mark = event.lastEventId || mark;
    then(event.data);
    say();
  });
}

function leave() {
  if (live || !lost) wentAt = now();
  live = false;
  lost = true;
}

function hush() {
  source?.close();
  source = null;
  leave();
}

function changed(keys) {
  const ours = parts().flatMap(part => part.dataset.live.split(" ")).filter(key => keys.includes(key.replace("~", "")));
  if (ours.length) soon();
  if (ours.some(key => key.endsWith("~"))) { clearTimeout(again); again = setTimeout(soon, AGAIN); }
}

// Those who look at the same look at nearly the same time: the gateway reads once for all who ask while it reads.
function soon() {
  due ||= setTimeout(look, Math.max(100 + 100 * Math.random(), lookedAt + AT_MOST - now()));
}

// The page as it is now, without the frame that nobody looks at: not kept, or whoever goes back would see it without its frame. While a form is being sent its answer will be newer.
async function look() {
  clearTimeout(due);
  due = 0;
  if (looking) return soon();
  looking = true;
  lookedAt = now();
  try {
    const answer = await fetch(location.href, {credentials: "same-origin", cache: "no-store", headers: {"X-Console-Look": "again"}});
    over ||= answer.redirected;
    if (polled() && (answer.redirected || [404, 409].includes(answer.status))) return location.reload(); // it says why there
    if (answer.ok && !answer.redirected) bring(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* nobody answers: the page stays as it is, and says since when */ }
  looking = false;
  say();
}

// Nothing moves under a finger: what is pressed is what was aimed at. (Where one touches, the click comes a moment after the finger has gone.)
let down = false, pressedAt = -PRESSED;
for (const name of ["pointerdown", "pointerup", "pointercancel"]) {
  document.addEventListener(name, () => { down = name === "pointerdown"; pressedAt = now(); }, true);
}
const pressing = () => now() - pressedAt < (down ? LONGEST : PRESSED);

function bring(page) {
  if (pressing() || one("main [aria-busy]")) return soon();
  const was = document.activeElement, id = was.closest("[id]")?.id;
  held = false;
  for (const part of parts()) {
    const found = page.getElementById(part.id);
    if (found) patch(part, found);
  }
  const there = id && document.getElementById(id);
  if (document.activeElement !== was) (was.isConnected ? was : there && one("a, button", there))?.focus({preventScroll: true});
  stamped(one(".asof time", page).textContent);
}

function stamped(time) {
  seenAt = now();
  one(".asof time").textContent = time;
}

// Patching by key: what has an id, or a heading, stays the same element; focus, folds and the place one has scrolled to stay with it.
const FIELDS = "input:not([type=hidden]), select, textarea";
const plain = form => form.outerHTML.replace(/name="nonce" value="[^"]*"| open=""| class="(full)?"/g, "");

function typedInto(field) {
  const pad = field.closest("[data-pad]");
  if (pad) return Boolean(one("[data-strokes]", pad).value); // its script chooses how one signs, until somebody does
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.value !== (one("option[selected]", field) ?? field.options[0])?.value;
  return field.value !== (field.dataset.offered ?? field.defaultValue); // a name beside a signature is offered by its script
}

function inUse(form) {
  return form.contains(document.activeElement) && document.activeElement.matches(FIELDS) || one(".summary", form) || all(FIELDS, form).some(typedInto);
}

// Whether what somebody is filling in has changed: by its version, else by what it says. One that was refused says what is wrong.
function overtaken(form, next) {
  const [seen, is] = [form, next].map(each => each.elements.version?.value);
  return seen ? seen !== is : !one(".summary", form) && plain(form) !== plain(next);
}

const keeps = node => node.nodeType === 1 && [node, ...all("form", node)].some(form => form.matches("form") && inUse(form));

const hash = pad => one("[name$=document_hash]", pad);

function patch(old, next) {
  if (old.nodeType !== 1) { if (old.data !== next.data) old.data = next.data; return; }
  if (old.isEqualNode(next) || old.matches("[data-print], [data-scan]")) return; // what a script has shown is the script's
  if (old.matches("[data-pad]")) { hash(old).value = hash(next).value; return; } // nothing was drawn: what is shown now is signed
  if (old.matches("form") && inUse(old)) { held ||= overtaken(old, next); return; }
  const walked = old.classList.contains("at");
  for (const {name, value} of next.attributes) if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const {name} of [...old.attributes]) if (!["open", "data-offered"].includes(name) && !next.hasAttribute(name)) old.removeAttribute(name);
  if (walked) old.classList.add("at");
  children(old, next);
}

const keyOf = node => node.nodeType === 1 && (node.id || node.getAttribute("aria-labelledby")) || "";

// Whoever has the focus stays where it is, and what stands before it makes way: moved, it would lose its open list or a Chinese word half typed.
// (Node.moveBefore would be for that; Chromium 156 dies of it.)
function move(parent, node, before) {
  if (!node.contains(document.activeElement)) return parent.insertBefore(node, before);
  const behind = node.nextSibling;
  while (before && before !== node) { const next = before.nextSibling; parent.insertBefore(before, behind); before = next; }
}

function children(old, next) {
  const wanted = new Set([...next.children].map(keyOf)), known = new Map();
  for (const child of [...old.children]) {
    if (!keyOf(child)) continue;
    if (wanted.has(keyOf(child))) known.set(keyOf(child), child); else drop(child);
  }
  let at = old.firstChild;
  for (const child of [...next.childNodes]) {
    const same = keyOf(child) ? known.get(keyOf(child)) : at && !keyOf(at) && at.nodeName === child.nodeName ? at : null;
    if (same?.nodeName !== child.nodeName) { old.insertBefore(document.importNode(child, true), at); continue; }
    if (same !== at) move(old, same, at);
    at = same.nextSibling;
    patch(same, child);
  }
  while (at) { const gone = at; at = at.nextSibling; drop(gone); }
}

function drop(node) {
  if (keeps(node)) held = true; else node.remove();
}

// What a reader must know: that the page is not live and how old it is, that a form was left as it is, that they are signed out.
function say() {
  const bar = one(".stale"), age = now() - seenAt;
  const away = !live && now() - wentAt > GRACE && (window.EventSource && !polled() || age > OLD);
  const why = !parts().length ? "" : over ? "out" : away ? "away" : held ? "typing" : "";
  bar.hidden = !why;
  if (!why) return;
  for (const sentence of all("[data-why]", bar)) sentence.hidden = sentence.dataset.why !== why;
  const [count, unit] = age < 60_000 ? [age / 1000, "second"] : [age / 60_000, "minute"];
  one("time", bar).textContent = one(".asof time").textContent;
  one("b", bar).textContent = new Intl.RelativeTimeFormat(document.documentElement.lang).format(-Math.round(count), unit);
}

setInterval(() => {
  if (document.hidden || over) return;
  if (source && live && now() - heardAt > SILENT) hush();
  listen();
  if (parts().length && now() - lookedAt >= (live ? LIVE : POLLED)) look();
  say();
}, 1_000);

function shown() {
  if (document.hidden) return hush();
  over = false;
  lost = false;
  wentAt = now();
  retryAt = 0;
  listen();
  if (parts().length) look();
}

document.addEventListener("visibilitychange", shown);
document.addEventListener("click", event => {
  if (!event.target.matches(".asof a, .stale [data-why=typing] a")) return;
  event.preventDefault();
  location.reload(); // a link to where one is would forget what was typed
});
addEventListener("pagehide", hush);
addEventListener("pageshow", event => { if (event.persisted) shown(); });
listen();
