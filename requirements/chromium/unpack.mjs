// Unpacks the Chromium that the package carries into the folder named by the first argument.
import { createReadStream, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const packed = join(here, "node_modules", "@sparticuz", "chromium", "bin");
const tar = createRequire(import.meta.url)("tar-fs");
const target = process.argv[2];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await pipeline(
  createReadStream(join(packed, "chromium.br")),
  createBrotliDecompress(),
  createWriteStream(join(target, "chromium"), { mode: 0o755 }),
);
for (const name of ["al2023", "fonts", "swiftshader"]) {
  await pipeline(
    createReadStream(join(packed, `${name}.tar.br`)),
    createBrotliDecompress(),
    tar.extract(join(target, name)),
  );
}
