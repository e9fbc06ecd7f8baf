// Offers the reader's own clock and keeps a choice by rewriting links. Everything works without it.
(() => {
  "use strict";
  const REMEMBERED = "tz";
  const offer = document.getElementById("page:offer");

  // Questions are folded on the screen and open on paper.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((each) => { each.open = false; }));

  if (!offer) return;
  const { zones, moments, asked, base } = offer.dataset;

  const recall = () => { try { return localStorage.getItem(REMEMBERED); } catch { return null; } };
  const remember = (zone) => {
    try {
      if (zone) localStorage.setItem(REMEMBERED, zone);
      else localStorage.removeItem(REMEMBERED);
    } catch { /* a browser that keeps nothing */ }
  };

  // Minutes by which a zone's clock is ahead of UTC at a moment.
  const offset = (zone, at) => {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(at);
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    return Math.round((wall - at.getTime()) / 60000);
  };
  const named = (minutes) => {
    if (!minutes) return "UTC";
    const size = Math.abs(minutes);
    const rest = size % 60 ? ":" + String(size % 60).padStart(2, "0") : "";
    return "UTC" + (minutes > 0 ? "+" : "−") + Math.floor(size / 60) + rest;
  };
  const isPlace = (zone) => zone === "UTC" || (/^[A-Z]\w+\//.test(zone) && !zone.startsWith("Etc/"));
  const arePlaces = (choice) => choice.split(",").every(isPlace);
  const cities = (choice) => choice.split(",").map(
    (zone) => zone.split("/").pop().replaceAll("_", " ")).join(", ");

  const show = (text, zone) => {
    const link = offer.querySelector("a");
    const address = new URL(location.href);
    address.searchParams.set("tz", zone);
    link.href = address.pathname + address.search;
    link.textContent = text;
    link.addEventListener("click", () => remember(zone));
    offer.hidden = false;
  };

  const offerDevice = () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || !isPlace(zone)) return;
    const times = moments.trim().split(/\s+/).filter(Boolean).map((each) => new Date(each));
    if (!times.length) times.push(new Date());
    const same = zones.trim().split(/\s+/).some(
      (shown) => times.every((at) => offset(shown, at) === offset(zone, at)));
    if (!same) show(offer.dataset.offer.replace("{clock}", named(offset(zone, times[0]))), zone);
  };

  // A choice made before: links lead on with it; the page itself stays as its address says.
  const carryOn = (zone) => {
    for (const link of document.querySelectorAll("a[href]:not([href^='#'])")) {
      const address = new URL(link.href);
      const own = address.origin === location.origin && address.pathname.startsWith(base);
      if (!own || address.searchParams.has("tz") || link.classList.contains("own-zones")) continue;
      address.searchParams.set("tz", zone);
      link.href = address.pathname + address.search + address.hash;
    }
    show(offer.dataset.again.replace("{zone}", cities(zone)), zone);
  };

  document.querySelector(".zone-switch").addEventListener("submit", (event) => {
    remember(new FormData(event.target).get("tz"));
  });
  document.querySelector(".own-zones")?.addEventListener("click", () => remember(""));

  const kept = recall();
  if (!asked && kept && arePlaces(kept)) carryOn(kept);
  else if (!asked) offerDevice();
})();
