// The cells of one sheet, out of its XML, as texts: what would stand in a CSV file with decimal points.

import { dateText, OTHER } from "./number_formats.js";
import { rules } from "./rules.js";
import { fractionText } from "./text.js";
import { attributes, content as plainContent, XmlBroken } from "./xml.js";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NO_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i;
const ADDRESS = /^([A-Za-z]+)([0-9]+)$/;

// How a workbook writes signs that XML has none for.
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** Takes the events of a sheet's XML. `book`: {strings, formats, counts1904}. `seen` is told (row, column, text). */
export class SheetReader {
  constructor(book, seen) {
    this.book = book;
    this.seen = seen;
    this.row = 0;
    this.column = 0;
    this.inData = false;
    this.hasRoot = false;
    this.ended = false;
    this.cell = null;
    this.part = null;
  }

  start(name, written) {
    if (this.ended) return;
    if (!this.inData) {
      this.inData = name === "sheetData";
      this.hasRoot = true;
    } else if (this.part) this.part.start(name);
    else if (this.cell) this.openPart(name);
    else if (name === "row") this.openRow(attributes(written));
    else if (name === "c") this.openCell(attributes(written));
  }

  text(raw, isCharacterData) {
    this.part?.text(raw, isCharacterData);
  }

  /** Whether this was a sheet at all. */
  get isSheet() {
    return this.hasRoot;
  }

  end(name) {
    if (this.ended) return;
    if (this.part) {
      if (!this.part.end(name)) return;
      this.cell.value = this.part.value();
      this.part = null;
    } else if (this.cell && name === "c") this.closeCell();
    else if (name === "row") {
      this.row++;
      this.column = 0;
    } else if (name === "sheetData") this.ended = true;
  }

  openRow({ r }) {
    if (r === undefined) return;
    if (!/^[0-9]+$/.test(r) || Number(r) < 1) throw new XmlBroken();
    this.row = Number(r) - 1;
  }

  openCell({ r, s, t }) {
    this.cell = { row: this.row, column: this.column, style: s, type: t, value: null };
    if (r === undefined) return;
    const address = ADDRESS.exec(r);
    if (!address) throw new XmlBroken();
    let column = 0;
    for (const letter of address[1].toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
    Object.assign(this.cell, { row: Number(address[2]) - 1, column: column - 1 });
    this.column = column - 1;
  }

  openPart(name) {
    const { type } = this.cell;
    if (name === "is") this.part = new RichText("is");
    else if (name === "f") this.part = new Value("f", () => null);
    else if (name !== "v") throw new XmlBroken();
    else if (type === "inlineStr" || type === "is") this.part = new Value("v", () => null);
    else this.part = new Value("v", (text, raw) => this.valueOf(text, raw));
  }

  closeCell() {
    const { row, column, value } = this.cell;
    if (value !== null) this.seen(row, column, value);
    this.column++;
    this.cell = null;
  }

  /** A value as text; null for none. An error is there, but tells nothing: see sheet_xml. */
  valueOf(text, raw) {
    const { type, style } = this.cell;
    const { strings, formats, counts1904 } = this.book;
    if (type === "str") return untyped(text());
    if (raw === "") return null;
    if (type === "s") {
      const string = strings[/^[0-9]+$/.test(raw) ? Number(raw) : 0];
      if (string === undefined) throw new XmlBroken();
      return untyped(string);
    }
    if (type === "b") return raw === "0" ? "FALSE" : "TRUE";
    if (type === "e") return "";
    if (type === "d") return isoText(text());
    if (type !== undefined && type !== "n") throw new XmlBroken();
    if (!NUMBER.test(raw) && !NO_NUMBER.test(raw)) {
      if (type === "n") throw new XmlBroken();
      return untyped(raw);
    }
    const format = style === undefined ? OTHER : (formats[/^[0-9]+$/.test(style) ? Number(style) : 0] ?? OTHER);
    return cellText(numberOf(raw), format, counts1904);
  }
}

function content(raw, isCharacterData) {
  const text = plainContent(raw, isCharacterData);
  return text.replace(ESCAPED, (_whole, code) => String.fromCharCode(parseInt(code, 16)));
}

/** A text that is one: the mark of typed numbers stands behind numbers alone. */
function untyped(text) {
  return text.replaceAll(rules.quantities.TYPED, "");
}

function numberOf(raw) {
  if (!NO_NUMBER.test(raw)) return Number(raw);
  return /nan/i.test(raw) ? NaN : raw.startsWith("-") ? -Infinity : Infinity;
}

function cellText(value, format, counts1904) {
  const isWhole = (number) => Number.isInteger(number) && Math.abs(number) < 1e15;
  // Of more than 15 digits a spreadsheet shows none: 3.3000000000000003 is a sum that gave 3.3.
  const shown = Number(value.toPrecision(15));
  const typed = (isWhole(shown) ? String(shown + 0) : fractionText(shown)) + rules.quantities.TYPED;
  const text = isWhole(value) ? String(value + 0) : typed;
  return format === OTHER ? text : dateText(value, format, counts1904, text);
}

/** A moment that is written out, as the other dates are written. */
function isoText(text) {
  const [day, time] = text.split("T");
  if (!time) return day;
  const clock = time.replace(/Z$/, "");
  return /^00:00(?::00(?:\.0+)?)?$/.test(clock) ? day : `${day} ${clock}`;
}

/** The text of one element, of which only the first piece counts for what is not text. */
class Value {
  constructor(name, read) {
    this.name = name;
    this.read = read;
    this.pieces = [];
    this.depth = 0;
  }

  start(name) {
    if (name === this.name) this.depth++;
  }

  text(raw, isCharacterData) {
    this.pieces.push([raw, isCharacterData]);
  }

  end(name) {
    if (name !== this.name) return false;
    return this.depth-- === 0;
  }

  value() {
    const text = () => this.pieces.map(([raw, isCharacterData]) => content(raw, isCharacterData)).join("");
    return this.read(text, this.pieces.map(([raw]) => raw).join(""));
  }
}

/** A text with formats in it: its pieces joined, without the reading aids above some letters. */
export class RichText {
  constructor(name) {
    this.name = name;
    this.runs = false;
    this.aid = false;
    this.inText = false;
    this.found = [];
    this.closed = false;
  }

  start(name) {
    if (name === "r") this.runs = true;
    if (name === "rPh") this.aid = true;
    if (name === "t" && !this.aid && !this.closed) {
      this.inText = true;
      this.found.push("");
    }
  }

  text(raw, isCharacterData) {
    if (this.inText) this.found[this.found.length - 1] += content(raw, isCharacterData);
  }

  end(name) {
    if (name === "rPh") this.aid = false;
    if (name === "t" && this.inText) {
      this.inText = false;
      this.closed = !this.runs;
    }
    return name === this.name;
  }

  value() {
    return this.found.length || this.runs ? untyped(this.found.join("")) : null;
  }
}
