// Delimited text (CSV) into records, as strictly as Python's csv reader: a quotation mark never closed is found.

import { decoded } from "./decoding.js";
import { rules } from "./rules.js";
import { isBlank, strip } from "./text.js";

const LONGEST_CELL = 131072; // signs: what Python's reader takes
const LINE_END = /\r\n|\r|\n/g;
const ENDS = /[\r\n]+$/;

/** The lines of a text, each with its end: of Windows, Unix or the old Mac. Any of them can be looked at again. */
class Lines {
  constructor(pieces) {
    this.pieces = pieces;
    this.waiting = [];
    this.first = 0;
    this.rest = "";
    this.ended = false;
  }

  /** Return the line at a distance from where reading stands, undefined after the last. */
  at(distance) {
    while (this.waiting.length - this.first <= distance && !this.ended) this.readOn();
    return this.waiting[this.first + distance];
  }

  drop(count) {
    this.first += count;
    if (this.first > 50000) {
      this.waiting = this.waiting.slice(this.first);
      this.first = 0;
    }
  }

  readOn() {
    const { value, done } = this.pieces.next();
    let text = this.rest + (value ?? "");
    this.ended = Boolean(done);
    // A carriage return at the end may be half a line end.
    const held = !done && text.endsWith("\r") ? "\r" : "";
    if (held) text = text.slice(0, -1);
    let start = 0;
    LINE_END.lastIndex = 0;
    for (let found = LINE_END.exec(text); found; found = LINE_END.exec(text)) {
      this.waiting.push(text.slice(start, LINE_END.lastIndex));
      start = LINE_END.lastIndex;
    }
    this.rest = text.slice(start) + held;
    if (done && this.rest) {
      this.waiting.push(this.rest);
      this.rest = "";
    }
  }
}

/**
 * Yield {cells, broken} for each record. A broken one is the line on which it begins, as its only cell.
 * A cell that is longer than `longest` breaks its record.
 */
export function* records(content, encoding, delimiter, longest = LONGEST_CELL) {
  yield* recordsOf(new Lines(decoded(content, encoding)), delimiter, longest);
}

function* recordsOf(lines, delimiter, longest = LONGEST_CELL) {
  for (let line = lines.at(0); line !== undefined; line = lines.at(0)) {
    if (!line.includes('"') && line.length <= longest) {
      const bare = line.replace(ENDS, "");
      yield { cells: bare === "" ? [] : bare.split(delimiter), broken: false };
      lines.drop(1);
      continue;
    }
    const { cells, taken } = quotedRecord(lines, delimiter);
    yield cells ? { cells, broken: false } : { cells: [line], broken: true };
    lines.drop(cells ? taken : 1);
  }
}

/** Read one record with quotation marks. Returns its cells and how many lines it takes; null cells when broken. */
function quotedRecord(lines, delimiter) {
  const cells = [];
  let cell = "";
  let size = 0;
  let state = "start";
  for (let taken = 1; ; taken++) {
    const line = lines.at(taken - 1);
    if (line === undefined) return { cells: null };
    for (const sign of line) {
      const ends = sign === "\n" || sign === "\r";
      if (state === "quoted") {
        if (sign === '"') {
          state = "quote";
          continue;
        }
      } else if (state === "ended") {
        if (!ends) return { cells: null };
        continue;
      } else if (ends || sign === delimiter) {
        cells.push(cell);
        cell = "";
        size = 0;
        state = ends ? "ended" : "start";
        continue;
      } else if (sign === '"' && state !== "open") {
        if (state === "start") {
          state = "quoted";
          continue;
        }
        state = "quoted";
      } else if (state === "quote") return { cells: null };
      else state = "open";
      if (size >= LONGEST_CELL) return { cells: null };
      cell += sign;
      size += 1;
    }
    if (state === "ended") return { cells, taken };
    if (state !== "quoted") return { cells: [...cells, cell], taken };
  }
}

/** Return the first records. Broken ones stand as their one line. */
export function head(content, encoding, delimiter, count = rules.delimited.HEAD) {
  const lines = new Lines(decoded(content, encoding));
  const first = [];
  while (first.length < 4 * count && lines.at(first.length) !== undefined) first.push(lines.at(first.length));
  const found = [];
  for (const { cells } of recordsOf(new Lines([first.join("")][Symbol.iterator]()), delimiter)) {
    found.push(cells);
    if (found.length === count) break;
  }
  return found;
}

/** Return the delimiter that a first line `sep=;` declares, as spreadsheets write and read it. */
function declaredDelimiter(firstLine) {
  const declared = Array.from(strip(strip(firstLine), '"'));
  const isDeclaration = declared.slice(0, 4).join("").toLowerCase() === "sep=" && declared.length === 5;
  if (isDeclaration) return declared[4];
  return firstLine.toLowerCase().replace(ENDS, "") === "sep=\t" ? "\t" : null;
}

/** Return the delimiter under which the head of the file looks most like a table, null when under none. */
export function recogniseDelimiter(content, encoding, knownNames) {
  const declared = declaredDelimiter(new Lines(decoded(content, encoding)).at(0) ?? "");
  if (declared) return declared;
  let best = null;
  let bestScore = [0, 0, 0];
  for (const delimiter of rules.delimited.DELIMITERS) {
    const rows = head(content, encoding, delimiter).filter((cells) => cells.some((cell) => !isBlank(cell)));
    if (!rows.length) return null;
    const [width, count] = usualWidth(rows);
    const names = Math.max(...rows.map(knownNames));
    const score = [width > 1 ? names : 0, width > 1 ? count / rows.length : 0, width];
    if (isGreater(score, bestScore)) [best, bestScore] = [delimiter, score];
  }
  return bestScore[2] > 1 ? best : null;
}

function usualWidth(rows) {
  const counts = new Map();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  let best = null;
  for (const [width, count] of counts) {
    if (best === null || isGreater([width > 1 ? 1 : 0, count, width], [best[0] > 1 ? 1 : 0, best[1], best[0]])) {
      best = [width, count];
    }
  }
  return best;
}

function isGreater(one, other) {
  const at = one.findIndex((entry, index) => entry !== other[index]);
  return at >= 0 && one[at] > other[at];
}
