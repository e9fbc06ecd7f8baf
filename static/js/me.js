// Offers the time zone of the device as a choice. The page works without it.
(() => {
  "use strict";
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!device || !/^[A-Z]\w+\//.test(device) || device.startsWith("Etc/")) return;

  const form = document.querySelector(".choose-zone form[data-device]");
  const suggested = form?.querySelector("button");
  if (suggested && suggested.value !== device) {
    const deviceButton = suggested.cloneNode();
    deviceButton.value = device;
    deviceButton.textContent = form.dataset.device;
    deviceButton.className = "primary";
    suggested.before(deviceButton);
  }

  const select = document.getElementById("me:zone");
  if (select && [...select.options].some((option) => option.value === device)) select.value = device;
})();
