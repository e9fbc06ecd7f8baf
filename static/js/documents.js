// Creates the documents one by one with progress, then downloads the ZIP. Optional: the link works without it.
(() => {
  "use strict";
  const start = document.querySelector("[data-archive]");
  const line = document.querySelector("[data-progress]");
  const bar = line.querySelector("progress");
  const status = line.querySelector("[role=status]");

  start.addEventListener("click", async (event) => {
    event.preventDefault();
    const links = [...document.querySelectorAll("[data-document]")];
    const failed = [];
    line.hidden = false;
    bar.max = links.length;
    for (const [index, link] of links.entries()) {
      bar.value = index;
      status.textContent = line.dataset.progress
        .replace("{done}", index).replace("{all}", links.length);
      try {
        let response = await fetch(link.href);
        while (response.status === 503 && response.headers.has("Refresh")) {
          await new Promise((resolve) => { setTimeout(resolve, 1000 * response.headers.get("Retry-After")); });
          response = await fetch(link.href);
        }
        await response.arrayBuffer();
        if (!response.ok) failed.push(link.textContent);
      } catch { failed.push(link.textContent); }
    }
    bar.value = links.length;
    const done = line.dataset.progress
      .replace("{done}", links.length - failed.length).replace("{all}", links.length);
    status.textContent = failed.length
      ? `${done}. ${line.dataset.failed} ${failed.join(", ")}` : done;
    location.assign(start.href);
  });
})();
