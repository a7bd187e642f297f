// From bytes to a table: how the file is written, where its header is, and what its columns mean.

import { PERIOD, VALUE } from "./columns.js";
import { headerRowOf, namesOfRows, reportTitlePeriod } from "./header.js";
import { columnName, isUserExport, layOut, USER_EXPORT } from "./layout.js";
import { Period } from "./periods.js";
import { conventionShown } from "./quantities.js";
import { rules } from "./rules.js";
import { openSource, TooManyRows } from "./sources.js";
import { isAlpha } from "./text.js";
import { readPeriod } from "./written_periods.js";

/** Return {reading, table, counts}: how the file was read, its table (null when it has none), the rows in it. */
export async function readTable(content, options, book, vocabulary, findings) {
  const reading = {
    encoding: null, delimiter: null, decimal_mark: null, header_row: null, layout: null, sheet: null,
    columns: [], ignored_columns: [], sheets: [],
  };
  const result = (table = null, grid = null) => {
    const counts = grid ? { read: grid.count, blank: grid.blank.reduce((sum, is) => sum + is, 0) } : { read: 0, blank: 0 };
    return { reading, table, counts };
  };
  const knownNames = (cells) => vocabulary.knownNames(cells);
  const source = await openSource(content, options, book.country, knownNames, findings);
  const { encoding, delimiter, sheet, sheets } = source;
  Object.assign(reading, { encoding, delimiter, sheet, sheets: sheets ?? [] });
  const head = source.head(Math.max(rules.delimited.HEAD, options.header_row ?? 0));
  if (!head.length) return result();
  if (head.some(isUserExport)) {
    reading.layout = USER_EXPORT;
    return result();
  }
  const names = namesOfRows(head, vocabulary);
  const headerRow = options.header_row || headerRowOf(names, vocabulary);
  reading.header_row = headerRow;
  const header = headerRow && headerRow <= head.length ? names[headerRow - 1] : [];
  const grid = gridOf(source, header, headerRow ?? 0, findings);
  if (!grid) return result();
  const elsewhere = [...head.slice(0, headerRow ?? 0).flat(), ...source.elsewhere()];
  if (holdsAddresses(grid, elsewhere, findings)) return result(null, grid);
  if (!header.length) {
    findings.add("no_header");
    return result();
  }
  if (grid.headerSwallows) {
    findings.add("quote_never_closed", { row: headerRow });
    return result(null, grid);
  }
  const layout = layOut(grid.header, vocabulary, findings, options.layout ?? null);
  reading.layout = layout.kind;
  reading.columns = layout.columns;
  reading.ignored_columns = layout.ignored.map((position) => columnName(grid.header, position));
  if (!layout.roles.has(PERIOD)) {
    const titles = [...head.slice(0, (headerRow || 1) - 1).flat(), reading.sheet ?? ""];
    reportTitlePeriod(titles, options.period ? Period.parse(options.period) : null, findings);
  }
  const mark = options.decimal_mark || convention(grid, layout);
  // The delimiter suggests a mark, which is shown; an ambiguous number is not read by a suggestion.
  reading.decimal_mark = mark ?? (reading.sheet ? null : reading.delimiter === ";" ? "," : ".");
  if (!layout.readable) return result(null, grid);
  const { counts } = result(null, grid);
  if (counts.read === counts.blank) {
    findings.add("no_rows");
    return result(null, grid);
  }
  return result({ grid, layout, decimalMark: mark }, grid);
}

function gridOf(source, header, headerRow, findings) {
  try {
    return source.grid(header, headerRow);
  } catch (error) {
    if (!(error instanceof TooManyRows)) throw error;
    findings.add("file_too_large", { limit: rules.findings.MANY_ROWS });
    return null;
  }
}

/** Whether a column holds an e-mail address of somebody; then that is all that is said about the file. */
function holdsAddresses(grid, elsewhere, findings) {
  const isAddress = (text) => text.includes("@") && rules.reading.EMAIL.search(text) !== null;
  const say = (column) => {
    findings.ofFile.length = 0;
    findings.add("personal_data", { column });
    return true;
  };
  if (grid.leftOver.some(isAddress) || elsewhere.some(isAddress)) return say("");
  const position = grid.columns.findIndex((column) => column.texts.some(isAddress));
  if (position < 0) return false;
  const name = columnName(grid.header, position);
  return say(rules.reading.EMAIL.search(name) ? "" : name);
}

/** The decimal mark that the file's own numbers show; null when none does, or when they disagree. */
function convention(grid, layout) {
  const keys = new Set([...layout.roles].filter(([role]) => role !== VALUE).map(([, position]) => position));
  const values = [...grid.columns.keys()].filter((at) => !keys.has(at) && !layout.ignored.includes(at));
  let shown = new Set(values.flatMap((position) => [...conventionShown(grid.columns[position].texts)]));
  if (!shown.size) {
    // A column that is not read may still show how this file writes numbers, if it holds nothing else.
    shown = new Set(layout.ignored.flatMap((position) => shownByAll(grid.columns[position].texts)));
  }
  return shown.size === 1 ? [...shown][0] : null;
}

function shownByAll(texts) {
  const withMark = texts.filter((text) => text.includes(",") || text.includes("."));
  const shown = withMark.map((text) => conventionShown([text]));
  const onlyNumbers = !texts.some((text) => [...text].some(isAlpha)) && !withMark.some(readPeriod);
  return onlyNumbers && shown.every((marks) => marks.size) ? shown.flatMap((marks) => [...marks]) : [];
}
