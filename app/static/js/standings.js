// Standings of a running contest ask for themselves when prices have moved, at most as often as their place says.
import { subscribe } from "./feed.js";

const TROUBLE = new Set(["stale", "disconnected"]);

export function start(place) {
  const every = Number(place.dataset.every);
  let askedAt = performance.now();
  const ask = () => {
    if (!place.isConnected || document.hidden || performance.now() - askedAt < every) return;
    askedAt = performance.now();
    place.querySelector("#live-standings")?.dispatchEvent(new CustomEvent("priced"));
  };
  if (!place.dataset.room) {
    const timer = setInterval(() => (place.isConnected ? ask() : clearInterval(timer)), every);
    return;
  }
  subscribe(place.dataset.room, {
    snapshot: ask,
    rows: ask,
    state: (name) => { place.querySelector("[data-part=stale]").hidden = !TROUBLE.has(name); },
  });
}
