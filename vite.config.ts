import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** As the server does it: whatever stands behind /l/ is the page of links. */
const linkPage: Plugin = {
  name: 'link-page',
  configureServer({ middlewares }) {
    middlewares.use((request, _, next) => {
      if (request.url?.startsWith('/l/')) request.url = '/link.html'
      next()
    })
  },
}

export default defineConfig({
  plugins: [react(), linkPage],
  // A font inlined as data: would need a wider content security policy.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: ['index.html', 'link.html'] },
  },
  // The host stays the page's own, or the server would take its writes for another site's.
  server: { proxy: { '/api': { target: 'http://localhost:4400', changeOrigin: false } } },
})
