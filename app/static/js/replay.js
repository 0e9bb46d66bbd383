// While the scrubber moves, the last rule of each chart of the page moves along; the tables come from the server.
export function start(place) {
  const ends = Date.parse(place.dataset.ends);
  const slider = place.querySelector("input[type=range]");
  slider.addEventListener("input", () => {
    const at = new Date(ends + Number(slider.value) * 1000).toISOString().slice(0, -1).replace("T", " ");
    for (const plot of document.querySelectorAll(".plot")) {
      const last = (plot.layout?.shapes?.length ?? 0) - 1;
      const note = (plot.layout?.annotations?.length ?? 0) - 1;
      if (last < 0) continue;
      const text = Number(slider.value) === 0 ? "" : "shown";
      globalThis.Plotly.relayout(plot, {
        [`shapes[${last}].x0`]: at, [`shapes[${last}].x1`]: at, [`annotations[${note}].x`]: at, [`annotations[${note}].text`]: text,
      });
    }
  });
}
