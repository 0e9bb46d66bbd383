// A button in flight is off until the answer is there, so that a second press cannot send twice.
const inFlight = new Set();

function occupy(button) {
  if (!button || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  inFlight.add(button);
}

function release(button) {
  if (!inFlight.delete(button)) return;
  button.removeAttribute("aria-busy");
  button.disabled = false;
}

const buttonOf = (event) => event.submitter ?? event.target.querySelector("button[type=submit], button:not([type])");

export const isBusy = () => [...inFlight].some((button) => button.isConnected);

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  const button = buttonOf(event);
  // After the form's data has been collected: a disabled button would not be part of it.
  setTimeout(() => { if (!event.defaultPrevented) occupy(button); });
});

const pressed = ({ elt, requestConfig }) => requestConfig.triggeringEvent?.submitter ?? (elt.matches("button") ? elt : null);
document.body.addEventListener("htmx:beforeRequest", (event) => occupy(pressed(event.detail)));
document.body.addEventListener("htmx:afterRequest", (event) => release(pressed(event.detail)));

// A page that comes back from the back-forward cache has nothing in flight.
addEventListener("pageshow", (event) => { if (event.persisted) [...inFlight].forEach(release); });
