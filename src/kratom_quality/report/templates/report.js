"use strict";
// Rows are sorted and hidden in place; a vendor's story waits as text, escaped when it was written, until it is opened.
(() => {
  const byId = (id) => document.getElementById(id);
  const list = byId("list"), pane = byId("vendor"), body = byId("ranking").tBodies[0];
  const heads = [...document.querySelectorAll("#ranking thead button")];
  const compareNames = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
  const title = document.title;
  const vendors = [...body.rows].map((row) => {
    const link = row.querySelector("th a");
    return { row, link, name: link.textContent, folded: link.textContent.toLowerCase(), grade: row.dataset.grade };
  });
  let lastOpened = null;

  const missing = (text) => text === "" || text === "-";

  function compare(key, direction) {
    if (key === "name") return (a, b) => direction * compareNames(a.name, b.name);
    const number = key !== "grade";
    return (a, b) => {
      const [one, other] = [a.row.dataset[key], b.row.dataset[key]];
      if (missing(one) || missing(other)) return missing(one) - missing(other); // the unrated stay last
      return direction * (number ? one - other : compareNames(one, other));
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
    for (const { row, folded, grade: own } of vendors) {
      const weight = Number(row.dataset.findings);
      const fits = folded.includes(part) && (!grade || own === grade) &&
        (!findings || (findings === "none" ? weight === 0 : weight >= 1000));
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
    list.hidden = Boolean(data);
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
