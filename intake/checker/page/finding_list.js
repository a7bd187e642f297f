// All findings of a file, held by the column: a million of them are a few arrays, made into objects one at a time.

import { severityOf } from "./findings.js";
import { quoted } from "./text.js";

const entry = (detail, index) => (typeof detail === "function" ? detail(index) : detail);

/** The findings of a file: complete, however many. `firstRow` is the spreadsheet row of the grid's first. */
export class FindingList {
  constructor() {
    this.ofFile = [];
    this.blocks = [];
    this.firstRow = 0;
  }

  /** Add one finding, about the file as a whole where no row is named. */
  add(code, { row = null, column = "", value = "", ...details } = {}) {
    this.ofFile.push({ code, severity: severityOf(code), row, column: quoted(column), value: quoted(value), details });
  }

  /**
   * Add one finding for each of the rows at these positions, in a column ({name, position}), quoting the texts that
   * stand there (or one text for all). A detail is one for all, or a function of the finding's number in the block.
   */
  addRows(code, at, { name, position }, texts, details = {}) {
    if (at.length) this.blocks.push({ code, at, column: quoted(name), position, texts, details });
  }

  get length() {
    return this.blocks.reduce((sum, block) => sum + block.at.length, this.ofFile.length);
  }

  finding(block, index) {
    const { code, at, column, texts } = block;
    const value = typeof texts === "string" ? texts : texts.text(at[index]);
    const details = {};
    for (const [name, detail] of Object.entries(block.details)) details[name] = entry(detail, index);
    return { code, severity: severityOf(code), row: this.firstRow + at[index], column, value: quoted(value), details };
  }

  /** How many findings there are of each code, the most frequent first. */
  get byCode() {
    const counts = new Map();
    const count = (code, number) => counts.set(code, (counts.get(code) ?? 0) + number);
    for (const { code } of this.ofFile) count(code, 1);
    for (const { code, at } of this.blocks) count(code, at.length);
    return [...counts].sort((one, other) => other[1] - one[1]);
  }

  get totals() {
    const totals = { error: 0, warning: 0 };
    for (const [code, count] of this.byCode) totals[severityOf(code)] += count;
    return totals;
  }

  /** Mark the rows that have an error in a mask over the grid's rows. */
  markRowsWithErrors(mask) {
    for (const { row, severity } of this.ofFile) {
      if (row !== null && severity === "error") mask[row - this.firstRow] = 1;
    }
    for (const { code, at } of this.blocks) if (severityOf(code) === "error") for (const index of at) mask[index] = 1;
  }

  /** The findings for which `fits(code)` holds, as references in the order of the file: see `resolve`. */
  inOrder(fits = () => true) {
    const chosen = this.blocks.map((block, number) => ({ block, number })).filter(({ block }) => fits(block.code));
    const count = chosen.reduce((sum, { block }) => sum + block.at.length, 0);
    const [row, position, number] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
    const index = new Int32Array(count);
    let next = 0;
    for (const { block, number: which } of chosen) {
      for (let at = 0; at < block.at.length; at++, next++) {
        row[next] = this.firstRow + block.at[at];
        position[next] = block.position;
        number[next] = which;
        index[next] = at;
      }
    }
    const order = new Int32Array(count).map((_zero, at) => at);
    order.sort((one, other) => row[one] - row[other] || position[one] - position[other] || one - other);
    const single = this.ofFile.filter(({ code }) => fits(code));
    single.sort((one, other) => (one.row ?? 0) - (other.row ?? 0));
    return { single, order, row, number, index, length: single.length + count };
  }

  /** Yield findings of an order from one place up to another. */
  *slice(inOrder, start = 0, end = Infinity) {
    const { single, order, row, number, index } = inOrder;
    let waiting = 0;
    let done = 0;
    for (const at of order) {
      for (; waiting < single.length && (single[waiting].row ?? 0) <= row[at]; waiting++) {
        if (done >= start && done < end) yield single[waiting];
        done++;
      }
      if (done >= end) return;
      if (done >= start) yield this.finding(this.blocks[number[at]], index[at]);
      done++;
    }
    for (; waiting < single.length; waiting++, done++) if (done >= start && done < end) yield single[waiting];
  }
}
