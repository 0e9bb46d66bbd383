// Hands a form's options to the browser's passkeys, and sends the form with what they answered.
const FRESH_MS = 8 * 60 * 1000;
const WORDS = {
  NotAllowedError: "That was cancelled, or took too long. Try again, or use your password.",
  InvalidStateError: "This device has a passkey for this site already.",
  SecurityError: "The browser refuses passkeys at this address.",
};
const USES = {
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
};

export function start(form) {
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  form.hidden = false;
  form.parentElement.querySelector("[data-without-passkeys]")?.remove();
  form.addEventListener("submit", (event) => {
    if (form.elements.answer.value !== "") return;
    event.preventDefault();
    // What a page asks for holds for ten minutes.
    if (performance.now() > FRESH_MS) location.reload();
    else answer(form, event.submitter);
  });
}

async function answer(form, button) {
  const said = form.querySelector("[data-said]");
  said.textContent = "Your browser asks for a passkey …";
  try {
    const credential = await USES[form.dataset.use](JSON.parse(form.dataset.options));
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    said.textContent = "";
    form.requestSubmit(button);
  } catch (error) {
    said.textContent = WORDS[error.name] ?? `That did not work: ${error.message}`;
  }
}
