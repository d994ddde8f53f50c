import { loadCommonJs } from "./common-js.ts";

/** The packages that are not bundled, because they have native parts, WebAssembly or data. */
export interface Natives {
  /** Returns when they can be loaded; called before anything of them is. */
  ready(): Promise<void>;
  /** The version of one of them that is loaded, or would be, without loading it. */
  version(name: string): string;
}

/** Those that npm installed beside us. */
export const installedNatives: Natives = {
  async ready() {},

  version(name) {
    const { version } = loadCommonJs(`${name}/package.json`) as { version: string };
    return version;
  },
};
