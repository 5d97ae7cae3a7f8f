import { defineConfig } from '@playwright/test'
import type { Engine } from './portal.ts'

const withoutScript = /\.noscript\.spec\.ts$/

export default defineConfig<object, { engine: Engine }>({
  testDir: '.',
  outputDir: '../target/end2end',
  reporter: 'list',
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try has found something.
  retries: 0,
  use: {
    engine: process.env.PORTAL_E2E_ENGINE === 'postgres' ? 'postgres' : 'sqlite',
    locale: 'en-US',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', testIgnore: withoutScript, use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      testIgnore: withoutScript,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
    {
      name: 'no-script',
      testMatch: withoutScript,
      use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false },
    },
  ],
})
