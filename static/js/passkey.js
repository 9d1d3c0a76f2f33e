// Passkeys: the browser speaks with the device, a form carries the answer. Forms that need this module are hidden
// without it; every page has another way.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function create(options, alone) {
  const choice = { ...options.authenticatorSelection };
  choice.residentKey = alone ? "required" : "discouraged";
  choice.requireResidentKey = alone;
  if (alone) choice.userVerification = "required";
  return navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials), authenticatorSelection: choice } });
}

async function get(options) {
  return navigator.credentials.get({ publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) } });
}

// What the server reads: all buffers in base64url.
function readable(key) {
  const answer = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) answer[part] = text(key.response[part]);
  }
  if (key.response.getTransports) answer.transports = key.response.getTransports();
  return { id: key.id, rawId: text(key.rawId), type: key.type, response: answer,
    authenticatorAttachment: key.authenticatorAttachment, clientExtensionResults: key.getClientExtensionResults() };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options.publicKey;
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const options = await optionsOf(form);
      const key = form.dataset.passkey === "create"
        ? await create(options, form.elements.passwordless.checked) : await get(options);
      form.elements.credential.value = JSON.stringify(readable(key));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
