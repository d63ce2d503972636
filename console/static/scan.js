// Scanning with a keyboard wedge: it types a code and Enter, wherever the focus is. Each scan counts its line one up.

const BLANK = 500, FAST = 50, SHORTEST = 3;  // ms in which the same label is read twice by mistake, ms between a wedge's keys
const plain = code => code.toUpperCase().replace(/[^0-9A-Z]/g, "");
const tray = () => document.querySelector("[data-scan]:not([hidden])");
let last = {code: "", at: 0};
let burst = {text: "", at: 0, field: null, before: ""};

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

function count(text) {
  const code = plain(text), now = performance.now();
  if (!code) return;
  if (code === last.code && now - last.at < BLANK) { last.at = now; return say("twice", text, false); }
  last = {code, at: now};
  const rows = [...document.querySelectorAll("[data-codes]")].filter(row => row.dataset.codes.split(" ").some(one => one && plain(one) === code));
  const fields = rows.map(row => ({row, field: row.querySelector("input:not([type=hidden])"), most: Number(row.dataset.most)})).filter(one => one.field);
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

// What is typed faster than a hand can and ends with Enter is a scan, also where a quantity or a signature is typed.
document.addEventListener("keydown", event => {
  if (!tray() || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const scan = tray().querySelector("input"), field = event.target.closest("input:not([type=hidden]), textarea, select");
  if (event.key === "Enter") {
    const scanned = burst.text.length >= SHORTEST && performance.now() - burst.at < FAST * 2 && burst.field !== scan;
    if (scanned && burst.field) burst.field.value = burst.before;
    if (!scanned && field !== scan) return;
    event.preventDefault();
    const code = scanned ? burst.text : scan.value;
    burst = {text: "", at: 0, field: null, before: ""};
    scan.value = "";
    count(code.trim());
    scan.focus();
  } else if (event.key.length === 1) {
    const now = performance.now();
    if (now - burst.at > FAST || burst.field !== field) burst = {text: "", at: now, field, before: field?.value ?? ""};
    burst.text += event.key;
    burst.at = now;
    if (!field && event.key !== " ") { burst.field = scan; burst.before = scan.value; scan.focus(); }  // the key lands there
  }
}, {capture: true});

document.addEventListener("input", event => { const row = event.target.closest(".picks tbody tr"); if (row) mark(row); });
new MutationObserver(show).observe(document.documentElement, {childList: true});
show();
