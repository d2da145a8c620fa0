import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // A font inlined as data: would need a wider content security policy.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  // The host stays the page's own, or the server would take its writes for another site's.
  server: { proxy: { '/api': { target: 'http://localhost:4400', changeOrigin: false } } },
})
