import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressedAssets } from "./compression";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/console/",
  plugins: [react(), compressedAssets()],
  worker: { format: "es" },
  build: {
    outDir: here("../../build/console"),
    emptyOutDir: true,
    target: "es2023",
    // The pages' content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco is one large library; splitting it would not make it smaller.
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
    // The licences of what is bundled go with it.
    license: { fileName: "licences.md" },
    rolldownOptions: { input: [here("index.html"), here("explorer.html")] },
  },
});
