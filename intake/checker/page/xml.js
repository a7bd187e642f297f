// XML tag by tag, from texts that come in pieces. Strict enough to find a part that is cut off or no XML at all.

const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

export class XmlBroken extends Error {}

/** Splits XML into tags and texts and hands them to `handler`: {start(name, attributes), end(name), text(raw)}. */
export class XmlScanner {
  constructor(handler) {
    this.handler = handler;
    this.rest = "";
    this.open = [];
    this.done = false;
  }

  feed(piece) {
    if (this.done) return;
    const text = this.rest + piece;
    let at = 0;
    while (!this.done) {
      const tag = text.indexOf("<", at);
      const end = tag < 0 ? -1 : tagEnd(text, tag);
      if (end < 0) break;
      if (tag > at && this.open.length) this.handler.text(text.slice(at, tag), false);
      this.tag(text, tag, end);
      at = end;
    }
    this.rest = text.slice(at);
  }

  close() {
    if (!this.done && (this.open.length || this.rest.includes("<"))) throw new XmlBroken();
  }

  tag(text, start, end) {
    const second = text[start + 1];
    if (second === "?") return;
    if (second === "!") {
      if (text.startsWith("<![CDATA[", start)) this.handler.text(text.slice(start + 9, end - 3), true);
      return;
    }
    if (second === "/") {
      const name = text.slice(start + 2, end - 1).trimEnd();
      if (this.open.pop() !== name) throw new XmlBroken();
      this.handler.end(localName(name));
      return;
    }
    const isEmpty = text[end - 2] === "/";
    const inside = text.slice(start + 1, isEmpty ? end - 2 : end - 1);
    const space = inside.search(/\s/);
    const name = space < 0 ? inside : inside.slice(0, space);
    if (!name) throw new XmlBroken();
    this.handler.start(localName(name), space < 0 ? "" : inside.slice(space));
    if (isEmpty) this.handler.end(localName(name));
    else this.open.push(name);
  }
}

/** Return where the tag that begins at a place ends, -1 where it does not yet. */
function tagEnd(text, start) {
  const after = (sign) => {
    const found = text.indexOf(sign, start);
    return found < 0 ? -1 : found + sign.length;
  };
  if (text.startsWith("<!--", start)) return after("-->");
  if (text.startsWith("<![CDATA[", start)) return after("]]>");
  if (text[start + 1] === "?") return after("?>");
  let quote = "";
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    const sign = text[at];
    if (quote) {
      if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "[" && text[start + 1] === "!") depth++;
    else if (sign === "]" && text[start + 1] === "!") depth--;
    else if (sign === ">" && depth <= 0) return at + 1;
  }
  return -1;
}

function localName(name) {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}

/** The attributes of a tag by their whole names, as they are written. */
export function attributes(written) {
  const found = {};
  for (const [, name, double, single] of written.matchAll(ATTRIBUTE)) found[name] = double ?? single;
  return found;
}

/** One attribute of a tag, as it is written; undefined where there is none. */
export function attribute(written, name) {
  return attributes(written)[name];
}

/** A text with its entities resolved. Throws XmlBroken at one that is not known. */
export function unescaped(raw) {
  if (!raw.includes("&")) return raw;
  return raw.replace(/&([^;]*);?/g, (whole, name) => {
    if (NAMED[name]) return NAMED[name];
    const number = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
    const code = number ? parseInt(number[1] ?? number[2], number[1] ? 16 : 10) : NaN;
    if (!whole.endsWith(";") || !(code > 0 && code <= 0x10ffff)) throw new XmlBroken();
    return String.fromCodePoint(code);
  });
}

/** A text of XML as its readers give it: line ends of Unix, entities resolved. */
export function content(raw, isCharacterData) {
  const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  return isCharacterData ? text : unescaped(text);
}
