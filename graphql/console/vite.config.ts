import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { CHUNKS } from "./vite/chunks.ts";
import { compressedAssets } from "./vite/compression.ts";
import { macros } from "./vite/macros.ts";
import { ownLanguages } from "./vite/own_languages.ts";
import { pseudoLocale } from "./vite/pseudo_locale.ts";
import { signInPage } from "./vite/sign_in_page.ts";
import { trustedDocuments } from "./vite/trusted_documents.ts";

const SERVER = process.env["WARDSHIP_SERVER"] ?? "http://localhost:8000";
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/console/",
  plugins: [
    trustedDocuments(here("../../schema.graphql")),
    macros(),
    ownLanguages(["en", "de"]),
    pseudoLocale(),
    lingui({ failOnCompileError: true }),
    react(),
    signInPage(),
    compressedAssets(),
  ],
  // `npm run dev` shows the pages as they are written, in front of a running server, to which it says that it is its own page.
  server: {
    proxy: Object.fromEntries(["/auth", "/graphql"].map((path) => [path, { target: SERVER, ws: true, changeOrigin: true, headers: { origin: SERVER } }])),
  },
  optimizeDeps: { entries: ["index.html"] },
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
    rolldownOptions: { input: ["index.html", "sign_in.html", "explorer.html"].map(here), output: { codeSplitting: { groups: CHUNKS } } },
  },
});
