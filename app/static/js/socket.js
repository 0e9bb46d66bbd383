// The one socket of the tab, for everything that is live on it. It comes back by itself, each page at its own moment.
import { load } from "./loader.js";

const SOONEST_MS = 1000;
const LATEST_MS = 30000;
let made = null;

// A screen on the wall comes with wishes of its own, before anything else on its page asks.
export function socket(wishes = {}) {
  made ??= open(wishes);
  return made;
}

async function open(wishes) {
  await load("sockets");
  const line = globalThis.io({
    transports: ["websocket"], reconnectionDelay: SOONEST_MS, reconnectionDelayMax: LATEST_MS, randomizationFactor: 0.5,
    ...wishes,
  });
  line.on("connect", () => line.io.reconnectionDelay(SOONEST_MS));
  line.on("server.draining", (facts) => line.io.reconnectionDelay(facts?.retry_ms ?? SOONEST_MS));
  line.on("disconnect", (reason) => {
    if (wishes.reconnection !== false && reason === "io server disconnect") setTimeout(() => line.connect(), line.io.reconnectionDelay());
  });
  addEventListener("pagehide", () => line.close());
  addEventListener("pageshow", (event) => { if (event.persisted) line.connect(); });
  return line;
}
