// Signing by hand: strokes in a box of 600 by 200, drawn with finger, pen or mouse, sent as text. Whoever cannot draw types a name.

const WIDTH = 600, HEIGHT = 200, MOST_TEXT = 7900, MOST_STROKES = 200, STEP = 4;
const box = pad => pad.querySelector("svg");
const field = pad => pad.querySelector("[data-strokes]");
const named = pad => field(pad).form.elements[field(pad).name.replace("strokes", "name")];
const way = (pad, means) => pad.querySelector(`input[type=radio][value=${means}]`);
let stroke = null;

function begin() {
  for (const pad of document.querySelectorAll("[data-pad]:not([data-ready])")) {
    pad.dataset.ready = "";
    for (const hidden of pad.querySelectorAll("[hidden]:not(input)")) hidden.hidden = false;
    if (pad.dataset.pad === "fresh" && !history.state?.typed?.[field(pad).form.id]) way(pad, "drawn").checked = true;
    for (const points of field(pad).value.split(";").filter(Boolean)) line(pad).setAttribute("points", points);
    settle(pad);
  }
}

function line(pad) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  box(pad).append(drawn);
  return drawn;
}

// What is drawn counts only where drawing is how it is signed. A name that is the signature is typed; beside another it is offered.
function settle(pad) {
  const drawn = way(pad, "drawn").checked, typed = way(pad, "typed").checked, name = named(pad);
  if (!typed && !name.value) name.value = name.dataset.offered = pad.dataset.name;
  if (typed && name.value === name.dataset.offered) { name.value = ""; delete name.dataset.offered; }
  field(pad).disabled = !drawn;
  box(pad).parentElement.hidden = !drawn;
  box(pad).setAttribute("aria-label", pad.dataset[field(pad).value ? "filled" : "empty"]);
}

function at(pad, event) {
  const place = box(pad).getBoundingClientRect();
  const within = (value, most) => Math.round(Math.min(Math.max(value, 0), 1) * most);
  return [within((event.clientX - place.left) / place.width, WIDTH), within((event.clientY - place.top) / place.height, HEIGHT)];
}

function draw(event) {
  const [x, y] = at(stroke.pad, event), [oldX, oldY] = stroke.last;
  if (Math.hypot(x - oldX, y - oldY) < STEP || stroke.before.length + stroke.text.length > MOST_TEXT) return;
  stroke.text += ` ${x},${y}`;
  stroke.last = [x, y];
  stroke.line.setAttribute("points", stroke.text);
}

document.addEventListener("pointerdown", event => {
  const pad = event.target.closest("[data-pad] svg")?.closest("[data-pad]");
  if (!pad || stroke || event.button > 0) return;
  const before = field(pad).value;
  if (before.split(";").length >= MOST_STROKES || before.length > MOST_TEXT - 20) return;
  event.preventDefault();
  const last = at(pad, event);
  stroke = {pad, before, last, line: line(pad), text: last.join(","), id: event.pointerId};
  box(pad).setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", event => {
  if (stroke?.id !== event.pointerId) return;
  for (const one of event.getCoalescedEvents?.() ?? []) draw(one);
  draw(event);
});

for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, event => {
  if (stroke?.id !== event.pointerId) return;
  const {pad, before, text, line} = stroke;
  stroke = null;
  if (end === "pointercancel" || !text.includes(" ")) return line.remove();
  field(pad).value = before ? `${before};${text}` : text;
  settle(pad);
});

document.addEventListener("click", event => {
  const pad = event.target.closest("[data-clear]")?.closest("[data-pad]");
  if (!pad) return;
  box(pad).replaceChildren();
  field(pad).value = "";
  settle(pad);
});

document.addEventListener("change", event => {
  const pad = event.target.matches("input[type=radio]") && event.target.closest("[data-pad]");
  if (pad) settle(pad);
});

// A page that is shown in place of another (a form that came back) has pads of its own, and so may have one that is brought up to date.
new MutationObserver(begin).observe(document.documentElement, {childList: true, subtree: true});
begin();
