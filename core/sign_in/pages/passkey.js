"use strict";
/* Answers a form by a passkey: the browser makes or shows one, the form's hidden field takes it, the form is sent. */

const CREDENTIALS = {
  create: async (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: async (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

const REFUSALS = {
  NotAllowedError: "No passkey was used: try again, or go back and choose another way.",
  InvalidStateError: "This device has a passkey of your account already.",
};

for (const form of document.querySelectorAll("form[data-ceremony]")) {
  const refusal = form.querySelector("[role=alert]");
  refusal.textContent = ""; // it said that scripts do not run
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refusal.textContent = "";
    try {
      const credential = await CREDENTIALS[form.dataset.ceremony](JSON.parse(form.dataset.options));
      form.elements.namedItem("credential").value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      refusal.textContent = REFUSALS[error.name] ?? "This browser can't use passkeys here: choose another way.";
    }
  });
}
