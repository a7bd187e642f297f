// What a file is, from its first bytes, and how its rows are got out of it: delimited text or a workbook's sheet.

import { checkedEncoding, latin1, recogniseEncoding, startsWith } from "./decoding.js";
import * as delimited from "./delimited.js";
import { buildGrid, columnLetters } from "./grid.js";
import { rules } from "./rules.js";
import { strip } from "./text.js";
import { openWorkbook, SheetMissing, WorkbookTooLarge, WorkbookUnreadable } from "./workbook.js";

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const LIKE_ASCII = /^(utf-8|utf-8-sig|windows-125\d|kz1048|koi8-r|cp866|mac-cyrillic|iso8859-\d+)$/;
const SPACE_BYTES = new Set([32, 9, 10, 13, 11, 12]);

export class TooManyRows extends Error {}

/** Where a file's rows come from. This one has none: what is no table, or empty. */
class Source {
  encoding = null;
  delimiter = null;
  sheet = null;

  *records() {}

  head(count) {
    const found = [];
    for (const { cells } of this.records()) {
      if (found.length === count) break;
      found.push(cells);
    }
    return found;
  }

  /** The rows below the header; without a header all rows, as wide as the widest. */
  grid(header, headerRow) {
    if (header.length) return buildGrid(header, this.below(headerRow), headerRow + 1);
    let width = 0;
    for (const { cells } of this.below(0)) width = Math.max(width, cells.length);
    return buildGrid(Array(width).fill(""), this.below(0), 1);
  }

  *elsewhere() {}

  *below(headerRow) {
    let count = -headerRow;
    for (const record of this.records()) {
      count++;
      if (count > rules.sources.MOST_ROWS) throw new TooManyRows();
      if (count > 0) yield record;
    }
  }
}

class DelimitedSource extends Source {
  constructor(content, encoding, delimiter) {
    super();
    Object.assign(this, { content, encoding, delimiter });
  }

  // A file without any delimiter is still read, as one column, to say what is missing in it.
  get separator() {
    return this.delimiter || ",";
  }

  records() {
    return delimited.records(this.content, this.encoding, this.separator, this.longest);
  }

  head(count) {
    return delimited.head(this.content, this.encoding, this.separator, count);
  }

  grid(header, headerRow) {
    let grid = super.grid(header, headerRow);
    if (grid.broken.length && header.length && this.isWithoutQuotes()) grid = this.plainGrid(header, headerRow) ?? grid;
    grid.delimiter = this.separator;
    return grid;
  }

  isWithoutQuotes() {
    return !this.content.includes(34) && LIKE_ASCII.test(this.encoding);
  }

  /** The rows where only the length of a cell broke one: in an even table without quotes a cell may be of any length. */
  plainGrid(header, headerRow) {
    this.longest = Infinity;
    for (const { cells } of this.below(headerRow)) {
      if (cells.length === header.length) continue;
      this.longest = undefined;
      return null;
    }
    return super.grid(header, headerRow);
  }
}

class WorkbookSource extends Source {
  constructor(workbook) {
    super();
    this.workbook = workbook;
    this.sheet = workbook.sheet;
    this.sheets = workbook.visible;
  }

  *records() {
    for (const cells of this.workbook.rows()) yield { cells, broken: false };
  }

  elsewhere() {
    return this.workbook.elsewhere();
  }
}

/** Return where the file's rows come from; a source without any, and a finding that says why, where it has none. */
export async function openSource(content, options, country, knownNames, findings) {
  if (content.every((byte) => SPACE_BYTES.has(byte))) {
    findings.add("empty_file");
    return new Source();
  }
  if (startsWith(content, ZIP)) return workbookSource(content, options, knownNames, findings);
  const looksLike = formatOf(content);
  if (looksLike) {
    findings.add("unreadable_file", { format: looksLike });
    return new Source();
  }
  if (content.length > rules.sources.MOST_CSV_BYTES) {
    findings.add("file_too_large", { limit: "200 MB" });
    return new Source();
  }
  const start = content.subarray(0, rules.sources.LONGEST_LINE);
  if (content.length > start.length && !start.includes(10) && !start.includes(13)) {
    findings.add("unreadable_file", { format: rules.findings.ENDLESS_LINE });
    return new Source();
  }
  return delimitedSource(content, options, country, knownNames, findings);
}

function formatOf(content) {
  const head = latin1(content.subarray(0, 2000));
  const bare = head.replace(/^\xef\xbb\xbf/, "").replace(/^[\xff\xfe]+|[\xff\xfe]+$/g, "").replaceAll("\0", "");
  if (rules.sources.MARKUP.match(bare)) return rules.findings.WEB_PAGE;
  const looksLike = rules.sources.FORMATS.find(([magic]) => head.startsWith(magic))?.[1] ?? null;
  const isLocked = looksLike === rules.findings.OLD_OFFICE && latin1(content).includes(rules.sources.ENCRYPTED);
  return isLocked ? rules.findings.LOCKED_WORKBOOK : looksLike;
}

function delimitedSource(content, options, country, knownNames, findings) {
  const decoding = options.encoding ? checkedEncoding(content, options.encoding) : recogniseEncoding(content, country);
  if (decoding.problem === "binary") {
    findings.add("unreadable_file", { format: rules.findings.BINARY });
    return new Source();
  }
  if (decoding.encoding === null) {
    findings.add("unknown_encoding");
    return new Source();
  }
  if (decoding.problem === "broken_encoding") {
    findings.add("broken_encoding", { row: decoding.brokenLine, encoding: decoding.encoding });
    return Object.assign(new Source(), { encoding: decoding.encoding });
  }
  const { encoding } = decoding;
  const delimiter = options.delimiter || delimited.recogniseDelimiter(content, encoding, knownNames);
  const source = new DelimitedSource(content, encoding, delimiter);
  const holds = source.head(rules.delimited.HEAD).some((cells) =>
    cells.some((cell) => strip(cell, rules.sources.NOTHING)),
  );
  if (holds) return source;
  findings.add("empty_file");
  return new Source();
}

async function workbookSource(content, options, knownNames, findings) {
  if (content.length > rules.sources.MOST_XLSX_BYTES) {
    findings.add("file_too_large", { limit: "50 MB" });
    return new Source();
  }
  let workbook = null;
  try {
    workbook = await openWorkbook(content, options.sheet ?? null, knownNames);
  } catch (error) {
    if (error instanceof SheetMissing) findings.add("unknown_sheet", { sheet: error.wanted, sheets: error.sheets });
    else if (error instanceof WorkbookUnreadable) findings.add("unreadable_file", { format: error.looksLike });
    else if (error instanceof WorkbookTooLarge) findings.add("file_too_large", { limit: "1.5 GB" });
    else throw error;
    return new Source();
  }
  const source = new WorkbookSource(workbook);
  if (!source.head(1).length) {
    findings.add("empty_file");
    return source;
  }
  reportHidden(workbook.notes, findings);
  const others = workbook.others();
  if (others.length) findings.add("other_sheets", { sheets: others, sheet: workbook.sheet });
  return source;
}

/** Say that parts of the sheet cannot be seen: what counts must not hide. */
function reportHidden({ hiddenRows, hiddenColumns }, findings) {
  const named = (places, name) => {
    const first = places.slice(0, rules.sources.HIDDEN_NAMED).map(name);
    return places.length > first.length ? [...first, "…"] : first;
  };
  if (hiddenRows.length) {
    const rows = named(hiddenRows, (row) => row + 1);
    findings.add("hidden_rows", { count: hiddenRows.length, rows });
  }
  if (hiddenColumns.length) {
    findings.add("hidden_columns", { count: hiddenColumns.length, columns: named(hiddenColumns, columnLetters) });
  }
}
