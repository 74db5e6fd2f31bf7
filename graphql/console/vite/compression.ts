/** Writes each asset again in Brotli and gzip, where that is shorter: the server never compresses while people wait. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(?:css|js|svg|ttf)$/;
/** Of less, what is saved fits into the same packet. */
const SHORTEST = 1024;
/** Above it the best quality of Brotli takes seconds, and the one before it gives a few hundredths more. */
const LONGEST_FOR_BEST = 512 * 1024;

const inBrotli = promisify(brotliCompress);
const inGzip = promisify(gzip);

export function compressedAssets(): Plugin {
  return {
    name: "wardship-compressed-assets",
    apply: "build",
    async writeBundle({ dir }, bundle) {
      if (!dir) this.error("The assets have no folder.");
      const names = Object.keys(bundle).filter((name) => COMPRESSIBLE.test(name));
      await Promise.all(names.map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < SHORTEST) return;
  const quality = content.length > LONGEST_FOR_BEST ? 9 : constants.BROTLI_MAX_QUALITY;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const made = { ".br": await inBrotli(content, { params }), ".gz": await inGzip(content, { level: 9 }) };
  for (const [suffix, bytes] of Object.entries(made)) {
    if (bytes.length < content.length) await writeFile(path + suffix, bytes);
  }
}
