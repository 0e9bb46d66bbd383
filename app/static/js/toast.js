// Shows the text of a "toast" event that an answer of the server brought along.
const SHOWN_MS = 10000;

function arm(toast) {
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  close.textContent = "✕";
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  let timer;
  const wait = () => { timer = setTimeout(() => toast.remove(), SHOWN_MS); };
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, wait);
  wait();
}

export function start(region) {
  region.querySelectorAll(".toast").forEach(arm);
  document.body.addEventListener("toast", (event) => {
    const toast = document.createElement("p");
    toast.className = event.detail.tone ? `toast ${event.detail.tone}` : "toast";
    toast.append(Object.assign(document.createElement("span"), { textContent: event.detail.text }));
    arm(toast);
    region.replaceChildren(toast);
  });
}
