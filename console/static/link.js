// The secret of a one-time link stands behind the # of its address, which no browser sends: it goes from here, in a form.

function open() {
  const form = document.getElementById("open");
  if (!form || location.hash.length < 2) return;
  form.elements.link.value = location.hash.slice(1);
  form.dataset.passes = "";
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}

addEventListener("hashchange", open);
open();
