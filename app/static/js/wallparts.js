// The parts of a board. Each decays by itself (css/wall/states.css); only what is set back here looks fresh.
import { clock } from "./digits.js";

const ANSWER_MS = 4000;
const PAUSE_MS = 1500;
const REVOKED = 410;
const RENEW_MS = 250;
const renewedAt = new WeakMap();

// Sets the decay of a part back to its start, and with it the time it will name if nothing follows.
export function renew(part, at) {
  const now = performance.now();
  if (now - (renewedAt.get(part) ?? 0) < RENEW_MS) return;
  renewedAt.set(part, now);
  const decay = part.querySelector(":scope > .decay");
  for (const animation of decay.getAnimations({ subtree: true })) animation.currentTime = 0;
  const since = clock(at);
  if (decay.dataset.since !== since) decay.dataset.since = since;
}

export class Parts {
  // told.replaced(), told.revoked()
  constructor(place, told) {
    Object.assign(this, { told, wall: place.dataset.wall, askedAt: new Map(), asking: new Set() });
  }

  // What a part shows is fresh while the server would show the same. Prices are renewed by frames alone.
  hear(pulse) {
    for (const part of document.querySelectorAll("[data-part]")) {
      const digest = pulse.parts[part.dataset.part];
      if (digest && digest !== part.dataset.digest) this.replace(part.dataset.part);
      else if (digest && part.dataset.part !== "prices") renew(part, pulse.at);
    }
  }

  async replace(name) {
    const now = performance.now();
    if (this.asking.has(name) || now - (this.askedAt.get(name) ?? -Infinity) < PAUSE_MS) return;
    this.askedAt.set(name, now);
    this.asking.add(name);
    const fresh = await this.fetch(`parts/${name}`, `[data-part="${name}"]`);
    this.asking.delete(name);
    const old = document.querySelector(`[data-part="${name}"]`);
    if (fresh && old) {
      old.replaceWith(fresh);
      this.told.replaced();
    }
  }

  async board(name) {
    const fresh = await this.fetch(`boards/${name}`, "#board");
    if (!fresh) return false;
    document.getElementById("board").replaceWith(fresh);
    this.told.replaced();
    return true;
  }

  async fetch(path, css) {
    try {
      const answer = await fetch(`${this.wall}/${path}`, { signal: AbortSignal.timeout(ANSWER_MS), cache: "no-store" });
      if (answer.status === REVOKED) this.told.revoked();
      if (!answer.ok) return null;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(css);
      return found && document.adoptNode(found);
    } catch {
      return null; // nothing came: what stands there goes on decaying
    }
  }
}
