// A page that changed elsewhere fetches itself, but never over words somebody has typed: then it says so instead.
const FIELDS = "textarea, input:not([type=hidden])";

const hasWords = (place) =>
  place.hasAttribute("data-kept") || [...place.querySelectorAll(FIELDS)].some((field) => field.value !== field.defaultValue);

export function start(place) {
  place.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== place || !hasWords(place)) return;
    event.preventDefault();
    place.querySelector("[data-changed]").hidden = false;
  });
}
