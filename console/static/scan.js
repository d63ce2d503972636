// Scanning with a keyboard wedge: it types a code and Enter, wherever the focus is. Each scan counts its line one up.

const BLANK = 500;                            // so many ms after a scan, the same label is read by mistake
const FAST = 40, PAUSE = 1000, SHORTEST = 3;  // a wedge's ms for a key; no wedge pauses so long, and no code is shorter
const plain = code => code.toUpperCase().replace(/[^0-9A-Z]/g, "");
const tray = () => document.querySelector("[data-scan]:not([hidden])");
let last = {code: "", at: 0};
const nothing = {text: "", began: 0, at: 0, field: null, before: ""};
let burst = nothing;

function show() {
  const hidden = document.querySelector("[data-scan][hidden]");
  if (!hidden) return;
  hidden.hidden = false;
  if (!document.querySelector(".summary[autofocus]")) hidden.querySelector("input").focus();
  document.querySelectorAll(".picks tbody tr").forEach(mark);
}

function mark(row) {
  const field = row.querySelector("input:not([type=hidden])");
  if (field) row.classList.toggle("full", Number(field.value) === Number(row.dataset.most));
}

const rowsOf = code => [...document.querySelectorAll("[data-codes]")].filter(row => row.dataset.codes.split(" ").some(one => one && plain(one) === code));

function count(text) {
  const code = plain(text), now = performance.now();
  if (!code) return;
  if (code === last.code && now - last.at < BLANK) { last.at = now; return say("twice", text, false); }
  last = {code, at: now};
  const fields = rowsOf(code).map(row => ({row, field: row.querySelector("input:not([type=hidden])"), most: Number(row.dataset.most)})).filter(one => one.field);
  if (!fields.length) return say("unknown", text, true);
  const open = fields.find(one => Number(one.field.value || 0) < one.most);
  if (!open) return say("tooMany", text, true);
  open.field.value = String(Math.min(Number(open.field.value || 0) + 1, open.most));
  document.querySelectorAll(".picks .at").forEach(row => row.classList.remove("at"));
  open.row.classList.add("at");
  open.row.scrollIntoView({block: "nearest"});
  open.field.dispatchEvent(new Event("input", {bubbles: true}));
  say("", `${text} · ${open.field.value} / ${open.most}`, false);
}

function say(what, text, wrong) {
  const place = tray().querySelector("output");
  place.textContent = what ? `${tray().dataset[what]} ${text}` : text;
  place.className = wrong ? "error" : "";
}

// A code of the list, or what is typed faster than a hand can, that ends with Enter is a scan, also where a signature is typed.
function scanned(scan) {
  const {text, began, at, field} = burst;
  return field && field !== scan && text.length >= SHORTEST && ((at - began) / text.length < FAST || rowsOf(plain(text)).length > 0);
}

document.addEventListener("keydown", event => {
  if (!tray() || !event.key || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const scan = tray().querySelector("input"), field = event.target.closest("input:not([type=hidden]), textarea, select");
  if (event.key === "Enter") {
    const elsewhere = scanned(scan), code = elsewhere ? burst.text : scan.value;
    if (elsewhere) burst.field.value = burst.before;
    burst = nothing;
    if (!elsewhere && field !== scan) return;
    event.preventDefault();
    scan.value = "";
    count(code.trim());
    scan.focus();
  } else if (event.key.length === 1) {
    const into = field ?? scan, at = performance.now();
    if (at - burst.at > PAUSE || burst.field !== into) burst = {text: "", began: at, at, field: into, before: into.value};
    burst = {...burst, text: burst.text + event.key, at};
    if (!field && event.key !== " ") scan.focus();  // the key lands there
  }
}, {capture: true});

document.addEventListener("input", event => { const row = event.target.closest(".picks tbody tr"); if (row) mark(row); });
new MutationObserver(show).observe(document.documentElement, {childList: true});
show();
