// The time by the server's clock, and how long ago things were.
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

function ago(seconds) {
  for (const [size, unit] of UNITS) {
    const amount = Math.floor(Math.abs(seconds) / size);
    if (amount) return seconds > 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
  }
  return "now";
}

export function start(place) {
  const ahead = Date.parse(place.dateTime) - Date.now();
  const tick = () => {
    const now = new Date(Date.now() + ahead);
    place.dateTime = now.toISOString();
    place.textContent = now.toISOString().slice(11, 19);
    for (const words of document.querySelectorAll("time [data-ago]")) {
      const text = ago(Math.trunc((now - Date.parse(words.closest("time").dateTime)) / 1000));
      if (words.textContent !== text) words.textContent = text;
    }
  };
  tick();
  setInterval(tick, 1000);
}
