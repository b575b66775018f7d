import { defineConfig } from 'vite';

/** The output is the same to the byte wherever and whenever it is built: names follow content, and no time or path enters. */
export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
});
