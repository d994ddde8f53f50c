/**
 * Memory for parts of objects on their way, with a bound for all of them together: who wants more waits.
 * One part is always granted, however large.
 */
export interface Buffers {
  take(size: number): Promise<Buffer>;
  /** Hands back what `take` gave. */
  give(buffer: Buffer): void;
}

/** @param most bytes that may be out at once */
export function buffersOf(most: number): Buffers {
  const waiting: { readonly size: number; readonly grant: (buffer: Buffer) => void }[] = [];
  let spare: Buffer[] = [];
  let out = 0;

  const grant = (size: number): Buffer => {
    out += size;
    const fitting = spare.findIndex((one) => one.length === size);
    if (fitting !== -1) return spare.splice(fitting, 1)[0] as Buffer;
    spare = []; // another size is asked for: what is kept would only add to it
    return Buffer.allocUnsafeSlow(size);
  };
  const fits = (size: number): boolean => out === 0 || out + size <= most;

  return {
    async take(size) {
      if (waiting.length === 0 && fits(size)) return grant(size);
      return new Promise((resolve) => waiting.push({ size, grant: resolve }));
    },

    give(buffer) {
      out -= buffer.length;
      spare.push(buffer);
      for (let next = waiting[0]; next !== undefined && fits(next.size); next = waiting[0]) {
        waiting.shift();
        next.grant(grant(next.size));
      }
    },
  };
}
