// Passkeys: registers one, or signs in with one. The page works without: it then says what else there is.

const button = document.querySelector("[data-passkey]");
const none = document.querySelector("[data-passkey-none]");
const failed = document.querySelector("[data-passkey-failed]");

const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.isSecureContext;

// post sends a step of the ceremony and returns its answer.
async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? "" : JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }
  return response.status === 204 ? null : response.json();
}

const ceremonies = {
  async signin() {
    const { publicKey } = await post("/signin/passkey/begin");
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    const credential = await navigator.credentials.get({ publicKey: options });
    await post("/signin/passkey/finish", credential.toJSON());
  },
  async register() {
    const { publicKey } = await post("/account/passkey/begin");
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
    const credential = await navigator.credentials.create({ publicKey: options });
    await post("/account/passkey/finish", credential.toJSON());
  },
};

if (button && able) {
  button.hidden = false;
  none.hidden = true;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.setAttribute("aria-disabled", "true");
    try {
      await ceremonies[button.dataset.passkey]();
      location.assign(button.dataset.back);
    } catch (error) {
      console.info("passkey:", error.name);
      failed.hidden = false;
      button.removeAttribute("aria-disabled");
    }
  });
}
