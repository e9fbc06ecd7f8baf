// Takes a row of the board to another place in its day, dragged by its handle or by arrow keys,
// and opens the preview of that. Nothing moves on the page; without it the handles are links.
(() => {
  "use strict";
  const SLACK = 5, EDGE = 80, STEP = 12;
  const said = document.getElementById("page:placing");
  let held = null;

  // The rows of a day in their order, those that move together in one array.
  const blocksOf = (day) => {
    const blocks = new Map();
    for (const row of document.querySelectorAll(`tr[data-day="${CSS.escape(day)}"]`)) {
      blocks.set(row.dataset.block, [...(blocks.get(row.dataset.block) ?? []), row]);
    }
    return [...blocks.values()];
  };
  const take = (handle, byKeys) => {
    const row = handle.closest("tr");
    const blocks = blocksOf(row.dataset.day);
    const own = blocks.findIndex((block) => block.includes(row));
    const others = blocks.filter((block, index) => index !== own);
    held = { handle, byKeys, row, blocks, own, others, place: null, strays: false, y: 0 };
    blocks[own].forEach((each) => each.classList.add("held"));
    document.body.classList.toggle("dragging", !byKeys);
  };
  const unmark = () => {
    for (const row of document.querySelectorAll(".put-before, .put-after")) {
      row.classList.remove("put-before", "put-after");
    }
  };
  const letGo = () => {
    if (!held) return;
    unmark();
    document.querySelectorAll(".held").forEach((row) => row.classList.remove("held"));
    document.body.classList.remove("dragging");
    said.textContent = "";
    held = null;
  };
  const choose = (wanted, strays = false) => {
    const { others, own, row, byKeys } = held;
    const place = strays ? own : Math.max(0, Math.min(others.length, wanted));
    if (place === held.place && strays === held.strays) return;
    Object.assign(held, { place, strays });
    unmark();
    const next = others[place]?.[0];
    const marked = next ?? others.at(-1).at(-1);
    if (place !== own) marked.classList.add(next ? "put-before" : "put-after");
    if (byKeys) marked.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { outside, same, before, last } = said.dataset;
    const words = (strays ? outside : place === own ? same : next ? before : last)
      .replace("{other}", () => next.dataset.name).replace("{row}", () => row.dataset.name);
    said.textContent = byKeys ? `${words} ${said.dataset.keys}` : words;
  };
  const put = () => {
    const { handle, place, own, others } = held;
    letGo();
    if (place === own) return;
    const address = new URL(handle.href);
    address.searchParams.set("before", others[place]?.[0].dataset.before ?? "end");
    location.assign(address);
  };

  // By pointer: the place is after every block whose middle the pointer has passed.
  const follow = () => {
    const { blocks, others, y } = held;
    const top = (block) => block[0].getBoundingClientRect().top;
    const end = (block) => block.at(-1).getBoundingClientRect().bottom;
    const strays = y < top(blocks[0]) - EDGE || y > end(blocks.at(-1)) + EDGE;
    choose(others.filter((each) => (top(each) + end(each)) / 2 < y).length, strays);
  };
  const scroll = () => {
    if (!held || held.byKeys) return;
    const step = held.y < EDGE ? -STEP : held.y > innerHeight - EDGE ? STEP : 0;
    if (step) scrollBy({ top: step, behavior: "instant" });
    follow();
    requestAnimationFrame(scroll);
  };
  const drag = (handle) => {
    let pressed = null, wasDragged = false;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      letGo();
      wasDragged = false;
      pressed = event.clientY;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (pressed === null) return;
      if (!wasDragged && Math.abs(event.clientY - pressed) > SLACK) {
        wasDragged = true;
        take(handle, false);
        requestAnimationFrame(scroll);
      }
      if (held) { held.y = event.clientY; follow(); }
    });
    handle.addEventListener("pointerup", () => { pressed = null; if (held) put(); });
    handle.addEventListener("pointercancel", () => { pressed = null; letGo(); });
    handle.addEventListener("click", (event) => {
      if (wasDragged && event.detail) event.preventDefault(); // a key's click has no detail
    });
    handle.addEventListener("contextmenu", (event) => { if (pressed !== null) event.preventDefault(); });
  };

  const keys = (handle) => {
    const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
    handle.addEventListener("keydown", (event) => {
      if (event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        if (!held) take(handle, true);
        choose((held.place ?? held.own) + steps[event.key]);
      } else if (event.key === "Enter" && held?.byKeys) {
        event.preventDefault();
        put();
      }
    });
    handle.addEventListener("blur", () => { if (held?.byKeys) letGo(); });
  };
  addEventListener("keydown", (event) => { if (event.key === "Escape") letGo(); });

  for (const handle of document.querySelectorAll(".handle")) {
    handle.title = said.dataset.how;
    drag(handle);
    keys(handle);
  }
})();
