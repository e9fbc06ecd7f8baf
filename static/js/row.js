/* The page of a session: what typed times are elsewhere, names only where they are needed. */
"use strict";
{
  const field = (name) => document.querySelector(`[name="${name}"]`);
  const moment = (name) => {
    const on = field(`${name}_0`)?.value.trim();
    const at = field(`${name}_1`)?.value.trim();
    return on && at ? `${on}T${at}` : "";
  };

  /* One line below the times; the server reads them, since it knows the event's clock. */
  const line = document.createElement("output");
  line.className = "row-elsewhere";
  line.htmlFor = "id_starts_at_0 id_starts_at_1 id_ends_at_0 id_ends_at_1";
  let asked = "";
  const draw = async () => {
    const query = new URLSearchParams({
      workshop: field("workshop")?.value ?? "",
      starts: moment("starts_at"),
      ends: moment("ends_at"),
    }).toString();
    if (query === asked) return;
    asked = query;
    const answer = await fetch(`${line.dataset.address}?${query}`);
    if (query !== asked) return; // something else was typed meanwhile
    line.innerHTML = answer.ok ? await answer.text() : "";
  };

  /* Somebody's name is typed only where no person is chosen. */
  const tidy = (row) => {
    const kind = row.querySelector('select[name$="-stands_for"]');
    if (!kind) return;
    const isPerson = kind.value === "person";
    row.querySelector(":scope .field-person")?.classList.toggle("row-unneeded", !isPerson);
    for (const each of row.querySelectorAll(":scope .field-name_en, :scope .field-name_lo")) {
      each.classList.toggle("row-unneeded", isPerson);
    }
  };
  /* Somebody who is in no list yet is added in a window of their own, and chosen here. */
  const offerNew = (row) => {
    const address = document.querySelector("[data-new-person]")?.dataset.newPerson;
    const person = row.querySelector('select[name$="-person"]');
    if (!address || !person || row.querySelector(":scope .add-related")) return;
    const link = document.createElement("a");
    link.className = "related-widget-wrapper-link add-related row-new";
    link.id = `add_${person.id}`;
    link.href = address;
    link.dataset.popup = "yes";
    link.textContent = document.querySelector("[data-new-person]").dataset.newPersonText;
    row.querySelector(":scope .field-person").append(link);
  };
  const people = () => {
    for (const kind of document.querySelectorAll('select[name$="-stands_for"]')) {
      if (kind.name.includes("__prefix__")) continue;
      tidy(kind.closest(".form-group"));
      offerNew(kind.closest(".form-group"));
    }
  };

  /* Countries: offered in rows that are added too, and kept in the order they are chosen. */
  const countries = (within) =>
    setTimeout(() => {
      const $ = window.django.jQuery;
      for (const each of within.querySelectorAll("select.row-countries:not([name*=__prefix__])")) {
        $(each).select2().off("select2:select.row").on("select2:select.row", (event) => {
          each.append(event.params.data.element);
          $(each).trigger("change");
        });
      }
    });

  /* Folded rows: those not saved yet stand open, and the keyboard folds them too. */
  const isFolding = (row) => row?.matches("[x-data]:not(.empty-form)");
  const unfold = (row) => setTimeout(() => (window.Alpine.$data(row).openRow = true));
  const byKeyboard = (row) => {
    const heading = row.querySelector(":scope > .form-row > h3");
    if (!heading || heading.tabIndex === 0) return;
    heading.tabIndex = 0;
    heading.setAttribute("aria-expanded", "false");
    const said = () =>
      setTimeout(() => heading.setAttribute("aria-expanded", window.Alpine.$data(row).openRow));
    heading.addEventListener("click", said);
    heading.addEventListener("keydown", (event) => {
      if (event.target !== heading || !["Enter", " "].includes(event.key)) return;
      event.preventDefault();
      const data = window.Alpine.$data(row);
      data.openRow = !data.openRow;
      said();
    });
  };
  const fold = () => {
    for (const row of document.querySelectorAll(".form-group[x-data]:not(.empty-form)")) {
      byKeyboard(row);
      if (!row.classList.contains("original")) unfold(row);
    }
  };

  /* Rows are put in order by keyboard too: arrow keys on the grip that the mouse drags. */
  const shift = (grip, step) => {
    const row = grip.closest(".form-group");
    const list = row.parentElement;
    const rows = [...list.querySelectorAll(":scope > .form-group.original")];
    const other = rows[rows.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    [...list.querySelectorAll(":scope > .form-group.original")].forEach((each, place) => {
      const own = [...each.querySelectorAll(`input[name$="-${list.dataset.orderingField}"]`)];
      own[0].value = place; // those of rows within it come after its own
    });
    grip.focus();
  };
  const grips = () => {
    for (const grip of document.querySelectorAll(".form-group.original .cursor-move")) {
      const what = grip.closest("h3")?.textContent.replace("drag_indicator", "").trim() ?? "";
      grip.tabIndex = 0;
      grip.setAttribute("role", "button");
      grip.setAttribute("aria-label", `${what.split("\n")[0].trim()} ↑ ↓`);
      grip.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        shift(grip, step);
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const times = document.querySelector(".field-row:has(.field-starts_at)");
    const address = document.querySelector("[data-elsewhere]");
    if (times && address && field("workshop")) {
      line.dataset.address = address.dataset.elsewhere;
      times.after(line);
      /* The pickers of the admin write into the fields without telling anybody. */
      setInterval(draw, 400);
      draw();
    }
    people();
    countries(document);
    grips();
  });
  document.addEventListener("alpine:initialized", fold);
  document.addEventListener("change", people);
  document.addEventListener("formset:added", (event) => {
    people();
    countries(event.target);
    const row = event.target.closest(".form-group");
    if (isFolding(row)) {
      byKeyboard(row);
      unfold(row);
    }
    setTimeout(() => row?.querySelector("select, textarea, input:not([type=hidden])")?.focus(), 50);
  });
}
