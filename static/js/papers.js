// Makes each paper in turn, shows how far it is, then fetches the ZIP; without it the link does all.
(() => {
  "use strict";
  const start = document.querySelector("[data-archive]");
  const line = document.querySelector("[data-progress]");
  const bar = line.querySelector("progress");
  const status = line.querySelector("[role=status]");

  start.addEventListener("click", async (event) => {
    event.preventDefault();
    const papers = [...document.querySelectorAll("[data-paper]")];
    const failed = [];
    line.hidden = false;
    bar.max = papers.length;
    for (const [index, paper] of papers.entries()) {
      bar.value = index;
      status.textContent = line.dataset.progress
        .replace("{done}", index).replace("{all}", papers.length);
      try {
        let answer = await fetch(paper.href);
        while (answer.status === 503 && answer.headers.has("Refresh")) {
          await new Promise((go) => { setTimeout(go, 1000 * answer.headers.get("Retry-After")); });
          answer = await fetch(paper.href);
        }
        await answer.arrayBuffer();
        if (!answer.ok) failed.push(paper.textContent);
      } catch { failed.push(paper.textContent); }
    }
    bar.value = papers.length;
    const done = line.dataset.progress
      .replace("{done}", papers.length - failed.length).replace("{all}", papers.length);
    status.textContent = failed.length
      ? `${done}. ${line.dataset.failed} ${failed.join(", ")}` : done;
    location.assign(start.href);
  });
})();
