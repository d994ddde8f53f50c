/** A file that is made from a declaration. */
export interface Generated {
  /** From the root of the repository. */
  readonly path: string;
  /** The whole text; it begins by saying what made it. */
  make(): string | Promise<string>;
}

export const MADE_BY = "made by scripts/generate.ts (npm run generate); change that, not this";
