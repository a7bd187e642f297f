// What lies in a zip archive, read from its directory, and its parts unfolded piece by piece by the browser itself.

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const ZIP64 = 0x0001;
const LATEST = 63; // the version of the format, in tenths
const ENCRYPTED_OR_PATCHED = 0x0061; // flags
const STORED = 0;
const DEFLATED = 8;

export class ZipDamaged extends Error {}

/** The entries of an archive by name: {method, crc, packed, size, offset, name, flags}. Throws ZipDamaged. */
export function zipEntries(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const end = endOfDirectory(view);
  const size = view.getUint32(end + 12, true);
  // What stands before the archive moves all of it.
  const start = end - size;
  const moved = start - view.getUint32(end + 16, true);
  if (start < 0) throw new ZipDamaged();
  const entries = new Map();
  for (let at = start; at < end; ) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY || content[at + 6] > LATEST) throw new ZipDamaged();
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const entry = {
      flags: view.getUint16(at + 8, true), method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true) + moved, name: content.subarray(at + 46, at + 46 + nameLength),
    };
    const extra = at + 46 + nameLength;
    widen(entry, view, extra, Math.min(extraLength, end - extra));
    // The names that a workbook must have are plain ones, whatever the others are written in.
    entries.set(new TextDecoder().decode(entry.name), entry);
    at = extra + extraLength + noteLength;
  }
  return entries;
}

function endOfDirectory(view) {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 65535); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new ZipDamaged();
}

/** Take the sizes that do not fit into 32 bits from where ZIP64 keeps them, among the entry's further fields. */
function widen(entry, view, start, length) {
  for (let at = start; at + 4 <= start + length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > start + length) throw new ZipDamaged();
    let place = at + 4;
    for (const field of view.getUint16(at, true) === ZIP64 ? ["size", "packed", "offset"] : []) {
      if (entry[field] !== 0xffffffff) continue;
      if (place + 8 > end) throw new ZipDamaged();
      entry[field] = Number(view.getBigUint64(place, true));
      place += 8;
    }
    at = end;
  }
}

/** Read every part once. Throws ZipDamaged where one is not what the directory says. */
export async function verify(content, entries) {
  for (const entry of entries.values()) for await (const _piece of unfolded(content, entry)) continue;
}

/** Yield a part's bytes piece by piece. Throws ZipDamaged where they are not what the directory says. */
export async function* unfolded(content, entry) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const isThere = entry.offset >= 0 && entry.offset + 30 <= content.length;
  if (!isThere || view.getUint32(entry.offset, true) !== LOCAL) throw new ZipDamaged();
  const length = view.getUint16(entry.offset + 26, true);
  const name = content.subarray(entry.offset + 30, entry.offset + 30 + length);
  const isNamed = name.length === entry.name.length && name.every((byte, index) => byte === entry.name[index]);
  if (!isNamed || entry.flags & ENCRYPTED_OR_PATCHED) throw new ZipDamaged();
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  if (start + entry.packed > content.length) throw new ZipDamaged();
  const packed = content.subarray(start, start + entry.packed);
  let crc = -1;
  let size = 0;
  for await (const piece of pieces(packed, entry.method)) {
    crc = checksum(crc, piece);
    size += piece.length;
    if (size > entry.size) throw new ZipDamaged();
    yield piece;
  }
  if (size !== entry.size || (crc ^ -1) >>> 0 !== entry.crc) throw new ZipDamaged();
}

async function* pieces(packed, method) {
  if (method === STORED) {
    yield packed;
    return;
  }
  if (method !== DEFLATED) throw new ZipDamaged();
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (;;) {
    // Where unfolding fails it ends; size and checksum tell whether all was there, as when more bytes follow.
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    yield value;
  }
}

const TABLE = Int32Array.from({ length: 256 }, (_zero, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function checksum(crc, piece) {
  for (let index = 0; index < piece.length; index++) crc = (crc >>> 8) ^ TABLE[(crc ^ piece[index]) & 255];
  return crc;
}
