// What the values of a sheet do not tell: cells with an error, formulas never worked out, hidden rows and columns.

import { rules } from "./rules.js";
import { strip } from "./text.js";
import { attributes, content, XmlBroken } from "./xml.js";

const TRUE = ["1", "true"];
const MOST_HIDDEN = 1000; // a sheet hides "all columns to the right" with one range to the last of 16,384

/** Follows the elements of one sheet. A row or cell without an address comes after the one before it. */
export class SheetNotes {
  constructor() {
    this.texts = new Map();
    this.hiddenRows = [];
    this.hiddenColumns = [];
    this.row = -1;
    this.column = -1;
    this.seen = new Set();
    this.cell = null;
    this.within = "";
  }

  start(name, written) {
    if (name === "c") this.openCell(attributes(written));
    else if (name === "row") this.openRow(attributes(written));
    else if (name === "col") this.noteColumns(attributes(written));
    else if (this.cell && (name === "f" || name === "v")) {
      this.within = name;
      this.cell[name] ??= "";
    }
  }

  text(raw, isCharacterData) {
    if (this.within) this.cell[this.within] += content(raw, isCharacterData);
  }

  end(name) {
    if (name === "f" || name === "v") this.within = "";
    else if (name === "c" && this.cell) this.closeCell();
  }

  openRow({ r, hidden, ht }) {
    this.row = r === undefined ? this.row + 1 : Number(r) - 1;
    this.column = -1;
    this.seen.clear();
    if (TRUE.includes(hidden) || ht === "0") this.hiddenRows.push(this.row);
  }

  noteColumns({ hidden, width, min = "1", max = "0" }) {
    if (!TRUE.includes(hidden) && width !== "0") return;
    for (let at = Number(min) - 1; at < Math.min(Number(max), MOST_HIDDEN); at++) this.hiddenColumns.push(at);
  }

  openCell({ r, t = "" }) {
    this.column = r ? columnOf(r) : this.column + 1;
    // Two cells of one address say two things.
    if (this.seen.has(this.column)) throw new XmlBroken();
    this.seen.add(this.column);
    this.cell = { type: t, f: undefined, v: undefined };
  }

  closeCell() {
    const { type, f, v } = this.cell;
    this.cell = null;
    const said = strip(v ?? "");
    if (type === "e") this.put(said || rules.parsed_sheet.ERROR_WITHOUT_NAME);
    else if (!said && f !== undefined && type !== "str") this.put(`=${f}`);
  }

  put(text) {
    if (!this.texts.has(this.row)) this.texts.set(this.row, new Map());
    this.texts.get(this.row).set(this.column, text);
  }
}

function columnOf(address) {
  let column = 0;
  for (const letter of address.replace(/[0-9]+$/, "")) column = column * 26 + letter.toUpperCase().charCodeAt(0) - 64;
  if (!(column > 0 && column <= rules.parsed_sheet.LAST_COLUMN)) throw new XmlBroken();
  return column - 1;
}
