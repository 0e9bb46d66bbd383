// What a screen tells of itself every ten seconds, and what keeps its display awake.
export class Reporter {
  constructor(line, every_ms, facts) {
    Object.assign(this, { line, facts, frames: 0, paintedAt: performance.now(), toldAt: performance.now() });
    const paint = () => {
      this.frames += 1;
      this.paintedAt = performance.now();
      requestAnimationFrame(paint);
    };
    requestAnimationFrame(paint);
    setInterval(() => this.tell(), every_ms);
    this.tell();
    keepAwake();
  }

  tell() {
    if (!this.line.connected) return;
    const now = performance.now();
    const fps = Math.round(this.frames / Math.max(0.001, (now - this.toldAt) / 1000));
    this.frames = 0;
    this.toldAt = now;
    this.line.emit("report", {
      ...this.facts(),
      painted_ms: Math.round(now - this.paintedAt),
      fps,
      heap_bytes: performance.memory?.usedJSHeapSize ?? null,
      nodes: document.getElementsByTagName("*").length,
      width: Math.round(innerWidth * devicePixelRatio),
      height: Math.round(innerHeight * devicePixelRatio),
    });
  }
}

// Where the browser grants it; it is taken away whenever the page is hidden.
function keepAwake() {
  const ask = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); // a display that sleeps is reported as frozen
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
