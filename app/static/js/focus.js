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
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  last = document.activeElement?.id || null;
  // An error never takes the place of what it is about: see errors/_error.html.
  if (detail.xhr.status < 400 || !detail.serverResponse.trimStart().startsWith("<div data-trouble")) return;
  detail.target = document.getElementById("trouble");
  detail.swapOverride = "innerHTML";
});

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.triggeringEvent?.isTrusted) document.getElementById("trouble").replaceChildren();
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const root = event.detail.elt;
  if (!root?.isConnected) return;
  attend(root);
  if (document.activeElement === document.body && last) document.getElementById(last)?.focus();
});

document.body.addEventListener("htmx:sendError", () => announce("The server did not answer. Nothing was changed."));
