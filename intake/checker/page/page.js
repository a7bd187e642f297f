// The page a person sees: a file is chosen, read and judged; what is wrong with it is listed, filtered, taken away.

import { filled } from "./findings.js";
import { Period, today } from "./periods.js";
import { installRules } from "./rules.js";
import { answerRequests, startSession } from "./worker.js";

const PAGE = 25;
const PRINTED = 2000; // findings on paper; the rest is in the table to take away
const LABELLED = ["row", "column", "value"]; // of a finding on a phone, where they stand below each other
const PERIODS_OFFERED = 36;
const OLD = 31; // days
const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };
const MARKS = { ",": "comma", ".": "point" };
const LANGUAGES = { en: "English", ru: "Русский", kk: "Қазақша" };
const WIDE_ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"];

const at = (id) => document.getElementById(id);

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

class Page {
  constructor(carried, script) {
    this.carried = carried;
    this.snapshot = carried.snapshot;
    this.session = startSession(script, carried);
    this.form = at("choose");
    this.file = null;
    this.answer = null;
    this.start = 0;
    this.turn = 0;
    installRules(carried.rules);
    this.today = today(this.snapshot.time_zone);
    at("language").replaceChildren(...Object.entries(LANGUAGES).map(([value, text]) => element("option", text, { value })));
    this.listen();
    this.speak(carried.language);
  }

  listen() {
    at("language").onchange = () => this.speak(at("language").value);
    at("file").onchange = () => this.choose(at("file").files[0]);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.check();
    };
    const drop = at("drop");
    const over = (is) => (event) => {
      event.preventDefault();
      drop.classList.toggle("over", is);
    };
    for (const target of [document, drop]) target.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => event.preventDefault());
    drop.addEventListener("dragenter", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => {
      over(false)(event);
      this.choose(event.dataTransfer.files[0]);
    });
    at("severity").onchange = () => this.filter(true);
    at("kind").onchange = () => this.filter(false);
    at("previous").onclick = () => this.list(this.start - PAGE);
    at("next").onclick = () => this.list(this.start + PAGE);
    at("download").onclick = () => this.download();
    at("print").onclick = () => this.print();
  }

  word(key, values = {}) {
    const shown = {};
    for (const [name, value] of Object.entries(values)) {
      shown[name] = typeof value === "number" ? this.number(value) : value;
    }
    return filled(this.words[key], shown);
  }

  number(value) {
    return new Intl.NumberFormat(this.language).format(value);
  }

  async speak(language) {
    this.language = language;
    this.words = this.carried.languages[language].words;
    document.documentElement.lang = language;
    document.title = `${this.words.title} · Uptake`;
    at("language").value = language;
    for (const place of document.querySelectorAll("[data-word]")) place.textContent = this.words[place.dataset.word];
    const made = new Date(this.snapshot.made_at);
    const moment = new Intl.DateTimeFormat(language, {
      dateStyle: "long", timeStyle: "short", timeZone: this.snapshot.time_zone,
    }).format(made);
    at("initiative").textContent = `${this.snapshot.name} (${this.snapshot.initiative}). ${this.word("made_at", { moment })}`;
    this.sayAge(made);
    this.offer();
    await this.session.ask("speak", [language]);
    if (this.answer) await this.show();
  }

  sayAge(made) {
    const days = Math.floor((Date.now() - made.getTime()) / 86400000);
    at("age").hidden = days >= -1 && days <= OLD;
    at("age").textContent = days < -1 ? this.word("clock_is_wrong") : this.word("is_old", { days });
  }

  /** Fill in what may be said of reading, keeping what was chosen. */
  offer() {
    const choices = (words) => Object.entries(words).map(([value, key]) => [value, this.words[key]]);
    this.options("period", this.words.as_file_says, this.periods());
    this.options("layout", this.words.as_recognised, choices({ wide: "layout_wide", long: "layout_long" }));
    const encodings = [...WIDE_ENCODINGS, ...Object.keys(this.carried.rules.decoding.TABLES)];
    this.options("encoding", this.words.as_recognised, encodings.map((name) => [name, name]));
    this.options("delimiter", this.words.as_recognised, choices(DELIMITERS));
    this.options("decimal_mark", this.words.as_recognised, choices(MARKS));
    this.options("sheet", this.words.as_recognised, (this.answer?.reading.sheets ?? []).map((name) => [name, name]));
  }

  options(name, open, choices) {
    const field = this.form.elements[name];
    const chosen = field.value;
    field.replaceChildren(...[["", open], ...choices].map(([value, text]) => element("option", text, { value })));
    field.value = choices.some(([value]) => value === chosen) ? chosen : "";
  }

  periods() {
    const newest = Period.containing(this.today, this.snapshot.granularity);
    return Array.from({ length: PERIODS_OFFERED }, (_none, back) => {
      const { key, year, month, granularity } = newest.shifted(-back);
      if (granularity !== "month") return [key, key];
      const shape = { month: "long", year: "numeric", timeZone: "UTC" };
      return [key, `${new Intl.DateTimeFormat(this.language, shape).format(Date.UTC(year, month - 1))} (${key})`];
    });
  }

  choose(file) {
    if (!file) return;
    this.file = file;
    // What was said of one file says nothing about the next.
    for (const name of ["encoding", "delimiter", "decimal_mark", "header_row", "sheet", "layout"]) {
      this.form.elements[name].value = "";
    }
    this.check();
  }

  async check() {
    if (!this.file) return;
    const turn = ++this.turn;
    at("result").hidden = true;
    at("busy").hidden = false;
    at("again").disabled = true;
    this.doing("reading");
    try {
      const buffer = await this.file.arrayBuffer();
      const answer = await this.session.ask("check", [buffer, this.chosen()], (doing) => this.doing(doing));
      if (turn !== this.turn) return;
      this.answer = answer;
      at("severity").value = "";
      await this.show();
      at("verdict").focus();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
    at("busy").hidden = true;
    at("again").disabled = false;
  }

  /** What was said of reading, without what was left open. */
  chosen() {
    const said = Object.fromEntries([...new FormData(this.form)].filter(([, value]) => value));
    if (said.header_row) said.header_row = Number(said.header_row);
    return said;
  }

  doing(what) {
    at("doing").textContent = this.words[what];
  }

  fail(error) {
    this.answer = null;
    at("result").hidden = false;
    at("result").classList.add("failed");
    this.judge("unsure", this.word("failed", { reason: error.message }));
    for (const id of ["counts", "facts"]) at(id).replaceChildren();
    for (const section of at("result").querySelectorAll("section")) section.hidden = true;
  }

  judge(kind, text) {
    at("verdict").className = kind;
    at("verdict").textContent = text;
  }

  async show() {
    const { reading, rows, values, totals, verdict, outside } = this.answer;
    const isExport = reading.layout === "user_export";
    const refused = outside.length > 0 && verdict === "acceptable";
    if (isExport) this.judge("unsure", this.words.user_export);
    else if (refused) this.judge("rejected", this.word("outside", { count: outside.length, codes: some(outside) }));
    else this.judge(verdict, this.words[verdict]);
    const counts = [this.word("rows", rows), this.word("values", values)];
    counts.push(this.word("errors_count", { count: totals.error }), this.word("warnings_count", { count: totals.warning }));
    at("counts").replaceChildren(...[this.file.name, ...counts].map((text) => element("li", text)));
    for (const section of at("result").querySelectorAll("section")) section.hidden = false;
    this.offer();
    this.showReading(reading);
    at("result").hidden = false;
    const count = totals.error + totals.warning;
    at("findings").hidden = count === 0;
    at("no-findings").hidden = count > 0;
    const choices = [["", "all_count", count], ["error", "errors_count", totals.error], ["warning", "warnings_count", totals.warning]];
    const chosen = at("severity").value;
    at("severity").replaceChildren(
      ...choices.map(([value, key, number]) => element("option", this.word(key, { count: number }), { value })),
    );
    at("severity").value = chosen;
    await this.filter(true);
  }

  showReading(reading) {
    const { layout, encoding, delimiter, decimal_mark: mark, header_row: row, sheet } = reading;
    const facts = {
      layout: layout && this.words[`layout_${layout}`],
      encoding,
      delimiter: delimiter && (this.words[DELIMITERS[delimiter]] ?? delimiter),
      decimal_mark: mark && this.words[MARKS[mark]],
      header_row: row && this.number(row),
      sheet,
    };
    const known = Object.entries(facts).filter(([, value]) => value);
    at("facts").replaceChildren(
      ...known.map(([key, value]) => {
        const pair = element("div");
        pair.append(element("dt", `${this.words[key]}:`), element("dd", value));
        return pair;
      }),
    );
    const columns = reading.columns.map(({ name, metric, role, how }) => [
      name, metric ? this.metricName(metric) : this.words[`role_${role}`], this.words[`how_${how}`],
    ]);
    columns.push(...reading.ignored_columns.map((name) => [name, this.words.not_read, ""]));
    at("columns-read").hidden = !columns.length;
    this.fill(at("columns"), ["column", "read_as", "how"], columns.map((cells) => cells.map((text) => ({ text }))));
  }

  metricName(key) {
    const { names } = this.snapshot.metrics.find((metric) => metric.key === key);
    return names[Object.keys(LANGUAGES).indexOf(this.language)] || key;
  }

  fill(table, keys, rows) {
    const head = element("tr");
    head.append(...keys.map((key) => element("th", this.words[key], { scope: "col" })));
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceChildren(
      ...rows.map((cells) => {
        const line = element("tr");
        line.append(
          ...cells.map(({ text, kind = "" }, index) =>
            element("td", text, { class: kind, ...(LABELLED.includes(keys[index]) && { "data-label": this.words[keys[index]] }) }),
          ),
        );
        return line;
      }),
    );
  }

  async filter(kindsToo) {
    if (kindsToo) {
      const kinds = await this.session.ask("kinds", [at("severity").value]);
      const offered = kinds.map(({ code, count, example }) => [code, `${this.number(count)} × ${example}`]);
      at("kind").replaceChildren(
        ...[["", this.words.all_kinds], ...offered].map(([value, text]) => element("option", text, { value })),
      );
    }
    await this.list(0);
  }

  async list(start, size = PAGE) {
    const asked = { severity: at("severity").value, code: at("kind").value, start, size };
    const { count, findings } = await this.session.ask("page", [asked]);
    this.start = start;
    const last = start + findings.length;
    at("shown").textContent = this.word("shown", { first: count ? start + 1 : 0, last, count });
    at("previous").disabled = start === 0;
    at("next").disabled = last >= count;
    const rows = findings.map(({ row, severity, column, value, message }) => [
      { text: row === null ? "" : String(row), kind: "number" }, { text: this.words[severity], kind: severity },
      { text: column ?? "" }, { text: value ?? "" }, { text: message },
    ]);
    this.fill(at("table"), ["row", "severity", "column", "value", "message"], rows);
  }

  async download() {
    const address = URL.createObjectURL(await this.session.ask("csv", []));
    const link = element("a", "", { href: address, download: `findings-${this.file.name}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  async print() {
    const { start } = this;
    await this.list(0, PRINTED);
    window.print();
    await this.list(start);
  }
}

function some(codes) {
  return codes.length > 5 ? `${codes.slice(0, 5).join(", ")}, …` : codes.join(", ");
}

/** Start: as a page where there is a document, as its worker where there is none. */
export function start(scope) {
  if (!scope.document) {
    answerRequests(scope);
    return;
  }
  const script = document.currentScript.textContent;
  scope.page = new Page(JSON.parse(at("carried").textContent), script);
}
