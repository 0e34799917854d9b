// A passkey that did not work says so on the page: the person closed the window, or has none here.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector("[data-passkey-error]");
  if (place) place.hidden = false;
});

if (!globalThis.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = true;
}
