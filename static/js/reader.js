// Offers the device's time zone, and keeps a chosen zone by rewriting links. Optional: pages work without it.
(() => {
  "use strict";
  const REMEMBERED = "tz";
  const offer = document.getElementById("page:offer");

  // Questions are collapsed on the screen and open in print.
  let collapsed = [];
  addEventListener("beforeprint", () => {
    collapsed = [...document.querySelectorAll("details:not([open])")];
    collapsed.forEach((element) => { element.open = true; });
  });
  addEventListener("afterprint", () => collapsed.forEach((element) => { element.open = false; }));

  if (!offer) return;
  const { zones, moments, requested, base } = offer.dataset;

  const recall = () => { try { return localStorage.getItem(REMEMBERED); } catch { return null; } };
  const remember = (zone) => {
    try {
      if (zone) localStorage.setItem(REMEMBERED, zone);
      else localStorage.removeItem(REMEMBERED);
    } catch { /* storage is blocked */ }
  };

  // UTC offset of a zone at a moment, in minutes.
  const offset = (zone, at) => {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(at);
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    return Math.round((wall - at.getTime()) / 60000);
  };
  const offsetName = (minutes) => {
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
    const times = moments.trim().split(/\s+/).filter(Boolean).map((moment) => new Date(moment));
    if (!times.length) times.push(new Date());
    const same = zones.trim().split(/\s+/).some(
      (shown) => times.every((at) => offset(shown, at) === offset(zone, at)));
    if (!same) show(offer.dataset.offer.replace("{offset}", offsetName(offset(zone, times[0]))), zone);
  };

  // A zone chosen before: add it to links; the page itself stays as its address says.
  const keepZone = (zone) => {
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

  const remembered = recall();
  if (!requested && remembered && arePlaces(remembered)) keepZone(remembered);
  else if (!requested) offerDevice();
})();
