// Excel workbooks (.xlsx) into records of texts, as if the sheet had been saved as CSV without any loss.

import { builtInFormat, DateUnreadable, formatOfCode } from "./number_formats.js";
import { rules } from "./rules.js";
import { RichText, SheetReader } from "./sheet.js";
import { SheetNotes } from "./sheet_notes.js";
import { isBlank } from "./text.js";
import { attributes, unescaped, XmlBroken, XmlScanner } from "./xml.js";
import { unfolded, verify, zipEntries, ZipDamaged } from "./zip.js";

const MOST_CELLS = 60_000_000; // of one sheet, blank ones between too: a few cells may lie far apart

/** The file is no workbook that can be read; `looksLike` says what it looks like. */
export class WorkbookUnreadable extends Error {
  constructor(looksLike) {
    super(looksLike);
    this.looksLike = looksLike;
  }
}

export class SheetMissing extends Error {
  constructor(wanted, sheets) {
    super(wanted);
    Object.assign(this, { wanted, sheets });
  }
}

export class WorkbookTooLarge extends Error {}

/** Open a workbook; `knownNames` counts the column names in a row: a cover sheet has none. */
export async function openWorkbook(content, wanted, knownNames) {
  const archive = await archiveOf(content);
  try {
    return await new Workbook(archive).open(wanted, knownNames);
  } catch (error) {
    if ([XmlBroken, ZipDamaged, DateUnreadable, TypeError].some((kind) => error instanceof kind)) {
      throw new WorkbookUnreadable(rules.findings.DAMAGED_WORKBOOK);
    }
    throw error;
  }
}

async function archiveOf(content) {
  const damaged = () => {
    throw new WorkbookUnreadable(rules.findings.DAMAGED_ZIP);
  };
  let entries = null;
  try {
    entries = zipEntries(content);
  } catch {
    damaged();
  }
  const { CONTENT_TYPES, WORKBOOK, MOST_UNCOMPRESSED } = rules.workbook;
  if (!entries.has(CONTENT_TYPES) || !entries.has(WORKBOOK)) throw new WorkbookUnreadable(rules.findings.OTHER_ZIP);
  let size = 0;
  for (const entry of entries.values()) size += entry.size;
  if (size > MOST_UNCOMPRESSED) throw new WorkbookTooLarge();
  await verify(content, entries).catch(damaged);
  return { content, entries };
}

/** Hand the events of a part's XML to a handler. */
async function scan({ content, entries }, path, handler) {
  const entry = entries.get(path);
  if (!entry) throw new XmlBroken();
  const scanner = new XmlScanner(handler);
  const letters = new TextDecoder("utf-8", { fatal: true });
  const feed = (text) => {
    scanner.feed(text);
    if (handler.ended) scanner.done = true;
  };
  for await (const piece of unfolded(content, entry)) feed(letters.decode(piece, { stream: true }));
  feed(letters.decode());
  scanner.close();
  if (handler.isSheet === false) throw new XmlBroken();
}

/** What a glance at a sheet's cells tells: whether it holds something, how large it is, what stands first. */
class Look {
  constructor() {
    Object.assign(this, { holds: false, first: Infinity, rows: 0, width: 0, head: [] });
  }

  /** What stands first in the first row. */
  get mark() {
    return this.head[0]?.find((text) => text) ?? "";
  }

  see(row, column, text) {
    if (this.first === Infinity) this.first = row;
    this.rows = Math.max(this.rows, row + 1);
    this.width = Math.max(this.width, column + 1);
    if (text !== "") this.holds = true;
    if (row >= rules.workbook.HEAD) return;
    this.head[row] ??= [];
    this.head[row][column] = text;
  }
}

/** One handler of events made of two; the first says when the sheet has ended. */
function both(reader, notes) {
  return {
    start(name, written) {
      if (!reader.ended) notes.start(name, written);
      reader.start(name, written);
    },
    text(raw, isCharacterData) {
      notes.text(raw, isCharacterData);
      reader.text(raw, isCharacterData);
    },
    end(name) {
      notes.end(name);
      reader.end(name);
    },
    get ended() {
      return reader.ended;
    },
    get isSheet() {
      return reader.isSheet;
    },
  };
}

/** Whether this is a sheet that we wrote to be read by people. */
function isReadMe({ mark, rows: count, width }) {
  const { MARK, MOST_ROWS, MOST_COLUMNS } = rules.our_sheets;
  return mark === MARK && count <= MOST_ROWS && width <= MOST_COLUMNS;
}

class Workbook {
  constructor(archive) {
    this.archive = archive;
    this.strings = [];
    this.formats = [];
    this.counts1904 = false;
    this.sheets = [];
    this.table = null;
    this.notes = new SheetNotes();
    this.looks = new Map();
    this.texts = new Map();
  }

  async open(wanted, knownNames) {
    const { entries } = this.archive;
    if (entries.has("xl/sharedStrings.xml")) await scan(this.archive, "xl/sharedStrings.xml", this.readStrings());
    if (entries.has("xl/styles.xml")) await scan(this.archive, "xl/styles.xml", this.readStyles());
    await this.readSheets();
    this.worksheets = this.sheets.filter((sheet) => sheet.kind === "worksheets");
    this.visible = this.worksheets.filter((sheet) => sheet.state === "visible").map((sheet) => sheet.name);
    await this.choose(wanted, knownNames);
    return this;
  }

  /** Read the sheet asked for, the first visible one with a table, or the first with anything. */
  async choose(wanted, knownNames) {
    if (wanted !== null) {
      const names = this.sheets.map((sheet) => sheet.name);
      if (!names.includes(wanted)) throw new SheetMissing(wanted, names);
    }
    this.table = { cells: [], width: 0 };
    this.sheet = wanted ?? this.visible[0] ?? "";
    if (this.sheet) await this.take(this.sheet);
    for (const { name } of this.worksheets) if (name !== this.sheet) await this.glance(name);
    if (wanted !== null) return;
    const filled = this.visible.filter((name) => this.looks.get(name).holds && !isReadMe(this.looks.get(name)));
    const isTable = (name) => this.looks.get(name).head.some((row) => row && knownNames(Array.from(row, (text) => text ?? "")));
    const chosen = (filled.length > 1 && filled.find(isTable)) || filled[0];
    if (chosen !== undefined && chosen !== this.sheet) {
      await this.glance(this.sheet);
      await this.take(chosen);
    }
  }

  /** Read a sheet whole. */
  async take(name) {
    const cells = [];
    const look = new Look();
    this.sheet = name;
    this.looks.set(name, look);
    this.notes = new SheetNotes();
    const seen = (row, column, text) => {
      look.see(row, column, text);
      if (row < look.first) return;
      cells[row] ??= [];
      cells[row][column] = text;
      if (cells.length * look.width > MOST_CELLS) throw new WorkbookTooLarge();
    };
    await scan(this.archive, this.path(name), both(new SheetReader(this, seen), this.notes));
    this.table = { cells, width: look.width };
    this.texts.delete(name);
  }

  /** Look whether another sheet holds something, and keep what may be the address of a person. */
  async glance(name) {
    const look = new Look();
    const texts = [];
    this.looks.set(name, look);
    this.texts.set(name, texts);
    const seen = (row, column, text) => {
      look.see(row, column, text);
      if (text.includes("@")) texts.push(text);
    };
    await scan(this.archive, this.path(name), new SheetReader(this, seen));
  }

  path(name) {
    return this.sheets.find((sheet) => sheet.name === name).path;
  }

  /** The other sheets that hold something, are not hidden and not ours. They are not read. */
  others() {
    return this.visible.filter((name) => {
      const look = this.looks.get(name);
      return name !== this.sheet && look.holds && !isReadMe(look);
    });
  }

  /** The texts on all other sheets that may be addresses of people. */
  elsewhere() {
    return [...this.texts.values()].flat();
  }

  /** Yield the rows as texts. Errors and formulas without a value stand as such: they are not blank. */
  *rows() {
    const { cells, width } = this.table;
    for (let row = 0; row < cells.length; row++) {
      const texts = Array.from({ length: width }, (_blank, column) => cells[row]?.[column] ?? "");
      for (const [column, text] of this.notes.texts.get(row) ?? []) {
        while (texts.length <= column) texts.push("");
        if (isBlank(texts[column])) texts[column] = text;
      }
      yield texts;
    }
  }

  readStrings() {
    const { strings } = this;
    let string = null;
    return {
      ended: false,
      start(name) {
        if (string) string.start(name);
        else if (name === "si") string = new RichText("si");
      },
      text(raw, isCharacterData) {
        string?.text(raw, isCharacterData);
      },
      end(name) {
        this.ended ||= name === "sst";
        if (!string?.end(name)) return;
        strings.push(string.value() ?? "");
        string = null;
      },
    };
  }

  readStyles() {
    const codes = new Map();
    const within = [];
    const { formats } = this;
    return {
      start(name, written) {
        if (name === "numFmt" && within.at(-1) === "numFmts") {
          const { numFmtId, formatCode } = attributes(written);
          if (formatCode) codes.set(numFmtId, formatCode);
        }
        if (name === "xf" && within.at(-1) === "cellXfs") {
          const { numFmtId } = attributes(written);
          formats.push(codes.has(numFmtId) ? formatOfCode(codes.get(numFmtId)) : builtInFormat(numFmtId));
        }
        within.push(name);
      },
      text() {},
      end: () => within.pop(),
    };
  }

  async readSheets() {
    const targets = new Map();
    await scan(this.archive, "xl/_rels/workbook.xml.rels", {
      start: (name, written) => {
        if (name !== "Relationship") return;
        const { Id, Target } = attributes(written);
        targets.set(Id, unescaped(Target ?? ""));
      },
      text() {},
      end() {},
    });
    await scan(this.archive, rules.workbook.WORKBOOK, {
      start: (name, written) => {
        const found = attributes(written);
        if (name === "workbookPr") this.counts1904 = ["1", "true"].includes(found.date1904);
        if (name === "sheet") this.sheets.push(sheetOf(found, targets));
      },
      text() {},
      end() {},
    });
  }
}

function sheetOf(found, targets) {
  const id = Object.entries(found).find(([name]) => /^\w+:id$/.test(name))?.[1];
  const target = targets.get(id);
  if (target === undefined) throw new XmlBroken();
  const path = target.startsWith("/xl/") ? target.slice(1) : target.startsWith("xl/") ? target : `xl/${target}`;
  const [, kind] = path.split("/");
  const state = found.state ?? "visible";
  const isKnown = ["worksheets", "chartsheets", "dialogsheets", "macrosheets"].includes(kind);
  if (!isKnown || !["visible", "hidden", "veryHidden"].includes(state)) throw new XmlBroken();
  return { name: unescaped(found.name ?? ""), state, kind, path };
}
