// A table of texts in little memory: each column as codes into its distinct texts.

import { rules } from "./rules.js";
import { isBlank } from "./text.js";

/** Growing numbers. */
class Codes {
  constructor() {
    this.held = new Int32Array(1024);
    this.length = 0;
  }

  push(code) {
    if (this.length === this.held.length) {
      const wider = new Int32Array(2 * this.length);
      wider.set(this.held);
      this.held = wider;
    }
    this.held[this.length++] = code;
  }
}

/** One column below the header: `texts[codes[i]]` stands in its i-th row. */
export class TextColumn {
  constructor() {
    this.gathered = new Codes();
    this.codeOf = new Map();
    this.texts = [];
  }

  add(text) {
    let code = this.codeOf.get(text);
    if (code === undefined) {
      code = this.texts.length;
      this.codeOf.set(text, code);
      this.texts.push(text);
    }
    this.gathered.push(code);
  }

  close() {
    this.codes = this.gathered.held.subarray(0, this.gathered.length);
    this.gathered = this.codeOf = null;
    return this;
  }

  text(index) {
    return this.texts[this.codes[index]];
  }

  /** A mask over the rows from one over the distinct texts. */
  mask(byText) {
    const chosen = Uint8Array.from(byText, Number);
    return Uint8Array.from(this.codes, (code) => chosen[code]);
  }

  get blank() {
    this.blankMask ??= this.mask(this.texts.map(isBlank));
    return this.blankMask;
  }
}

/** The rows below the header; the i-th is spreadsheet row `firstRow + i`. */
export class Grid {
  constructor(header, columns, firstRow, count) {
    Object.assign(this, { header, columns, firstRow, count });
    this.broken = [];
    this.wrongCount = new Map();
    this.leftOver = [];
    this.delimiter = null;
  }

  row(index) {
    return this.firstRow + index;
  }

  /** Rows in which nothing stands. */
  get blank() {
    const blank = new Uint8Array(this.count).fill(1);
    for (const column of this.columns) column.blank.forEach((is, index) => (blank[index] &= is));
    for (const index of [...this.wrongCount.keys(), ...this.broken]) blank[index] = 0;
    return blank;
  }

  /** The rows in one of whose cells whole other rows stand: two quotation marks left open have closed each other. */
  swallowing() {
    const found = new Set();
    const width = this.header.length;
    const least = width < rules.grid.WIDE_ENOUGH ? width - 1 : width - 2;
    for (const column of this.columns) {
      const long = column.texts.map((text) => this.isRows(text, least));
      if (!long.includes(true)) continue;
      column.mask(long).forEach((is, index) => is && found.add(index));
    }
    return found;
  }

  get headerSwallows() {
    const least = Math.min(this.header.length - 1, rules.grid.MANY_IN_A_NAME);
    return this.header.some((name) => this.isRows(name, least));
  }

  isRows(text, delimiters) {
    if (this.delimiter === null || !/[\r\n]/.test(text)) return false;
    return text.split(this.delimiter).length - 1 >= delimiters;
  }
}

/** Return the grid of the records below `header`; `records` yields {cells, broken}. */
export function buildGrid(header, records, firstRow) {
  const columns = header.map(() => new TextColumn());
  const named = header.findLastIndex((name) => !isBlank(name)) + 1;
  const grid = new Grid([...header], columns, firstRow, 0);
  for (const { cells, broken } of records) {
    const index = grid.count++;
    if (broken) {
      grid.broken.push(index);
      grid.leftOver.push(...cells);
    } else if (cells.length !== header.length) noteWidth(grid, cells, named, index);
    for (let at = 0; at < columns.length; at++) columns[at].add(broken ? "" : (cells[at] ?? ""));
  }
  columns.forEach((column) => column.close());
  return withoutEmptyColumns(grid);
}

function noteWidth(grid, cells, named, index) {
  const left = cells.slice(grid.header.length);
  const isTooLong = left.some((cell) => !isBlank(cell));
  grid.leftOver.push(...left);
  if (isTooLong || (cells.length < named && cells.some((cell) => !isBlank(cell)))) {
    grid.wrongCount.set(index, cells.length);
  }
}

function withoutEmptyColumns(grid) {
  let keep = grid.columns.length;
  while (keep && isBlank(grid.header[keep - 1]) && !grid.columns[keep - 1].blank.includes(0)) keep--;
  grid.columns.length = grid.header.length = keep;
  return grid;
}

/** Return the letters by which spreadsheets call the column at this position (from 0): A, B, ... Z, AA. */
export function columnLetters(position) {
  let letters = "";
  for (let number = position + 1; number > 0; number = Math.floor((number - 1) / 26)) {
    letters = String.fromCharCode(65 + ((number - 1) % 26)) + letters;
  }
  return letters;
}
