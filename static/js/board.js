// Drag and drop of sessions on the board, by pointer or arrow keys; opens the preview of the new
// order. Nothing on the page moves. Without this script the handles are links to the form.
(() => {
  "use strict";
  const SLACK = 5, EDGE = 80, STEP = 12;
  const status = document.getElementById("page:drag-status");
  let drag = null;

  // Blocks of a day in order: arrays of rows that move together.
  const blocksOf = (day) => {
    const blocks = new Map();
    for (const row of document.querySelectorAll(`tr[data-day="${CSS.escape(day)}"]`)) {
      blocks.set(row.dataset.block, [...(blocks.get(row.dataset.block) ?? []), row]);
    }
    return [...blocks.values()];
  };
  const start = (handle, byKeys) => {
    const row = handle.closest("tr");
    const blocks = blocksOf(row.dataset.day);
    const own = blocks.findIndex((block) => block.includes(row));
    const others = blocks.filter((block, index) => index !== own);
    drag = { handle, byKeys, row, blocks, own, others, index: null, isOutside: false, y: 0 };
    blocks[own].forEach((member) => member.classList.add("dragged"));
    document.body.classList.toggle("dragging", !byKeys);
  };
  const clearMarks = () => {
    for (const row of document.querySelectorAll(".drop-before, .drop-after")) {
      row.classList.remove("drop-before", "drop-after");
    }
  };
  const cancel = () => {
    if (!drag) return;
    clearMarks();
    document.querySelectorAll(".dragged").forEach((row) => row.classList.remove("dragged"));
    document.body.classList.remove("dragging");
    status.textContent = "";
    drag = null;
  };
  const choose = (wanted, isOutside = false) => {
    const { others, own, row, byKeys } = drag;
    const index = isOutside ? own : Math.max(0, Math.min(others.length, wanted));
    if (index === drag.index && isOutside === drag.isOutside) return;
    Object.assign(drag, { index, isOutside });
    clearMarks();
    const next = others[index]?.[0];
    const marked = next ?? others.at(-1).at(-1);
    if (index !== own) marked.classList.add(next ? "drop-before" : "drop-after");
    if (byKeys) marked.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { outside, same, before, last } = status.dataset;
    const text = (isOutside ? outside : index === own ? same : next ? before : last)
      .replace("{other}", () => next.dataset.name).replace("{session}", () => row.dataset.name);
    status.textContent = byKeys ? `${text} ${status.dataset.keys}` : text;
  };
  const drop = () => {
    const { handle, index, own, others } = drag;
    cancel();
    if (index === own) return;
    const address = new URL(handle.href);
    address.searchParams.set("before", others[index]?.[0].dataset.before ?? "end");
    location.assign(address);
  };

  // By pointer: the position is after every block whose middle the pointer has passed.
  const followPointer = () => {
    const { blocks, others, y } = drag;
    const top = (block) => block[0].getBoundingClientRect().top;
    const end = (block) => block.at(-1).getBoundingClientRect().bottom;
    const isOutside = y < top(blocks[0]) - EDGE || y > end(blocks.at(-1)) + EDGE;
    choose(others.filter((block) => (top(block) + end(block)) / 2 < y).length, isOutside);
  };
  const scroll = () => {
    if (!drag || drag.byKeys) return;
    const step = drag.y < EDGE ? -STEP : drag.y > innerHeight - EDGE ? STEP : 0;
    if (step) scrollBy({ top: step, behavior: "instant" });
    followPointer();
    requestAnimationFrame(scroll);
  };
  const addPointerDrag = (handle) => {
    let pressed = null, wasDragged = false;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      cancel();
      wasDragged = false;
      pressed = event.clientY;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (pressed === null) return;
      if (!wasDragged && Math.abs(event.clientY - pressed) > SLACK) {
        wasDragged = true;
        start(handle, false);
        requestAnimationFrame(scroll);
      }
      if (drag) { drag.y = event.clientY; followPointer(); }
    });
    handle.addEventListener("pointerup", () => { pressed = null; if (drag) drop(); });
    handle.addEventListener("pointercancel", () => { pressed = null; cancel(); });
    handle.addEventListener("click", (event) => {
      if (wasDragged && event.detail) event.preventDefault(); // a key's click has no detail
    });
    handle.addEventListener("contextmenu", (event) => { if (pressed !== null) event.preventDefault(); });
  };

  const addKeys = (handle) => {
    const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
    handle.addEventListener("keydown", (event) => {
      if (event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        if (!drag) start(handle, true);
        choose((drag.index ?? drag.own) + steps[event.key]);
      } else if (event.key === "Enter" && drag?.byKeys) {
        event.preventDefault();
        drop();
      }
    });
    handle.addEventListener("blur", () => { if (drag?.byKeys) cancel(); });
  };
  addEventListener("keydown", (event) => { if (event.key === "Escape") cancel(); });

  for (const handle of document.querySelectorAll(".handle")) {
    handle.title = status.dataset.how;
    addPointerDrag(handle);
    addKeys(handle);
  }
})();
