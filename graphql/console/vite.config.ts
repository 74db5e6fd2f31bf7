import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressedAssets } from "./vite/compression.ts";
import { macros } from "./vite/macros.ts";
import { pseudoLocale } from "./vite/pseudo_locale.ts";
import { trustedDocuments } from "./vite/trusted_documents.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/console/",
  plugins: [
    trustedDocuments(here("../../schema.graphql")),
    macros(),
    pseudoLocale(),
    lingui({ failOnCompileError: true }),
    react(),
    compressedAssets(),
  ],
  worker: { format: "es" },
  css: { modules: { localsConvention: "camelCaseOnly" } },
  build: {
    outDir: here("../../build/console"),
    emptyOutDir: true,
    target: "es2023",
    // The pages' content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // Monaco is one large library; splitting it would not make it smaller.
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
    // The licences of what is bundled go with it.
    license: { fileName: "licences.md" },
    rolldownOptions: { input: [here("index.html"), here("explorer.html")] },
  },
});
