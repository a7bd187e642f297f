// What the values of a sheet do not tell: cells with an error, formulas never worked out, hidden rows and columns.

import { rules } from "./rules.js";
import { unescaped } from "./xml.js";

/** Gathers the notes of a sheet from its XML, which comes in pieces. Rows and columns count from 0 here. */
export class SheetNotes {
  constructor() {
    this.texts = new Map();
    this.hiddenRows = [];
    this.hiddenColumns = [];
    this.rest = "";
  }

  feed(piece) {
    const text = this.rest + piece;
    let end = 0;
    const ends = rules.sheet_xml.END_OF_ROW.everywhere;
    ends.lastIndex = Math.max(0, this.rest.length - 40);
    for (let found = ends.exec(text); found; found = ends.exec(text)) end = ends.lastIndex;
    if (end) this.note(text.slice(0, end));
    this.rest = text.slice(end);
  }

  close() {
    this.note(this.rest);
    this.rest = "";
    return this;
  }

  note(piece) {
    const { ERROR_CELL, VALUE, NO_VALUE, EMPTY_TEXT_OR_ERROR, FORMULA, HIDDEN_ROW } = rules.sheet_xml;
    if (piece.includes('t="e"') || piece.includes("t='e'")) {
      for (const cell of ERROR_CELL.findAll(piece)) this.put(cell[1], VALUE.search(cell[2])?.[1] ?? "#ERROR");
    }
    if (piece.includes("<f") || piece.includes(":f")) {
      for (const end of NO_VALUE.findAll(piece)) {
        const cell = piece.slice(opening(piece, end.index), end.index + end[0].length);
        const attributes = cell.slice(0, cell.indexOf(">"));
        if (EMPTY_TEXT_OR_ERROR.search(attributes)) continue;
        const formula = FORMULA.search(cell);
        this.put(attributes, `=${formula ? plain(formula[1]) : ""}`);
      }
    }
    if (piece.includes("hidden=")) {
      for (const row of HIDDEN_ROW.findAll(piece)) this.hiddenRows.push(Number(row[1]) - 1);
      this.noteColumns(piece);
    }
  }

  noteColumns(piece) {
    for (const [column] of rules.sheet_xml.HIDDEN_COLUMN.findAll(piece)) {
      const span = { min: 1, max: 0 };
      for (const [, name, number] of rules.sheet_xml.RANGE.findAll(column)) span[name] = Number(number);
      // A sheet hides "all columns to the right" with one range to the last of 16,384.
      for (let at = span.min - 1; at < Math.min(span.max, 1000); at++) this.hiddenColumns.push(at);
    }
  }

  put(attributes, text) {
    const place = rules.sheet_xml.PLACE.search(attributes);
    if (!place) return;
    let column = 0;
    for (const letter of place[1]) column = column * 26 + letter.charCodeAt(0) - 64;
    const row = Number(place[2]) - 1;
    if (!this.texts.has(row)) this.texts.set(row, new Map());
    this.texts.get(row).set(column - 1, text);
  }
}

function plain(formula) {
  try {
    return unescaped(formula);
  } catch {
    return formula;
  }
}

/** Where the last cell begins before `end`. Most are short; a formula is at most 8,192 signs long. */
function opening(piece, end) {
  for (const size of [400, 80000]) {
    const start = Math.max(0, end - size);
    const opened = [...rules.sheet_xml.CELL.findAll(piece.slice(start, end))];
    if (opened.length) return start + opened.at(-1).index;
  }
  return end;
}
