// Takes over a new version, or what an admin changed: at a calm moment, when the server is well, and never in a loop.
const COUNTDOWN_MS = 10000;
const AGAIN_MS = 60000;
const LONGEST_MS = 900000;
const ANSWER_MS = 3000;
const NIGHT_HOUR = 4;
const KEPT = "reloaded";

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? { at: 0, times: 0 };
  } catch {
    return { at: 0, times: 0 };
  }
}

export class Version {
  constructor(place) {
    this.place = place;
    this.dueAt = null;
    this.isAsking = false;
    const night = new Date();
    night.setHours(NIGHT_HOUR, Math.floor(Math.random() * 60), 0, 0);
    if (night <= new Date()) night.setDate(night.getDate() + 1);
    this.nightAt = night.getTime(); // a fresh page each night, whatever a browser piles up
  }

  hear(pulse) {
    const { build, setting } = this.place.dataset;
    const isOther = (pulse.build && pulse.build !== build) || (pulse.setting && pulse.setting !== setting);
    if (!isOther) this.dueAt = null;
    else this.dueAt ??= performance.now() + COUNTDOWN_MS;
    if (!isOther && pulse.build) this.settle();
  }

  // Once a version has lasted, the next one may come at once again.
  settle() {
    const last = kept();
    if (last.times && Date.now() - last.at > LONGEST_MS) sessionStorage.removeItem(KEPT);
  }

  // ms until the page reloads; null while it need not, or must not yet: a server that flaps makes it wait longer.
  left(isCalm) {
    const { at, times } = kept();
    const rests = Date.now() - at < Math.min(LONGEST_MS, times && AGAIN_MS * 2 ** (times - 1));
    if (this.dueAt === null || !isCalm || rests) return null;
    return Math.max(0, this.dueAt - performance.now());
  }

  look(isCalm) {
    const isNight = isCalm && Date.now() > this.nightAt;
    if ((this.left(isCalm) === 0 || isNight) && !this.isAsking) this.reload();
  }

  async reload() {
    this.isAsking = true;
    try {
      const answer = await fetch("/readyz", { signal: AbortSignal.timeout(ANSWER_MS), cache: "no-store" });
      if (!answer.ok) throw new Error("not ready");
      sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), times: kept().times + 1 }));
      location.reload();
    } catch {
      this.dueAt = this.dueAt === null ? null : performance.now() + COUNTDOWN_MS;
      this.nightAt = Math.max(this.nightAt, Date.now() + COUNTDOWN_MS);
      this.isAsking = false;
    }
  }
}
