// Draws the figure of a place once the page is painted, in the colours of the tokens, and again when they change.
import { load } from "./loader.js";

const OPTIONS = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false };
const FOLLOW_MS = 5000;
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

function tell(place, rows) {
  const body = place.closest("figure").querySelector("tbody");
  const line = body.rows[0].cloneNode(true);
  while (body.rows.length > rows.length) body.lastElementChild.remove();
  while (body.rows.length < rows.length) body.append(line.cloneNode(true));
  rows.forEach((texts, row) => texts.forEach((text, cell) => { body.rows[row].cells[cell].textContent = text; }));
}

// The same instance draws newer figures of the same place; the table beside it says the same.
function follow(place, take) {
  const timer = setInterval(async () => {
    if (!place.isConnected) return clearInterval(timer);
    if (document.hidden) return undefined;
    const answer = await fetch(place.dataset.source).catch(() => null);
    if (answer?.ok && !answer.redirected) take(await answer.json());
    return undefined;
  }, FOLLOW_MS);
}

export async function start(place) {
  const source = document.getElementById(place.dataset.figure);
  let figure = JSON.parse(source.textContent);
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
  if (place.dataset.source) {
    follow(place, (newer) => {
      figure = newer.figure;
      draw(place, figure);
      if (newer.rows.length) tell(place, newer.rows);
    });
  }
  const again = (_event, scheme) => { if (place.isConnected) draw(place, figure, scheme); };
  addEventListener("theme:changed", again);
  addEventListener("beforeprint", (event) => again(event, "light"));
  addEventListener("afterprint", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
}
