// One file being checked: what the page asks of it, wherever the checking is done.

import { checkFile } from "./check.js";
import { message, severityOf, speak } from "./findings.js";
import { readBook } from "./rulebook.js";
import { installRules } from "./rules.js";

const NAME_METRICS = ["metric", "lesser", "greater", "count_metric"];
const LANGUAGES = ["en", "ru", "kk"];
const SHOWN = 1000; // of the schools outside a grant
const SHORT = 90; // signs of an example
const PIECE = 5000; // findings written at a time

/** Checks files by what a checker carries: {rules, languages, snapshot}. */
export class Session {
  constructor(carried) {
    this.carried = carried;
    installRules(carried.rules);
    this.speak(Object.keys(carried.languages)[0]);
  }

  speak(language) {
    this.language = language;
    speak(this.carried.languages[language]);
  }

  /** Check a file; `day` (an ordinal) stands for today in tests. Returns what the page shows of it first. */
  async check(buffer, options, { day = null, progress = () => {} } = {}) {
    const book = readBook(this.carried.snapshot, day);
    this.names = new Map(this.carried.snapshot.metrics.map((metric) => [metric.key, metric.names]));
    this.checked = await checkFile(book, new Uint8Array(buffer), options, progress);
    this.chosen = { key: null, order: null };
    const { reading, findings, rows, values } = this.checked;
    return {
      reading, rows, values,
      totals: findings.totals,
      verdict: findings.totals.error ? "rejected" : "acceptable",
      outside: this.outside(book),
    };
  }

  /** The codes of the file's schools for which its uploader may not submit. */
  outside(book) {
    const { cells } = this.checked;
    if (!cells) return [];
    const places = new Set();
    for (const at of cells.places) {
      const place = cells.rows.school[cells.stated.row[at]];
      if (book.register.outside.has(place)) places.add(place);
    }
    return [...places].sort((one, other) => one - other).slice(0, SHOWN).map((place) => book.register.codes[place]);
  }

  /** What kinds of findings there are, the most frequent first, each called by its first example's words. */
  kinds(severity) {
    const { findings } = this.checked;
    const examples = new Map();
    for (const block of findings.blocks) {
      if (!examples.has(block.code)) examples.set(block.code, findings.finding(block, 0));
    }
    for (const finding of findings.ofFile) if (!examples.has(finding.code)) examples.set(finding.code, finding);
    return findings.byCode
      .filter(([code]) => !severity || severityOf(code) === severity)
      .map(([code, count]) => ({ code, count, example: this.said(examples.get(code)).slice(0, SHORT) }));
  }

  /** The findings of a severity and a kind (all where none is named) from one place on: {count, findings}. */
  page({ severity = "", code = "", start = 0, size = 25 }) {
    const { findings } = this.checked;
    const key = `${severity}/${code}`;
    if (this.chosen.key !== key) {
      const fits = (found) => (!code || found === code) && (!severity || severityOf(found) === severity);
      this.chosen = { key, order: findings.inOrder(fits) };
    }
    const shown = [...findings.slice(this.chosen.order, start, start + size)];
    return {
      count: this.chosen.order.length,
      findings: shown.map((finding) => ({ ...plain(finding), message: this.said(finding) })),
    };
  }

  /** What a finding says to a person: metrics by their names, where a program is told their keys. */
  said(finding) {
    const details = { ...finding.details };
    for (const name of NAME_METRICS) {
      const names = this.names.get(details[name]);
      if (names) details[name] = names[LANGUAGES.indexOf(this.language)] || details[name];
    }
    return message({ ...finding, details });
  }

  /** All findings as a table to take away, neutralised against spreadsheets that would run it. */
  csv() {
    const { findings } = this.checked;
    const { words } = this.carried.languages[this.language];
    const header = [words.row, words.severity, words.column, words.value, words.message];
    const pieces = ["\ufeff", line(header)];
    const order = findings.inOrder();
    for (let start = 0; start < order.length; start += PIECE) {
      let text = "";
      for (const finding of findings.slice(order, start, start + PIECE)) {
        const { row, severity, column, value } = finding;
        text += line([row === null ? "" : String(row), words[severity], column, value, this.said(finding)]);
      }
      pieces.push(text);
    }
    return new Blob(pieces, { type: "text/csv;charset=utf-8" });
  }

  /** Every finding as the server writes it: for the comparison of both. */
  everything() {
    const { findings } = this.checked;
    return [...findings.slice(findings.inOrder())].map((finding) => ({ ...plain(finding), message: message(finding) }));
  }
}

function plain({ code, severity, row, column, value }) {
  return { code, severity, row, column: column || null, value: value || null };
}

function line(cells) {
  return `${cells.map((cell) => `"${neutralised(cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula. */
function neutralised(cell) {
  return /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}
