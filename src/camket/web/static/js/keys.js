// Security keys and passkeys: asks the browser for a key's answer and sends it with the form it belongs to.
// Forms say by data-camket-key what they want: "create" a key, "get" the answer of one, or "sign-in" with a passkey.
(function () {
  "use strict";

  var isAble = Boolean(window.PublicKeyCredential && navigator.credentials && window.isSecureContext);

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function described(credential) {
    var value = Object.assign({}, credential);
    value.id = bytes(credential.id);
    return value;
  }

  // The options come as JSON, with every run of bytes in base64url.
  function understood(options) {
    var key = Object.assign({}, options.publicKey);
    key.challenge = bytes(key.challenge);
    if (key.user) key.user = Object.assign({}, key.user, { id: bytes(key.user.id) });
    if (key.excludeCredentials) key.excludeCredentials = key.excludeCredentials.map(described);
    if (key.allowCredentials) key.allowCredentials = key.allowCredentials.map(described);
    return key;
  }

  function answered(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: response
    };
  }

  function options(form) {
    if (form.dataset.camketKey !== "sign-in") {
      return Promise.resolve(JSON.parse(document.getElementById(form.dataset.camketKeyOptions).textContent));
    }
    return fetch(form.action, { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) throw new Error("no options");
      return answer.json();
    }).then(function (data) { return data.request_options; });
  }

  function ask(form) {
    return options(form).then(function (given) {
      var key = understood(given);
      if (form.dataset.camketKey !== "create") return navigator.credentials.get({ publicKey: key });
      var box = form.querySelector("[name=passwordless]");
      var isPasskey = Boolean(box && box.checked);
      key.authenticatorSelection = Object.assign({}, key.authenticatorSelection, {
        residentKey: isPasskey ? "required" : "discouraged",
        requireResidentKey: isPasskey,
        userVerification: isPasskey ? "required" : "preferred"
      });
      return navigator.credentials.create({ publicKey: key });
    });
  }

  document.querySelectorAll("form[data-camket-key]").forEach(function (form) {
    var failed = form.querySelector("[data-camket-key-failed]");
    var missing = form.querySelector("[data-camket-key-missing]");
    var button = form.querySelector("[data-camket-key-button]");
    if (!isAble) return;
    form.hidden = false;
    if (button) button.hidden = false;
    if (missing) missing.hidden = true;
    form.addEventListener("submit", function (event) {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopPropagation();
      delete form.dataset.camketSent;
      failed.hidden = true;
      ask(form).then(function (credential) {
        form.elements.credential.value = JSON.stringify(answered(credential));
        form.submit();
      }).catch(function () {
        failed.hidden = false;
      });
    });
  });
})();
