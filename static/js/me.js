// Offers the clock of the device where somebody is asked for theirs. Everything works without it.
(() => {
  "use strict";
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!device || !/^[A-Z]\w+\//.test(device) || device.startsWith("Etc/")) return;

  const form = document.querySelector(".ask-clock form[data-device]");
  const known = form?.querySelector("button");
  if (known && known.value !== device) {
    const offered = known.cloneNode();
    offered.value = device;
    offered.textContent = form.dataset.device;
    offered.className = "primary";
    known.before(offered);
  }

  const select = document.getElementById("me:zone");
  if (select && [...select.options].some((each) => each.value === device)) select.value = device;
})();
