/* Edit page of a session: typed times in the other zones, name fields only where needed, order by keyboard. */
"use strict";
{
  const field = (name) => document.querySelector(`[name="${name}"]`);
  const moment = (name) => {
    const on = field(`${name}_0`)?.value.trim();
    const at = field(`${name}_1`)?.value.trim();
    return on && at ? `${on}T${at}` : "";
  };

  /* One line below the times; the server converts them, since it knows the event's zone. */
  const line = document.createElement("output");
  line.className = "other-zones";
  line.htmlFor = "id_starts_at_0 id_starts_at_1 id_ends_at_0 id_ends_at_1";
  let requested = "";
  const update = async () => {
    const query = new URLSearchParams({
      workshop: field("workshop")?.value ?? "",
      starts: moment("starts_at"),
      ends: moment("ends_at"),
    }).toString();
    if (query === requested) return;
    requested = query;
    const response = await fetch(`${line.dataset.address}?${query}`);
    if (query !== requested) return; // something else was typed in the meantime
    line.innerHTML = response.ok ? await response.text() : "";
  };

  /* The name fields of a placeholder show only if no person is chosen. */
  const showNameFields = (row) => {
    const kind = row.querySelector('select[name$="-stands_for"]');
    if (!kind) return;
    const isPerson = kind.value === "person";
    row.querySelector(":scope .field-person")?.classList.toggle("row-unneeded", !isPerson);
    for (const nameField of row.querySelectorAll(":scope .field-name_en, :scope .field-name_lo")) {
      nameField.classList.toggle("row-unneeded", isPerson);
    }
  };
  /* A link that adds a new person in a popup and selects them here. */
  const addPersonLink = (row) => {
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
  const updatePeople = () => {
    for (const kind of document.querySelectorAll('select[name$="-stands_for"]')) {
      if (kind.name.includes("__prefix__")) continue;
      showNameFields(kind.closest(".form-group"));
      addPersonLink(kind.closest(".form-group"));
    }
  };

  /* Countries: a search box in added rows too; the order of choosing is kept. */
  const countries = (within) =>
    setTimeout(() => {
      const $ = window.django.jQuery;
      for (const select of within.querySelectorAll("select.row-countries:not([name*=__prefix__])")) {
        $(select).select2().off("select2:select.row").on("select2:select.row", (event) => {
          select.append(event.params.data.element);
          $(select).trigger("change");
        });
      }
    });

  /* Collapsible rows: unsaved ones are open, and the keyboard can open and close them. */
  const isCollapsible = (row) => row?.matches("[x-data]:not(.empty-form)");
  const open = (row) => setTimeout(() => (window.Alpine.$data(row).openRow = true));
  const addKeyboardToggle = (row) => {
    const heading = row.querySelector(":scope > .form-row > h3");
    if (!heading || heading.tabIndex === 0) return;
    heading.tabIndex = 0;
    heading.setAttribute("aria-expanded", "false");
    const updateExpanded = () =>
      setTimeout(() => heading.setAttribute("aria-expanded", window.Alpine.$data(row).openRow));
    heading.addEventListener("click", updateExpanded);
    heading.addEventListener("keydown", (event) => {
      if (event.target !== heading || !["Enter", " "].includes(event.key)) return;
      event.preventDefault();
      const data = window.Alpine.$data(row);
      data.openRow = !data.openRow;
      updateExpanded();
    });
  };
  const setUpRows = () => {
    for (const row of document.querySelectorAll(".form-group[x-data]:not(.empty-form)")) {
      addKeyboardToggle(row);
      if (!row.classList.contains("original")) open(row);
    }
  };

  /* Reorder rows by keyboard: arrow keys on the drag handle. */
  const moveRow = (grip, step) => {
    const row = grip.closest(".form-group");
    const list = row.parentElement;
    const rows = [...list.querySelectorAll(":scope > .form-group.original")];
    const other = rows[rows.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    [...list.querySelectorAll(":scope > .form-group.original")].forEach((row, index) => {
      const inputs = [...row.querySelectorAll(`input[name$="-${list.dataset.orderingField}"]`)];
      inputs[0].value = index; // inputs of nested rows come after its own
    });
    grip.focus();
  };
  const setUpGrips = () => {
    for (const grip of document.querySelectorAll(".form-group.original .cursor-move")) {
      const label = grip.closest("h3")?.textContent.replace("drag_indicator", "").trim() ?? "";
      grip.tabIndex = 0;
      grip.setAttribute("role", "button");
      grip.setAttribute("aria-label", `${label.split("\n")[0].trim()} ↑ ↓`);
      grip.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        moveRow(grip, step);
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const times = document.querySelector(".field-row:has(.field-starts_at)");
    const address = document.querySelector("[data-other-zones]");
    if (times && address && field("workshop")) {
      line.dataset.address = address.dataset.otherZones;
      times.after(line);
      /* The admin's date pickers fill the fields without an event, so they are polled. */
      setInterval(update, 400);
      update();
    }
    updatePeople();
    countries(document);
    setUpGrips();
  });
  document.addEventListener("alpine:initialized", setUpRows);
  document.addEventListener("change", updatePeople);
  document.addEventListener("formset:added", (event) => {
    updatePeople();
    countries(event.target);
    const row = event.target.closest(".form-group");
    if (isCollapsible(row)) {
      addKeyboardToggle(row);
      open(row);
    }
    setTimeout(() => row?.querySelector("select, textarea, input:not([type=hidden])")?.focus(), 50);
  });
}
