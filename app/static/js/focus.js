// After a page or a fragment arrives: the focus goes to what asks for it, and its words are read out.
export function announce(text) {
  const announcer = document.getElementById("announcer");
  if (!announcer) return;
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = text; }, 50);
}

function attend(root) {
  const wanted = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
  if (wanted) {
    if (!wanted.matches("a, button, input, select, textarea")) wanted.tabIndex = -1;
    wanted.focus();
  }
  for (const spoken of root.querySelectorAll("[data-announce]")) announce(spoken.dataset.announce);
}

attend(document.body);

let last = null;
document.body.addEventListener("htmx:beforeSwap", () => { last = document.activeElement?.id || null; });

document.body.addEventListener("htmx:afterSettle", (event) => {
  const root = event.detail.elt;
  if (!root?.isConnected) return;
  if (root.id === "trouble") root.scrollIntoView({ block: "nearest" });
  attend(root);
  if (document.activeElement === document.body && last) document.getElementById(last)?.focus();
});

document.body.addEventListener("htmx:sendError", () => announce("The server did not answer. Nothing was changed."));
