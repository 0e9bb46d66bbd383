// Draws the figure of a place once the page is painted, in the colours of the tokens, and again when they change.
import { load } from "./loader.js";

const OPTIONS = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false };
const TOKEN = /^var\((--[\w-]+)\)$/;

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

function resolver(scheme) {
  const probe = document.createElement("span");
  probe.hidden = true;
  if (scheme) probe.style.colorScheme = scheme;
  document.body.append(probe);
  const colour = (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    const token = typeof value === "string" && TOKEN.exec(value);
    return token ? colour(token[1]) : value;
  };
  return { resolve, end: () => probe.remove() };
}

function draw(place, figure, scheme) {
  const { resolve, end } = resolver(scheme);
  const { data, layout } = resolve(figure);
  end();
  layout.font.family = getComputedStyle(document.body).fontFamily;
  return globalThis.Plotly.react(place, data, layout, OPTIONS);
}

export async function start(place) {
  const source = document.getElementById(place.dataset.figure);
  const figure = JSON.parse(source.textContent);
  await painted();
  try {
    await load("plotly");
  } catch {
    const words = Object.assign(document.createElement("p"), { className: "words" });
    words.textContent = "The chart could not be loaded. The table below has the same numbers.";
    place.replaceChildren(words);
    return;
  }
  await draw(place, figure);
  const again = (_event, scheme) => { if (place.isConnected) draw(place, figure, scheme); };
  addEventListener("theme:changed", again);
  addEventListener("beforeprint", (event) => again(event, "light"));
  addEventListener("afterprint", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
}
