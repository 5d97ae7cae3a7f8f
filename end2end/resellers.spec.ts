// S13–S15, N13: a partner with a filter and a quota, its customer, and the customer's first minutes on a phone.
import { expect, expectAccessible, makeContainers, node, openTicket, test, type Page } from './portal.ts'

const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text })
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

test('S15: a partner sells within its limits, and its customer activates straight away', async ({ page, portal, browser }) => {
  test.setTimeout(120_000)
  await portal.desk(page, 'isv-admin', '/')
  const manage = await node(page, 'Group 2').getByRole('link', { name: 'Manage Group 2' }).getAttribute('href')

  await test.step('from above: who may create what, and how much', async () => {
    await page.goto(manage ?? '')
    await portal.ready(page)
    await page.getByRole('checkbox', { name: 'Creates tickets: User 2.2' }).check()
    await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
    await page.getByRole('link', { name: 'Products and quotas' }).click()
    await expect(heading(page, 'Products and quotas')).toBeVisible()
    await page.getByRole('checkbox', { name: 'This group has a filter of its own' }).check()
    await page.getByRole('checkbox', { name: 'Studio Professional (ST-PRO)' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('list', { name: 'Products that may be created here' })).toHaveText('Studio Professional (ST-PRO)')
    await page.getByRole('combobox', { name: 'Product' }).selectOption({ label: 'Studio Professional (ST-PRO)' })
    await page.getByRole('combobox', { name: 'Period' }).selectOption('per month')
    await page.getByRole('spinbutton', { name: 'Quota' }).fill('5')
    await page.getByRole('button', { name: 'Set the quota' }).click()
    await expect(page.getByRole('row', { name: /Studio Professional .* 5 per month 0/ })).toBeVisible()
    await expectAccessible(page)
  })

  await portal.forget(page)
  await portal.begin(page.context(), 'user-2.2')
  await test.step('the partner: too many are refused; a customer and a ticket in one form', async () => {
    await page.goto('/create')
    await portal.ready(page)
    await expect(heading(page, 'Create tickets')).toBeVisible()
    const product = page.getByRole('combobox', { name: 'Product' })
    await expect(product.getByRole('option')).toHaveText(['Studio Professional (ST-PRO) · 5 left this month'])
    await page.getByRole('spinbutton', { name: 'Licences in each ticket' }).fill('6')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(alert(page, 'The quota does not have room for 6 licences: 5 left this month.')).toBeVisible()
    await page.getByRole('spinbutton', { name: 'Licences in each ticket' }).fill('2')
    await page.getByRole('radio', { name: 'A new customer' }).check()
    await page.getByRole('textbox', { name: 'Name of the person' }).fill('Carla Customer')
    await page.getByRole('textbox', { name: 'Mail address', exact: true }).fill('carla@example.org')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(heading(page, 'Created tickets')).toBeVisible()
    await expect(page.getByText('All of these tickets have an owner')).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('the customer, on a phone: link, password, activation', async () => {
    const [mail = ''] = await portal.mails(1)
    expect(mail).toContain('To: carla@example.org')
    const link = mail.replace(/=\r\n/g, '').replace(/=3D/g, '=').match(/http\S+token=[0-9a-f]{64}/)?.[0] ?? ''
    const context = await browser.newContext({
      baseURL: portal.url,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      serviceWorkers: 'block',
      locale: 'en-US',
    })
    const phone = await context.newPage()
    await phone.goto(link)
    await phone.getByLabel('New password', { exact: true }).fill('three small goats in may')
    await phone.getByRole('button', { name: 'Set a new password' }).click()
    await expect(phone.getByRole('status').filter({ hasText: 'The new password is set.' })).toBeVisible()
    await portal.login(phone, 'carla@example.org', 'three small goats in may')
    await expect(phone.getByRole('treegrid')).toBeVisible()
    await makeContainers(phone, 'My laptop')
    await openTicket(phone, portal, '2 × Studio Professional')
    await phone.getByRole('button', { name: 'Activate: Studio Professional' }).click()
    await expect(phone.getByText('1 of 2 activated')).toBeVisible()
    await context.close()
  })

  await test.step('the partner: codes to hand out, and the report', async () => {
    await page.goto('/create')
    await portal.ready(page)
    expect(await page.evaluate(() => scrollY), 'a page begins at its top').toBe(0)
    await page.getByRole('spinbutton', { name: 'Number of tickets' }).fill('3')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(heading(page, 'Created tickets')).toBeVisible()
    await expect(page.getByRole('row', { name: /^[0-9A-Z]{5}-.* free$/ })).toHaveCount(3)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as text' }).click()
    expect((await download).suggestedFilename()).toBe('codes.txt')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Reports' }).click()
    await expect(page.getByRole('row', { name: /Studio Professional ST-PRO 5 \d+ 1 0$/ })).toBeVisible()
    await expectAccessible(page)
  })
})

test.describe('auf Deutsch, 320 px breit', () => {
  test.use({ locale: 'de-DE', viewport: { width: 320, height: 700 }, colorScheme: 'dark' })
  test('S13: der ISV-Admin erstellt eine Serie und sieht Berichte', async ({ page, portal }) => {
    test.setTimeout(60_000)
    await portal.begin(page.context(), 'isv-admin')
    const fits = async () => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width, 'no sideways scrolling').toBeLessThanOrEqual(320)
      await expectAccessible(page)
    }
    await page.goto('/create')
    await portal.ready(page)
    await page.getByRole('spinbutton', { name: 'Anzahl der Tickets' }).fill('2')
    await page.getByRole('radio', { name: 'Einen neuen Kunden' }).check()
    await page.getByRole('radio', { name: 'Von einem Tag bis zu einem Tag' }).check()
    await fits()
    await page.getByRole('radio', { name: 'Unbefristet' }).check()
    await page.getByRole('radio', { name: 'Noch niemanden: Ich gebe die Codes weiter' }).check()
    await page.getByRole('button', { name: 'Erstellen', exact: true }).click()
    await expect(heading(page, 'Erstellte Tickets')).toBeVisible()
    await expect(page.getByText('frei', { exact: true })).toHaveCount(2)
    await fits()
    await page.goto('/reports')
    await portal.ready(page)
    await expect(heading(page, 'Berichte')).toBeVisible()
    await fits()
  })
})
