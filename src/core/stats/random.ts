/** A stream of random numbers that a seed decides: the same on every machine and version of Node. */
export interface Random {
  /** The next 32 bits, as an integer from 0 to 2³² − 1. */
  next(): number;
  /** A number from 0 (included) to 1 (excluded), with 53 random bits. */
  uniform(): number;
  /** An integer from 0 to `size` − 1; `size` is at most 2³². Its bias is below `size` / 2³². */
  below(size: number): number;
}

/**
 * xoshiro128** 1.1 from a state of four 32-bit words that are not all zero.
 *
 * Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021).
 *
 * @example xoshiro([1, 2, 3, 4]).next() // => 11520
 */
export function xoshiro(state: readonly [number, number, number, number]): Random {
  const words = Uint32Array.from(state); // a typed array, since captured numbers of 32 bits would be boxed
  const next = (): number => {
    const second = words[1] as number;
    const product = Math.imul(second, 5);
    const third = (words[2] as number) ^ (words[0] as number);
    const fourth = (words[3] as number) ^ second;
    words[1] = second ^ third;
    words[0] = (words[0] as number) ^ fourth;
    words[2] = third ^ (second << 9);
    words[3] = (fourth << 11) | (fourth >>> 21);
    return Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
  };
  return {
    next,
    uniform: () => ((next() >>> 5) * 0x400_0000 + (next() >>> 6)) / 2 ** 53,
    below: (size) => Math.floor((next() / 2 ** 32) * size),
  };
}

/**
 * The stream of a seed and a name. Streams of different names are independent, so what one part
 * draws does not depend on whether another part draws too.
 *
 * The four words of the state come from SplitMix64 started at the seed, as the authors of xoshiro
 * advise, moved by the name's FNV-1a hash; without a name it is the stream of `seed_from_u64` in
 * Rust's rand_xoshiro.
 *
 * @param seed a whole number from 0 to 2⁵³ − 1
 * @example random(7, "rows").next() === random(7, "rows").next() // => true
 * @example random(7, "rows").next() === random(7, "cells").next() // => false
 */
export function random(seed: number, name = ""): Random {
  let state = BigInt(seed) ^ (name === "" ? 0n : fnv(name));
  const words: number[] = [];
  for (let draw = 0; draw < 2; draw++) {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK;
    mixed ^= mixed >> 31n;
    words.push(Number(mixed & 0xffff_ffffn), Number(mixed >> 32n));
  }
  const [a = 0, b = 0, c = 0, d = 0] = words;
  return xoshiro([a, b, c, d]);
}

const MASK = (1n << 64n) - 1n;

/** Fowler, Noll and Vo's hash FNV-1a of the name's UTF-16 units, 64 bits. */
function fnv(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & MASK;
  }
  return hash;
}
