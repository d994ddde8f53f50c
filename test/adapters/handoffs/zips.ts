import { crc32, deflateRawSync } from "node:zlib";

/** One entry of an archive; what is not said is as an honest archiver would write it. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: Buffer | string;
  /** File type and permissions, as Unix archivers write them. */
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  /** The sizes and sum that the archive claims. */
  readonly claims?: { readonly size?: number; readonly crc?: number };
  /** Points at the data of the entry with this index instead of having its own. */
  readonly sameAs?: number;
}

/** Makes an archive by hand, so that it can be as wrong as it likes. */
export function zip(entries: readonly ZipEntry[], claims: { readonly count?: number } = {}): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = Buffer.from(entry.data ?? "");
    const method = entry.method ?? 8;
    const packed = method === 8 ? deflateRawSync(data) : data;
    const flags = entry.flags ?? 0x800;
    const fixed = Buffer.alloc(22);
    fixed.writeUInt16LE(flags, 0);
    fixed.writeUInt16LE(method, 2);
    fixed.writeUInt32LE(entry.claims?.crc ?? crc32(data), 8);
    fixed.writeUInt32LE(packed.length, 12);
    fixed.writeUInt32LE(entry.claims?.size ?? data.length, 16);
    fixed.writeUInt16LE(name.length, 20);

    const offset = entry.sameAs === undefined ? at : (offsets[entry.sameAs] ?? 0);
    offsets.push(offset);
    const head = Buffer.concat([Buffer.from("PK\x03\x04\x14\x00", "latin1"), fixed, Buffer.alloc(2)]);
    if (entry.sameAs === undefined) {
      local.push(head, name, packed);
      at += head.length + name.length + packed.length;
    }
    const rest = Buffer.alloc(16);
    rest.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 8);
    rest.writeUInt32LE(offset, 12);
    const start = Buffer.from("PK\x01\x02\x14\x03\x14\x00", "latin1");
    central.push(start, fixed, rest, name);
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(claims.count ?? entries.length, 8);
  end.writeUInt16LE(claims.count ?? entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}
