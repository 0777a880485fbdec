"use strict";
// Rows are sorted and hidden in place; a vendor's story waits as text, escaped when it was written, until it is opened.
(() => {
  const byId = (id) => document.getElementById(id);
  const overview = [byId("changes"), byId("list")].filter(Boolean), pane = byId("vendor"), body = byId("ranking").tBodies[0];
  const heads = [...document.querySelectorAll("#ranking thead button")];
  const compareNames = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
  const title = document.title;
  const OF_HIGH = 1000; // what a finding of high severity counts in data-findings
  const vendors = [...body.rows].map((row) => {
    const { grade, ...numbers } = row.dataset, name = row.querySelector("th a").textContent;
    const keys = { name, grade: grade === "-" ? null : grade };
    for (const key in numbers) keys[key] = numbers[key] === "" ? null : Number(numbers[key]);
    return { row, keys, folded: name.toLowerCase(), grade };
  });
  let lastOpened = null;

  function compare(key, direction) {
    const order = key === "name" || key === "grade" ? compareNames : (one, other) => one - other;
    return ({ keys: a }, { keys: b }) => {
      if (a[key] === null || b[key] === null) return (a[key] === null) - (b[key] === null); // the unrated stay last
      return direction * order(a[key], b[key]);
    };
  }

  function sort(button) {
    const head = button.closest("th"), rising = head.ariaSort !== "ascending";
    for (const other of heads) other.closest("th").removeAttribute("aria-sort");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    vendors.sort(compare(button.dataset.key, rising ? 1 : -1));
    body.append(...vendors.map((vendor) => vendor.row));
  }

  function filter() {
    const part = byId("filter-name").value.trim().toLowerCase();
    const grade = byId("filter-grade").value, findings = byId("filter-findings").value;
    let shown = 0;
    for (const { row, keys, folded, grade: own } of vendors) {
      const fits = folded.includes(part) && (!grade || own === grade) &&
        (!findings || (findings === "none" ? keys.findings === 0 : keys.findings >= OF_HIGH));
      row.hidden = !fits;
      shown += fits;
    }
    byId("shown").textContent = `${shown} of ${vendors.length} vendors shown`;
    byId("nothing").hidden = shown > 0;
  }

  function show() {
    const number = /^#vendor-(\d+)$/.exec(location.hash)?.[1];
    const data = number && byId(`data-${number}`);
    if (data) {
      pane.innerHTML = JSON.parse(data.textContent);
      lastOpened = number;
      document.title = `${byId("vendor-title").firstChild.textContent} – ${title}`;
    }
    const returning = !data && !pane.hidden;
    pane.hidden = !data;
    for (const section of overview) section.hidden = Boolean(data);
    if (data) {
      window.scrollTo(0, 0);
      byId("vendor-title").focus({ preventScroll: true });
      return;
    }
    document.title = title;
    pane.replaceChildren();
    if (returning) body.querySelector(`a[href="#vendor-${lastOpened}"]`)?.focus();
    const target = location.hash === "#failures" && byId("failures");
    if (target) target.open = true;
  }

  for (const button of heads) button.addEventListener("click", () => sort(button));
  for (const field of ["filter-name", "filter-grade", "filter-findings"]) byId(field).addEventListener("input", filter);
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", show);
  document.addEventListener("DOMContentLoaded", () => { filter(); show(); });
})();
