// 21: what others do with licences and containers appears by itself, and disturbs nobody.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { activateOne, client, expect, makeContainers, openTab, openTicket, test } from './portal.ts'

const soon = { timeout: 2000 }

test('21: an open page of a container, and one of a ticket, show what another admin does', async ({
  page,
  portal,
  browser,
}) => {
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server')
  await portal.ready(page)
  const container = page.url()
  const ticket = await page.context().newPage()
  await openTicket(ticket, portal, '10 × Studio Professional')
  await expect(ticket.getByText('0 of 10 activated')).toBeVisible()
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await expect(page.getByText('Nothing is activated in this container.')).toBeVisible()
  await openTab(page, 'Settings')
  await name.fill('Half a na')

  const other = await portal.other(browser, 'isv-admin')
  await other.page.goto(ticket.url())
  await other.page.getByRole('combobox', { name: 'Activate in' }).selectOption('Admin 1.1 · Build server')
  await other.page.getByRole('button', { name: 'Activate: Studio Professional', exact: true }).click()
  const licences = (count: number) => page.getByRole('link', { name: `Licences ${count}`, exact: true })
  await expect(licences(1)).toBeVisible(soon)
  await expect(ticket.getByText('1 of 10 activated')).toBeVisible(soon)
  await expect(ticket.getByRole('link', { name: 'Build server of Admin 1.1' })).toBeVisible(soon)

  await other.page.goto(`${container}?tab=settings`)
  await other.page.getByRole('textbox', { name: 'Name', exact: true }).fill('CI server')
  await other.page.getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'CI server' })).toBeVisible(soon)
  await expect(ticket.getByRole('link', { name: 'CI server of Admin 1.1' })).toHaveCount(0)
  // What is half typed stays, and the focus with it.
  await expect(name).toHaveValue('Half a na')
  await expect(name).toBeFocused()

  await openTab(other.page, 'Licences')
  await other.page.getByRole('button', { name: 'Deactivate: Studio Professional' }).click()
  await expect(licences(0)).toBeVisible(soon)
  await expect(ticket.getByText('0 of 10 activated')).toBeVisible(soon)
  await expect(name).toHaveValue('Half a na')
  await expect(name).toBeFocused()
})

test('21: what is half done stays when others change something', async ({ page, portal, browser }) => {
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server')
  await page.goto('/containers/new')
  await portal.ready(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Lab 7')
  await page.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'Device: one machine, also without a network' })
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Lab 7' })).toBeVisible()
  const device = page.url()
  await openTicket(page, portal, '10 × Studio Professional')
  const activate = async (container: string) => {
    await page.getByRole('combobox', { name: 'Activate in' }).selectOption(`Admin 1.1 · ${container}`)
    await page.getByRole('button', { name: 'Activate: Studio Professional' }).click()
  }
  await activate('Lab 7')
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
  const ticket = await page.context().newPage()
  await openTicket(ticket, portal, '10 × Studio Professional')
  await ticket.getByRole('spinbutton', { name: 'Quantity: Studio Professional', exact: true }).fill('7')
  await page.goto(device)
  await portal.ready(page)
  await page.getByRole('checkbox', { name: 'Select Studio Professional' }).check()
  const text = page.getByRole('textbox', { name: 'or its text' })
  await text.fill('half of a requ')

  const other = await portal.other(browser, 'isv-admin')
  await other.page.goto(ticket.url())
  await other.page.getByRole('combobox', { name: 'Activate in' }).selectOption('Admin 1.1 · Lab 7')
  await other.page.getByRole('button', { name: 'Activate: Studio Professional', exact: true }).click()
  await expect(page.getByRole('row', { name: /Studio Professional ST-PRO/ })).toHaveCount(2, soon)
  await expect(ticket.getByText('2 of 10 activated')).toBeVisible(soon)
  await expect(page.getByRole('checkbox', { name: 'Select Studio Professional' }).first()).toBeChecked()
  await expect(text).toHaveValue('half of a requ')
  await expect(text).toBeFocused()
  await expect(ticket.getByRole('spinbutton', { name: 'Quantity: Studio Professional', exact: true })).toHaveValue('7')
})

test('21: an open page of a container shows what a machine does there', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server')
  await portal.ready(page)
  const container = page.url()
  const credentials = page.getByRole('region', { name: 'Credentials' })
  await openTab(page, 'Credentials')
  await credentials.getByRole('textbox', { name: 'Label' }).first().fill('ci-1')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Issue and download' }).click(),
  ])
  await activateOne(page, portal)
  await page.goto(container)
  await portal.ready(page)
  const quantity = page.getByRole('row', { name: /Studio Professional ST-PRO/ }).getByRole('cell').nth(1)
  await expect(quantity).toHaveText('1')
  const credential = credentials.getByRole('row', { name: /^ci-1/ })
  const used = credential.getByRole('cell').nth(2)
  await openTab(page, 'Credentials')
  await expect(used).toHaveText('never')
  await openTab(page, 'Licences')
  const machine = run(await file.path())
  await expect(quantity).toHaveText('1 · 1 in use', { timeout: 15_000 })
  await openTab(page, 'Credentials')
  await expect(used).toHaveText(/\d{4}, \d\d:\d\d/)
  await openTab(page, 'Licences')
  machine.kill()
  await once(machine, 'exit')
  await expect(quantity).toHaveText('1', { timeout: 15_000 })
})

/** A program under a lease, until it is killed. */
function run(credential: string) {
  expect(readFileSync(credential, 'utf8')).toContain('license-portal/credential@1')
  return spawn(client, ['run', 'ST-PRO', '--', 'sleep', '60'], { env: { ...process.env, LICENSE_CREDENTIAL: credential } })
}
