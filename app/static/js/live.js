// One socket a tab. The server sends hints ("contest 311 changed"); the fragments that care fetch themselves by htmx.
import { load } from "./loader.js";

const WORDS = {
  connecting: ["○", "connecting", "idle"],
  live: ["●", "live", "ok"],
  lost: ["✕", "not live", "bad"],
};

function show(place, state, since) {
  const [glyph, words, tone] = WORDS[state];
  const mark = Object.assign(document.createElement("span"), { textContent: glyph, ariaHidden: "true" });
  place.replaceChildren(mark, since ? `${words} since ${since}` : words);
  place.className = `pill ${tone}`;
  place.hidden = false;
}

const clock = () => new Date().toISOString().slice(11, 19);

function dispatch({ name, key, ...rest }) {
  const tell = (event) => document.body.dispatchEvent(new CustomEvent(event, { detail: { key, ...rest }, bubbles: true }));
  tell(name);
  if (key !== undefined) tell(`${name}:${key}`);
}

export async function start(place) {
  const watched = place.dataset.watch.trim().split(/\s+/).filter(Boolean);
  if (!watched.length) return;
  show(place, "connecting");
  await load("sockets");
  const socket = globalThis.io({
    transports: ["websocket"], reconnectionDelay: 1000, reconnectionDelayMax: 30000, randomizationFactor: 0.5,
  });
  let lostAt = null;
  const lost = () => {
    lostAt ??= clock();
    show(place, "lost", lostAt);
  };
  socket.on("connect", () => {
    socket.emit("watch", watched);
    show(place, "live");
    if (lostAt !== null) watched.forEach((subject) => dispatch({ name: "missed", key: subject }));
    lostAt = null;
  });
  socket.on("hint", dispatch);
  socket.on("disconnect", lost);
  socket.on("connect_error", lost);
  addEventListener("pagehide", () => socket.close());
}
