// From bytes to text: which encoding a file is in. The same bytes give the same answer as on the server.

import { rules } from "./rules.js";
import { isAlpha, isDigit } from "./text.js";

const CHUNK = 1 << 20;
const MARKS = [
  [[0xef, 0xbb, 0xbf], "utf-8-sig"],
  [[0xff, 0xfe, 0, 0], "utf-32"],
  [[0, 0, 0xfe, 0xff], "utf-32"],
  [[0xff, 0xfe], "utf-16"],
  [[0xfe, 0xff], "utf-16"],
];

export function startsWith(content, bytes) {
  return bytes.every((byte, index) => content[index] === byte);
}

/** Bytes as a text of as many signs: the letters of Latin-1. */
export function latin1(content) {
  let text = "";
  for (let start = 0; start < content.length; start += 8192) {
    text += String.fromCharCode(...content.subarray(start, start + 8192));
  }
  return text;
}

/** Return {encoding, problem, brokenLine} of a file; encoding null where it is none that is known. */
export function recogniseEncoding(content, country) {
  for (const [mark, encoding] of MARKS) {
    if (startsWith(content, mark)) return checkedEncoding(content, encoding);
  }
  const wide = wideWithoutMark(content);
  if (wide) return checkedEncoding(content, wide);
  if (content.includes(0)) return { encoding: null, problem: "binary" };
  if (decodes(content, "utf-8")) return { encoding: "utf-8" };
  if (isMostlyUtf8(content)) return checkedEncoding(content, "utf-8");
  return eightBit(content, country);
}

/** Return whether the bytes are those of an encoding that a person chose or a mark declares. */
export function checkedEncoding(content, encoding) {
  if (decodes(content, encoding)) return { encoding };
  return { encoding, problem: "broken_encoding", brokenLine: firstBrokenLine(content, encoding) };
}

function decodes(content, encoding) {
  try {
    for (const _piece of decoded(content, encoding)) continue;
  } catch {
    return false;
  }
  return true;
}

/** Yield the text in pieces. Throws TypeError at bytes that are none of the encoding's. */
export function* decoded(content, encoding) {
  const table = rules.decoding.TABLES[encoding];
  if (table) yield* decodedByTable(content, table);
  else if (encoding === "utf-32") yield* decodedUtf32(content);
  else yield* decodedByBrowser(content, encoding);
}

function* decodedByTable(content, table) {
  const units = Uint16Array.from(table, (sign) => sign.charCodeAt(0));
  const letters = new TextDecoder("utf-16le", { ignoreBOM: true });
  for (let start = 0; start < content.length; start += CHUNK) {
    const piece = content.subarray(start, start + CHUNK);
    const text = new Uint16Array(piece.length);
    for (let index = 0; index < piece.length; index++) {
      const unit = units[piece[index]];
      if (unit === 0xfffd) throw new TypeError("a byte of another encoding");
      text[index] = unit;
    }
    yield letters.decode(text);
  }
}

function* decodedByBrowser(content, encoding) {
  const { name, skip } = wideForm(content, encoding);
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  for (let start = skip; start < content.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, content.length);
    yield decoder.decode(content.subarray(start, end), { stream: end < content.length });
  }
}

/** Return what the browser calls the encoding, and how many bytes its mark takes. */
function wideForm(content, encoding) {
  if (encoding === "utf-8") return { name: "utf-8", skip: 0 };
  if (encoding === "utf-8-sig") return { name: "utf-8", skip: startsWith(content, [0xef, 0xbb, 0xbf]) ? 3 : 0 };
  if (encoding === "utf-16-le") return { name: "utf-16le", skip: 0 };
  if (encoding === "utf-16-be") return { name: "utf-16be", skip: 0 };
  if (startsWith(content, [0xfe, 0xff])) return { name: "utf-16be", skip: 2 };
  return { name: "utf-16le", skip: startsWith(content, [0xff, 0xfe]) ? 2 : 0 };
}

function* decodedUtf32(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const big = startsWith(content, [0, 0, 0xfe, 0xff]);
  let text = "";
  for (let at = big || startsWith(content, [0xff, 0xfe, 0, 0]) ? 4 : 0; at < content.length; at += 4) {
    const code = at + 4 <= content.length ? view.getUint32(at, !big) : NaN;
    if (!(code < 0xd800 || (code > 0xdfff && code <= 0x10ffff))) throw new TypeError("no sign of Unicode");
    text += String.fromCodePoint(code);
    if (text.length > CHUNK) {
      yield text;
      text = "";
    }
  }
  yield text;
}

/** Return the first physical line that holds bytes which are none of the encoding's. */
function firstBrokenLine(content, encoding) {
  const end = firstBroken(content, encoding);
  const width = encoding.startsWith("utf-16") ? 2 : encoding.startsWith("utf-32") ? 4 : 1;
  const low = width > 1 && isBigEndian(content, encoding) ? width - 1 : 0;
  const isSign = (at, code) => {
    for (let index = 0; index < width; index++) if (content[at + index] !== (index === low ? code : 0)) return false;
    return true;
  };
  let lines = 1;
  for (let at = 0; at + width <= end; at += width) {
    if (isSign(at, 10)) lines += at >= width && isSign(at - width, 13) ? 0 : 1;
    else if (isSign(at, 13)) lines += 1;
  }
  return lines;
}

function isBigEndian(content, encoding) {
  if (encoding.startsWith("utf-32")) return startsWith(content, [0, 0, 0xfe, 0xff]);
  return wideForm(content, encoding).name === "utf-16be";
}

/** Return where the first byte stands that is none of the encoding's, as Python counts: after UTF-8's mark. */
function firstBroken(content, encoding) {
  const table = rules.decoding.TABLES[encoding];
  if (table) return content.findIndex((byte) => table[byte] === "\ufffd");
  if (encoding.startsWith("utf-16")) return firstBrokenUtf16(content, encoding);
  if (encoding.startsWith("utf-32")) return firstBrokenUtf32(content);
  return firstBrokenUtf8(content.subarray(wideForm(content, encoding).skip));
}

function firstBrokenUtf8(content) {
  let at = 0;
  while (at < content.length) {
    const size = utf8Size(content, at);
    if (size === 0) return at;
    at += size;
  }
  return at;
}

/** Return how many bytes the sign at this place takes, 0 where it is none. */
function utf8Size(content, at) {
  const first = content[at];
  if (first < 0x80) return 1;
  const follows = (index, low = 0x80, high = 0xbf) => content[at + index] >= low && content[at + index] <= high;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const second = first === 0xe0 ? follows(1, 0xa0) : first === 0xed ? follows(1, 0x80, 0x9f) : follows(1);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const second = first === 0xf0 ? follows(1, 0x90) : first === 0xf4 ? follows(1, 0x80, 0x8f) : follows(1);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

function firstBrokenUtf16(content, encoding) {
  const high = wideForm(content, encoding).name === "utf-16be" ? 0 : 1;
  const kind = (at) => (at + 2 > content.length ? -1 : content[at + high] & 0xfc);
  for (let at = 0; at < content.length; at += 2) {
    if (kind(at) === -1 || kind(at) === 0xdc) return at;
    if (kind(at) === 0xd8) {
      if (kind(at + 2) !== 0xdc) return at;
      at += 2;
    }
  }
  return content.length;
}

function firstBrokenUtf32(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const big = startsWith(content, [0, 0, 0xfe, 0xff]);
  for (let at = 0; at < content.length; at += 4) {
    const code = at + 4 <= content.length ? view.getUint32(at, !big) : NaN;
    if (!(code < 0xd800 || (code > 0xdfff && code <= 0x10ffff))) return at;
  }
  return content.length;
}

function wideWithoutMark(content) {
  const head = content.subarray(0, 4000);
  if (head.length < 4 || !head.includes(0)) return null;
  const share = (first) => {
    let zeros = 0;
    let count = 0;
    for (let index = first; index < head.length; index += 2, count++) zeros += head[index] === 0 ? 1 : 0;
    return zeros / count;
  };
  const [even, odd] = [share(0), share(1)];
  if (odd > 0.2 && even < 0.02) return "utf-16-le";
  return even > 0.2 && odd < 0.02 ? "utf-16-be" : null;
}

function isMostlyUtf8(content) {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content.subarray(0, rules.decoding.SAMPLE));
  let broken = 0;
  let beyond = 0;
  for (const sign of text) {
    if (sign === "\ufffd") broken++;
    if (sign.codePointAt(0) > 127) beyond++;
  }
  return beyond - broken > 4 * broken;
}

function eightBit(content, country) {
  const found = (bytes) => [...new Set(Array.from(rules.decoding.WORD_BYTES.findAll(latin1(bytes)), (match) => match[0]))];
  let words = found(content.subarray(0, rules.decoding.SAMPLE));
  if (!words.length) words = found(content);
  let latin = 0;
  let letters = 0;
  for (const word of words) {
    letters += word.length;
    for (let index = 0; index < word.length; index++) {
      const byte = word.charCodeAt(index);
      if (byte > 64 && byte < 128) latin++;
    }
  }
  let best = null;
  let bestScore = -Infinity;
  for (const [encoding, alphabet] of latin > letters / 2 ? rules.decoding.LATIN : otherAlphabets(country)) {
    const score = likeness(words, rules.decoding.TABLES[encoding], new Set(alphabet));
    if (score > bestScore && decodes(content, encoding)) [best, bestScore] = [encoding, score];
  }
  return best ? { encoding: best } : { encoding: null, problem: "unknown_encoding" };
}

function otherAlphabets(country) {
  const { CYRILLIC, GREEK, GREEK_LETTERS, RUSSIAN_AND_KAZAKH, GREEK_COUNTRIES, KAZAKH_COUNTRIES } = rules.decoding;
  const names = CYRILLIC.filter((name) => name !== "kz1048" || KAZAKH_COUNTRIES.includes(country));
  const cyrillic = names.map((name) => [name, RUSSIAN_AND_KAZAKH]);
  const greek = GREEK.map((name) => [name, GREEK_LETTERS]);
  return GREEK_COUNTRIES.includes(country) ? [...greek, ...cyrillic] : [...cyrillic, ...greek];
}

/** Return how much these words look like words in these letters when read by this table. */
function likeness(words, table, alphabet) {
  let score = 0;
  for (const word of words) {
    if (word.length === 1) continue;
    let before = " ";
    for (let index = 0; index < word.length; index++) {
      const sign = table[word.charCodeAt(index)];
      score += signLikeness(before, sign, alphabet);
      before = sign;
    }
  }
  return score;
}

function signLikeness(before, sign, alphabet) {
  let score = 0;
  if ((isAlpha(sign) && isDigit(before)) || (isDigit(sign) && isAlpha(before))) score -= 2;
  if (sign.charCodeAt(0) < 128) return score;
  if (alphabet.has(sign.toLowerCase())) score += 1;
  else if (!rules.decoding.SIGNS.includes(sign)) score -= 2;
  if (/^\p{Lowercase}$/u.test(before) && /^\p{Uppercase}$/u.test(sign)) score -= 2;
  return score;
}
