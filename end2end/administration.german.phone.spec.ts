// N3, N7, N15, N16, imports and webhooks, as an admin has them on a phone in German: dark, and no wider than the screen.
import { chooseAction, expect, expectAccessible, rowsOf, test, type Page } from './portal.ts'
import { Receiver } from './receiver.ts'

test.use({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 320, height: 700 } })

async function fits(page: Page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, 'no sideways scrolling').toBeLessThanOrEqual(320)
  await expectAccessible(page)
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

test('N3: mehrere Tickets werden verschoben, soweit es geht, und zurückgeholt', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  for (const contents of ['10 × Studio Professional', '5 × Studio Professional, 20 × Viewer']) {
    await rowsOf(page).filter({ hasText: contents }).getByRole('checkbox').check()
  }
  await page.getByRole('button', { name: 'Verschieben nach… 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Verschieben nach…' })
  await dialog.getByRole('radio', { name: 'Group 1.2 Group 1 · 1 von 2 erlaubt' }).check()
  await dialog.getByRole('button', { name: 'Verschieben', exact: true }).click()
  const preview = page.getByRole('dialog', { name: 'Vorschau' })
  await expect(preview).toContainText('1 erlaubt, 1 abgelehnt')
  await fits(page)
  await preview.getByRole('button', { name: 'Nur das 1 erlaubte verschieben' }).click()
  await expect(rowsOf(page).filter({ hasText: '10 × Studio Professional' })).toContainText('Group 1.2')
  await page.getByRole('button', { name: /^Rückgängig/ }).click()
  await expect(rowsOf(page).filter({ hasText: '10 × Studio Professional' })).toContainText('Group 1.1')
})

test('N16, N7: eine Person wird angesehen, wie sie das Portal sieht, und tritt aus', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1', '/users?q=1.2.1')
  await page.getByRole('link', { name: 'User 1.2.1' }).click()
  await chooseAction(page, 'Als diese Person ansehen')
  const banner = page.getByRole('region', { name: 'Ansicht als andere Person' })
  await expect(banner).toContainText('Sie sehen das Portal als User 1.2.1')
  await portal.ready(page)
  await fits(page)
  await banner.getByRole('button', { name: 'Ansicht beenden' }).click()
  await expect(heading(page, 'User 1.2.1')).toBeVisible()
  await portal.ready(page)
  await fits(page)

  await chooseAction(page, 'Austritt abwickeln')
  await expect(heading(page, 'Austritt: User 1.2.1')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Group 1 › Group 1.2' }).uncheck()
  await page.getByRole('button', { name: 'Vorschau' }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Was geschehen wird' }), 'in sight').toBeFocused()
  await fits(page)
  await page.getByRole('button', { name: 'Alles ausführen' }).click()
  await expect(page).toHaveURL(/\/leavers\/\d+$/)
  await expect(page.getByRole('table', { name: 'Austritt: Bericht' })).toContainText('User 1.2.1')
  await fits(page)
})

test('N15: eine Datei wird importiert, und was sie bringt, läuft bald ab', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/imports')
  await portal.ready(page)
  await fits(page)
  const soon = new Date(Date.now() + 5.5 * 86_400_000).toISOString().slice(0, 19) + 'Z'
  const group = { key: 'werk', name: 'Werk', parent: null }
  const ticket = { owner: { group: 'werk' }, licenses: [{ product: 'VIEW', quantity: 4, valid_until: soon }] }
  const file = { format: 'license-portal/organisation@1', groups: [group], tickets: [ticket] }
  const buffer = Buffer.from(JSON.stringify(file))
  await page.getByLabel(/^Datei \(CSV oder JSON/).setInputFiles({ name: 'werk.json', mimeType: 'application/json', buffer })
  await page.getByRole('button', { name: 'Datei prüfen' }).click()
  await expect(heading(page, 'werk.json')).toBeVisible()
  await portal.ready(page)
  await fits(page)
  await page.getByRole('button', { name: 'Jetzt importieren' }).click()
  await expect(page.getByText('Die Datei ist importiert.')).toBeVisible()

  await page.goto('/expiring')
  await portal.ready(page)
  const rows = page.getByRole('table', { name: 'Läuft ab' }).getByRole('row').filter({ has: page.getByRole('cell') })
  await expect(rows).toHaveText([/4 × Viewer/])
  await fits(page)
  await page.getByRole('combobox', { name: 'Innerhalb von' }).selectOption('1 Tag')
  await page.getByRole('button', { name: 'Anzeigen' }).click()
  await expect(page.getByText('In dieser Zeit läuft nichts davon ab.')).toBeVisible()
  expect(new URL(page.url()).search, 'nothing but the fields').toBe('?days=1&product=')
})

test('ein Webhook wird angelegt, geprüft und gelöscht', async ({ page, portal }) => {
  const receiver = await Receiver.start()
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/webhooks')
  await portal.ready(page)
  await expect(page.getByText('Es gibt noch keine Webhooks.')).toBeVisible()
  await fits(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Der Service-Desk mit einem recht langen Namen, damit er umbricht')
  await page.getByRole('textbox', { name: 'Adresse des Empfängers' }).fill('http://example.org/')
  await page.getByRole('button', { name: 'Webhook anlegen' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'https://' }), 'in sight').toBeInViewport()
  await page.getByRole('textbox', { name: 'Adresse des Empfängers' }).fill(receiver.url)
  await page.getByRole('button', { name: 'Webhook anlegen' }).click()
  await expect(heading(page, 'Der Service-Desk mit einem recht langen Namen, damit er umbricht')).toBeFocused()
  await page.getByRole('button', { name: 'Test senden' }).click()
  const rows = page.getByRole('table', { name: 'Protokoll' }).getByRole('row').filter({ has: page.getByRole('cell') })
  await expect(rows.filter({ hasText: 'Test' })).toContainText('Zugestellt (Status 204)')
  expect(receiver.messages.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toContain('ping')
  await fits(page)

  await page.context().setOffline(true)
  const name = page.getByRole('textbox', { name: 'Name' })
  await name.fill('Anderer Name')
  await page.getByRole('button', { name: 'Speichern' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'nicht erreichbar' }).first()).toBeInViewport()
  await expect(name, 'nothing typed is lost').toHaveValue('Anderer Name')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Speichern' }).click()
  await expect(heading(page, 'Anderer Name')).toBeVisible()

  await page.getByRole('group').getByText('Webhook löschen').first().click()
  await fits(page)
  await page.getByRole('button', { name: 'Webhook löschen' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Der Webhook wurde gelöscht.' })).toBeVisible()
  receiver.stop()
})
