import { announce } from "./focus.js";

export function start(button) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("copied");
    announce(`Copied ${button.dataset.copy}`);
    setTimeout(() => button.classList.remove("copied"), 1500);
  });
}
