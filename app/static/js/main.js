// Starts htmx from wherever it can be had, and the module of every element that names one in data-module.
import { load } from "./loader.js";
import "./busy.js";
import "./focus.js";

const started = new WeakSet();

function boot(root) {
  const places = [...root.querySelectorAll("[data-module]")];
  if (root.matches?.("[data-module]")) places.unshift(root);
  for (const place of places) {
    if (started.has(place) || !/^[a-z]+$/.test(place.dataset.module)) continue;
    started.add(place);
    import(`./${place.dataset.module}.js`).then((module) => module.start(place));
  }
}

boot(document.body);
document.body.addEventListener("htmx:load", (event) => boot(event.target));

// htmx sets itself up while the page loads or after it is complete, but not in between.
async function complete() {
  if (document.readyState === "complete") return;
  await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
}

// A screen on a wall fetches its parts itself: only pages that configure htmx get it.
if (document.querySelector("meta[name=htmx-config]")) complete().then(() => load("htmx")).catch((error) => console.warn(`${error.message} Forms and links work without it.`));
