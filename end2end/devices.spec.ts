// N10, S8: a machine without a network gets its licences by files; a lost one is recovered.
import { containerWithLicence, Lab } from './machines.ts'
import { askedFirst, expect, expectAccessible, openTab, test, type Page, type Portal } from './portal.ts'

const lab = test.extend<{ machine: Lab }>({
  machine: async ({}, use) => {
    const machine = new Lab()
    await use(machine)
    machine.remove()
  },
})

async function download(page: Page, link: string, to: string) {
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: link }).click()
  await (await download).saveAs(to)
}

/** The row of the licence in the container. */
const licence = (page: Page) => page.getByRole('row', { name: /Studio Professional/ })

async function upload(page: Page, file: string) {
  await page.getByLabel('File, or photo of the QR code').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload' }).click()
}

/** Request, update and receipt; yields what the machine said. */
async function exchange(page: Page, machine: Lab): Promise<string> {
  await upload(page, machine.path('request.jwt'))
  await expect(page.getByText('The request was taken.')).toBeVisible()
  await download(page, 'Download the update', machine.path('update.jwt'))
  const said = machine.update()
  await upload(page, machine.path('receipt.jwt'))
  await expect(page.getByText('The receipt was taken.')).toBeVisible()
  return said
}

/** A device of somebody with one licence for it; the page shows it. */
async function device(page: Page, portal: Portal) {
  await containerWithLicence(page, portal, 'Lab 7', 'Device: one machine, also without a network')
  await expect(licence(page)).toContainText('waits for the machine to fetch it')
}

lab('N10: licences come to a machine without a network, and back', async ({ page, portal, machine }) => {
  lab.setTimeout(60_000)
  await portal.desk(page, 'user-1.1.1')
  await device(page, portal)
  await download(page, 'Download the setup file', machine.path('setup.json'))
  machine.request('--setup', machine.path('setup.json'))

  await test.step('what is no request is refused in words', async () => {
    const address = page.url()
    await upload(page, machine.path('setup.json'))
    await expect(page.getByText('This is neither a request nor a receipt of a machine.')).toBeVisible()
    await page.goto(address)
  })

  await upload(page, machine.path('request.jwt'))
  await expect(page.getByText('The request was taken.')).toBeVisible()
  await expect(licence(page)).toContainText('not confirmed yet')
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
  await expectAccessible(page)
  await download(page, 'Download the update', machine.path('update.jwt'))
  expect(machine.update()).toContain('ST-PRO')
  await upload(page, machine.path('receipt.jwt'))
  await expect(page.getByText('The receipt was taken.')).toBeVisible()
  await expect(licence(page)).toContainText('on the machine until')

  expect(machine.run('run', '--offline', 'ST-PRO', '--', 'sh', '-c', 'echo it runs').said).toContain('it runs')
  expect(machine.run('update', machine.path('setup.json')).code, 'no update').toBe(65)

  await portal.ready(page)
  await page.getByRole('button', { name: 'Deactivate: Studio Professional' }).click()
  await expect(licence(page)).toContainText('given back; free when the machine confirms it')
  machine.request()
  await exchange(page, machine)
  await expect(page.getByText('Nothing is activated in this container.')).toBeVisible()
  expect(machine.run('run', '--offline', 'ST-PRO', '--', 'true').code, 'the licence is gone').toBe(78)

  await test.step('an empty container is removed', async () => {
    await portal.ready(page)
    await openTab(page, 'Settings')
    await askedFirst(page, 'Remove the container')
    await expect(page.getByRole('heading', { level: 1, name: 'Containers' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Lab 7' })).toHaveCount(0)
  })
})

lab('S8: a lost machine is recovered by an admin of the ticket', async ({ page, portal, machine, browser }) => {
  lab.setTimeout(60_000)
  await portal.desk(page, 'user-1.1.1')
  await device(page, portal)
  const container = page.url()
  await download(page, 'Download the setup file', machine.path('setup.json'))
  machine.request('--setup', machine.path('setup.json'))
  await exchange(page, machine)

  await portal.ready(page)
  await openTab(page, 'Settings')
  await page.getByRole('button', { name: 'Report lost' }).click()
  await expect(page.getByText('reported lost', { exact: true })).toBeVisible()
  await openTab(page, 'Licences')
  await expect(licence(page)).toContainText('an admin of its ticket can recover it before')
  await expect(page.getByRole('button', { name: /^(Deactivate|Recover)/ })).toHaveCount(0)

  const { page: admin } = await portal.other(browser, 'admin-1.1.1')
  await admin.goto(container)
  await admin.getByRole('button', { name: 'Recover now: Studio Professional' }).click()
  await expect(admin.getByText('Nothing is activated in this container.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Nothing is activated in this container.')).toBeVisible()

  await expect(page.getByRole('region', { name: 'Offline exchange' }), 'a lost machine gets nothing').toHaveCount(0)
  await portal.ready(page)
  await openTab(page, 'Settings')
  await page.getByRole('button', { name: 'It was found' }).click()
  await openTab(page, 'Licences')
  await expect(page.getByRole('region', { name: 'Offline exchange' })).toBeVisible()
})
