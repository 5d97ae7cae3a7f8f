// S8–S11, N10 in German: activate, transfer, download, replace, reset, and the exchange with a machine.
import { downloaded, Lab, Machine } from './machines.ts'
import { askedFirst, expect, expectAccessible, openTab, rowOf, test, type Page, type Portal } from './portal.ts'

test.use({ locale: 'de-DE' })

async function newContainer(page: Page, portal: Portal, name: string, kind?: string): Promise<string> {
  await page.goto('/containers/new')
  await portal.ready(page)
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  if (kind !== undefined) await page.getByRole('combobox', { name: 'Art' }).selectOption({ label: kind })
  await page.getByRole('button', { name: 'Anlegen', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  return page.url()
}

async function activateIn(page: Page, portal: Portal, container: string) {
  await page.goto('/tickets/all')
  await portal.ready(page)
  await rowOf(page, '10 × Studio Professional').getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Lizenzen' })).toBeVisible()
  await portal.ready(page)
  await page.getByRole('combobox', { name: 'Aktivieren in' }).selectOption(`User 1.1.1 · ${container}`)
  await page.getByRole('button', { name: 'Aktivieren: Studio Professional' }).click()
  await expect(page.getByText('1 von 10 aktiviert')).toBeVisible()
}

test('8: eine Lizenz wird aktiviert, zieht um und wird zurückgegeben', async ({ page, portal }) => {
  await portal.desk(page, 'user-1.1.1')
  const laptop = await newContainer(page, portal, 'Laptop')
  await newContainer(page, portal, 'Rechner im Büro')
  await activateIn(page, portal, 'Laptop')
  await page.goto(laptop)
  await portal.ready(page)
  await page.getByRole('checkbox', { name: 'Studio Professional auswählen' }).check()
  await page.getByRole('combobox', { name: 'Container' }).selectOption('User 1.1.1 · Rechner im Büro')
  await page.getByRole('button', { name: 'Umziehen', exact: true }).click()
  await expect(page.getByText('In diesem Container ist nichts aktiviert.')).toBeVisible()
  await page.goto('/containers')
  await portal.ready(page)
  await page.getByRole('link', { name: 'Rechner im Büro' }).click()
  await portal.ready(page)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Deaktivieren: Studio Professional' }).click()
  await expect(page.getByText('In diesem Container ist nichts aktiviert.')).toBeVisible()
})

test('27: eine Credential-Datei wird ausgestellt, ersetzt und zurückgesetzt', async ({ page, portal }) => {
  await portal.desk(page, 'user-1.1.1')
  const container = await newContainer(page, portal, 'Build-Server')
  await activateIn(page, portal, 'Build-Server')
  await page.goto(container)
  await portal.ready(page)
  await openTab(page, 'Zugangsdaten')
  const region = page.getByRole('region', { name: 'Zugangsdaten' })
  await expect(region.getByText('Es gibt noch keine Zugangsdaten.')).toBeVisible()
  await region.getByRole('textbox', { name: 'Bezeichnung' }).fill('Prüfstand')
  const issued = await downloaded(page, 'Ausstellen und herunterladen')
  expect(issued.name).toBe('Build-Server-Prüfstand.credential.json')
  const old = new Machine(portal.url, issued.file)
  expect(await old.login()).toBe(200)
  expect(await old.ask('POST', '/leases', { product: 'ST-PRO', holder: 'runner-1' })).toMatchObject({ status: 201 })
  const row = page.getByRole('row', { name: /^Prüfstand/ })
  await row.getByText('Ersetzen, widerrufen').click()
  const fresh = new Machine(portal.url, (await downloaded(page, 'Ersetzen und herunterladen: Prüfstand')).file)
  expect([await old.login(), await fresh.login()]).toEqual([200, 200])
  await expect(row).toHaveCount(2)
  await askedFirst(page, 'Zugangsdaten zurücksetzen')
  await expect(page.getByText('widerrufen', { exact: true })).toHaveCount(2)
  expect([await old.login(), await fresh.login()]).toEqual([401, 401])
})

test('N10: eine Maschine ohne Netz bekommt ihre Lizenz als Datei', async ({ page, portal }) => {
  await portal.desk(page, 'user-1.1.1')
  const device = await newContainer(page, portal, 'Labor 7', 'Gerät: eine Maschine, auch ohne Netz')
  await activateIn(page, portal, 'Labor 7')
  await page.goto(device)
  await portal.ready(page)
  const licence = page.getByRole('row', { name: /Studio Professional/ })
  await expect(licence).toContainText('wartet darauf, dass die Maschine sie abholt')
  const machine = new Lab()
  try {
    const save = async (link: string, to: string) => {
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: link }).click()
      await (await download).saveAs(machine.path(to))
    }
    const bring = async (file: string, answer: string) => {
      await page.getByLabel('Datei oder Foto des QR-Codes').setInputFiles(machine.path(file))
      await page.getByRole('button', { name: 'Hochladen' }).click()
      await expect(page.getByText(answer)).toBeVisible()
    }
    await save('Setup-Datei herunterladen', 'setup.json')
    machine.request('--setup', machine.path('setup.json'))
    await bring('request.jwt', 'Die Anfrage wurde angenommen.')
    await expectAccessible(page)
    await save('Update herunterladen', 'update.jwt')
    expect(machine.update()).toContain('ST-PRO')
    await bring('receipt.jwt', 'Die Quittung wurde angenommen.')
    await expect(licence).toContainText('auf der Maschine bis')
  } finally {
    machine.remove()
  }
})
