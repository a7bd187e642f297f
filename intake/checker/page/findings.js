// What a finding says, in the language chosen: from the catalogue that the server's findings are made from.

import { rules } from "./rules.js";
import { numberText } from "./text.js";

let spoken = null;

/** Speak a language: its texts, as the page carries them. */
export function speak(texts) {
  spoken = texts;
}

export function severityOf(code) {
  return spoken.findings[code].severity;
}

/** What a finding says: what is wrong and what to do. */
export function message({ code, column, value, details }) {
  const kind = spoken.findings[code];
  const words = { ...details, column, value };
  for (const name of rules.findings.WORDED) {
    if (typeof details[name] === "string") words[name] = spoken.phrases[details[name]] ?? details[name];
  }
  const parts = [filled(kind.message, words)];
  if (details.suggestions?.length) parts.push(filled(spoken.phrases[rules.findings.DID_YOU_MEAN], words));
  return [...parts, filled(kind.what_to_do, words)].join(" ").trim();
}

/** Fill the placeholders of a text in. */
export function filled(text, words) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => asText(words[name]));
}

function asText(detail) {
  if (Array.isArray(detail)) return detail.map(asText).join(", ");
  return typeof detail === "number" ? numberText(detail) : String(detail);
}
