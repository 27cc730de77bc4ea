// SPDX-License-Identifier: Apache-2.0
// Tables that change in place: a row keeps its element, and so the reader's place and
// selection, for as long as its key is there. Everything is text, never markup.

export function set_text(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function set_class(element, name) {
  if (element.className !== name) element.className = name;
}

// What was there with these keys stays; `make` makes what is new, `update` fills both.
export function keyed(parent, items, key_of, make, update) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, place) => {
    const key = key_of(item);
    let child = before.get(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    before.delete(key);
    update(child, item);
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
  for (const child of before.values()) child.remove();
}

// rows: { key, look, cells: [text or { text, note, look, title, bar: { fill, line } }] }
export function fill(table, rows) {
  const columns = [...table.tHead.rows[0].cells].map((cell) => cell.className);
  keyed(table.tBodies[0], rows, (row) => row.key, () => new_row(columns), (element, row) => {
    set_class(element, row.look ?? "");
    row.cells.forEach((cell, place) => fill_cell(element.cells[place], columns[place], cell));
  });
}

function new_row(columns) {
  const row = document.createElement("tr");
  columns.forEach((_, place) => {
    const cell = document.createElement(place === 0 ? "th" : "td");
    if (place === 0) cell.scope = "row";
    row.append(cell);
  });
  return row;
}

function fill_cell(element, column, given) {
  const cell = typeof given === "object" ? given : { text: given };
  set_class(element, [column, cell.look].filter(Boolean).join(" "));
  if (cell.title !== undefined && element.title !== cell.title) element.title = cell.title;
  if (cell.bar) return fill_bar(element, cell);
  if (cell.note === undefined && element.childElementCount === 0) return set_text(element, cell.text);
  if (element.childElementCount === 0) element.replaceChildren(part("span", "what"), part("small", "note"));
  set_text(element.children[0], cell.text);
  set_text(element.children[1], cell.note ?? "");
}

function part(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

// A share: the fill is what is, the line what should be.
function fill_bar(element, cell) {
  if (element.childElementCount === 0) {
    const bar = part("span", "share");
    bar.setAttribute("aria-hidden", "true");
    bar.append(part("span", "fill"), part("span", "line"));
    element.replaceChildren(bar, part("span", "what"));
  }
  const [bar, what] = element.children;
  bar.style.setProperty("--fill", cell.bar.fill ?? 0);
  bar.style.setProperty("--line", cell.bar.line);
  set_text(what, cell.text);
}
