import { defineConfig } from '@playwright/test'
import type { Engine } from './portal.ts'

const withoutScript = /\.noscript\.spec\.ts$/
/** What is on phones only. */
const handheld = /\.(touch|phone)\.spec\.ts$/
/** What is another thing on a phone; the rest is the same there, and would only take its time again. */
const onPhones = /\/(accessibility|accounts|amendments|amendments\.german|credentials|devices|licenses|licenses\.german|memberships|password_links|personal_tokens|requests|second_factors|splits|take_backs|take_backs\.german|use_by_person|login|sessions|move|language|.*\.(touch|phone))\.spec\.ts$/

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
    // They would keep requests from being held back; the one test about them lets them in.
    serviceWorkers: 'block',
    // Without pictures of every step: those take more time than the tests.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false, sources: false },
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
    { name: 'desktop', testIgnore: [withoutScript, handheld], use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      testMatch: onPhones,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
    {
      name: 'no-script',
      testMatch: withoutScript,
      use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false },
    },
  ],
})
