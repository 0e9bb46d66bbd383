// Says that this page is open, and shows who else has it open. Who is hidden or gone falls silent.
import { socket } from "./socket.js";

const AGAIN_MS = 5000;

function names(others) {
  const last = others.at(-1);
  return others.length > 1 ? `${others.slice(0, -1).join(", ")} and ${last}` : last;
}

export async function start(place) {
  const line = await socket();
  const show = (others) => {
    place.hidden = !others.length;
    if (others.length) place.textContent = `Also here: ${names(others)}`;
  };
  const say = () => {
    if (!line.connected || document.hidden) return;
    line.timeout(AGAIN_MS).emit(place.dataset.event ?? "here", { code: place.dataset.code }, (error, answer) => {
      if (!error) show(answer.others ?? []);
    });
  };
  line.on("connect", say);
  line.on("disconnect", () => show([]));
  setInterval(say, AGAIN_MS);
  say();
}
