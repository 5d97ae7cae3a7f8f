// N17: licences are renewed, suspended, reduced and revoked, each after a preview; one alone and many together.
import {
  announcement,
  expect,
  expectAccessible,
  makeContainers,
  openTab,
  openTicket,
  rowOf,
  rowsOf,
  test,
  type Page,
  type Portal,
} from './portal.ts'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19) + 'Z'

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Change licences' })
const previewIn = (page: Page) => dialogOf(page).getByRole('group', { name: 'Preview' })
const amendmentsOf = (page: Page, product: string) =>
  page.getByRole('list', { name: `Amendments: ${product}`, exact: true }).getByRole('listitem')

/** A ticket that ends soon, and the page that shows it. */
async function soonEnding(page: Page, portal: Portal) {
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Renewable', quantity: 7, valid_until: inDays(5.5) }] }],
  })
  await portal.begin(page.context(), 'isv-admin')
  await openTicket(page, portal, '7 × Renewable')
  await openTab(page, 'Term and quantity')
}

test('N17: a licence is renewed before its end, after a preview, and that is taken back', async ({ page, portal }) => {
  await soonEnding(page, portal)
  await expect(page.getByText('Nothing has been changed since it was created.')).toBeVisible()
  await page.getByRole('link', { name: 'Renew…: Renewable' }).click()
  const dialog = dialogOf(page)
  await expect(dialog.getByRole('heading', { name: 'Renew: 7 × Renewable' })).toBeVisible()
  await expect(dialog.getByRole('radio', { name: '12 months' }), 'what is asked first').toBeFocused()
  await expect(previewIn(page), 'without anything to be entered').toContainText('at once')
  await expectAccessible(page)
  await dialog.getByRole('radio', { name: '24 months' }).check()
  await expect(previewIn(page), 'it was about something else').toHaveCount(0)
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(previewIn(page)).toContainText('7 licences')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('order 4711')
  await expect(previewIn(page), 'a reason changes nothing of it').toBeVisible()
  await previewIn(page).getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(announcement(page, 'The licences were changed.')).toBeVisible()
  await expect(dialog).toBeHidden()
  const amendments = amendmentsOf(page, 'Renewable')
  await expect(amendments).toHaveCount(1)
  await expect(amendments).toContainText('Renew for 24 months')
  await expect(amendments).toContainText('ISV Admin')
  await expect(amendments).toContainText('in force')
  await expect(amendments).toContainText('Reason: order 4711')
  await expect(page.getByText('No machine holds any of it.')).toBeVisible()
  await expect(page.getByText('in a container that you cannot see'), 'it is not about a container').toHaveCount(0)
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(announcement(page, 'The change was taken back.')).toBeVisible()
  await expect(amendments).toContainText('taken back')
  await expect(page.getByRole('button', { name: /^Undo, Amendment/ })).toHaveCount(0)
})

/** A ticket of ten without an end, a container of one's own, and one activated in it; returns the address of the container. */
async function oneActivated(page: Page, portal: Portal) {
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Renewable', quantity: 10 }] }],
  })
  await portal.begin(page.context(), 'isv-admin')
  await makeContainers(page, 'Own')
  const container = page.url()
  await openTicket(page, portal, '10 × Renewable')
  await page.getByRole('button', { name: 'Activate: Renewable', exact: true }).click()
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
  return container
}

test('N17: a renewal that is planned for a day says so, and is taken back from the list', async ({ page, portal }) => {
  await soonEnding(page, portal)
  const day = inDays(2).slice(0, 10)
  await page.getByRole('link', { name: 'Renew…: Renewable' }).click()
  const dialog = dialogOf(page)
  await expect(dialog.getByLabel('Day (UTC)')).toBeHidden()
  await dialog.getByRole('radio', { name: 'Another length' }).check()
  await dialog.getByRole('spinbutton', { name: 'Length' }).fill('90')
  await dialog.getByRole('combobox', { name: 'Unit' }).selectOption('Days')
  await dialog.getByRole('radio', { name: 'on a day' }).check()
  await dialog.getByLabel('Day (UTC)').fill(day)
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await previewIn(page).getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(announcement(page, 'The licences were changed.')).toBeVisible()
  const amendments = amendmentsOf(page, 'Renewable')
  await expect(amendments).toContainText('Renew for 90 days')
  await expect(amendments).toContainText('planned')
  await expect(page.getByRole('definition').filter({ hasText: 'Renew for 90 days' })).toContainText('takes effect on')
  await page.getByRole('button', { name: 'Undo, Amendment 1: Renewable' }).click()
  await expect(amendments).toContainText('taken back')
  await expect(page.getByRole('definition').filter({ hasText: 'Renew for 90 days' })).toHaveCount(0)
})

test('N17: what cannot be is refused in words, and a day that is missing is asked for', async ({ page, portal }) => {
  await soonEnding(page, portal)
  await page.getByRole('link', { name: 'Extend…: Renewable' }).click()
  const dialog = dialogOf(page)
  await expect(previewIn(page), 'a day has to be entered first').toHaveCount(0)
  await dialog.getByLabel('Last day (UTC)').fill(inDays(1).slice(0, 10))
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(previewIn(page)).toContainText('would not end later than it does anyway')
  await expect(previewIn(page).getByRole('button')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.getByRole('link', { name: 'Suspend…: Renewable' }).click()
  await dialog.getByRole('radio', { name: 'on a day' }).check()
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(dialog.getByText('Enter a day of the calendar.')).toBeVisible()
})

test('N17: a licence is suspended, which every list says, and reinstated', async ({ page, portal }) => {
  const container = await oneActivated(page, portal)
  await openTab(page, 'Term and quantity')
  await page.getByRole('link', { name: 'Suspend…: Renewable' }).click()
  const dialog = dialogOf(page)
  await expect(previewIn(page)).toContainText('suspended since')
  await expect(previewIn(page)).toContainText('Own of ISV Admin: 1 of 1 end')
  await expect(previewIn(page)).toContainText('Nobody can use it until it is reinstated.')
  await expectAccessible(page)
  await previewIn(page).getByRole('button', { name: 'Suspend', exact: true }).click()
  await expect(dialog).toBeHidden()
  const term = page.getByRole('region', { name: 'Term and quantity' })
  await expect(term.getByText(/^suspended since/)).toBeVisible()
  await expectAccessible(page)
  await openTab(page, 'Licences')
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Activate: Renewable', exact: true })).toHaveCount(0)
  await expect(page.getByRole('searchbox', { name: 'Search containers' }), 'nothing can be activated').toHaveCount(0)

  await page.goto(container)
  await expect(page.getByRole('table', { name: 'Licences' })).toContainText('suspended since')
  await page.goto('/tickets/all')
  await portal.ready(page)
  await expect(rowOf(page, '10 × Renewable')).toContainText('suspended since')
  await expectAccessible(page)

  await openTicket(page, portal, '10 × Renewable')
  await openTab(page, 'Term and quantity')
  await expect(page.getByRole('link', { name: 'Suspend…: Renewable' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Reinstate…: Renewable' }).click()
  await previewIn(page).getByRole('button', { name: 'Reinstate', exact: true }).click()
  await expect(term.getByRole('definition').filter({ hasText: 'can be used' })).toBeVisible()
  await expect(amendmentsOf(page, 'Renewable')).toHaveText([/Reinstate/, /Suspend/])
})

test('N17: a reduction below what is activated says who loses what', async ({ page, portal }) => {
  await oneActivated(page, portal)
  await page.getByRole('button', { name: 'Activate: Renewable', exact: true }).click()
  await expect(page.getByText('2 of 10 activated')).toBeVisible()
  await openTab(page, 'Term and quantity')
  await page.getByRole('link', { name: 'Change quantity…: Renewable' }).click()
  const dialog = dialogOf(page)
  const quantity = dialog.getByRole('spinbutton', { name: 'New quantity' })
  await expect(quantity).toHaveValue('10')
  await quantity.fill('5')
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(previewIn(page)).toContainText('Nobody loses anything by that.')
  await quantity.fill('1')
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(previewIn(page)).toContainText('Who loses what')
  await expect(previewIn(page).getByRole('listitem').filter({ hasText: 'Own of ISV Admin' }).last()).toContainText(
    /1 of (1|2) end/,
  )
  await expectAccessible(page)
  await previewIn(page).getByRole('button', { name: 'Change quantity', exact: true }).click()
  await expect(page.getByText('2 are activated, 1 too many: those cannot be used.')).toBeVisible()
})

test('N17: a revocation asks, and says what ends', async ({ page, portal }) => {
  await soonEnding(page, portal)
  await page.getByRole('link', { name: 'Revoke…: Renewable' }).click()
  const preview = previewIn(page)
  await expect(preview).toContainText('This ends for good, wherever it is activated')
  await preview.getByRole('button', { name: 'Revoke for good' }).click()
  await expect(dialogOf(page), 'the browser asks for the box first').toBeVisible()
  await preview.getByRole('checkbox', { name: 'Yes, all of this ends for good: 7 × Renewable' }).check()
  await expectAccessible(page)
  await preview.getByRole('button', { name: 'Revoke for good' }).click()
  await expect(dialogOf(page)).toBeHidden()
  const term = page.getByRole('region', { name: 'Term and quantity' })
  await expect(term.getByText(/^revoked since/)).toBeVisible()
  await expect(term.getByRole('link', { name: /…: Renewable$/ }), 'nothing is left to be done').toHaveCount(0)
  await expectAccessible(page)
})

test('N17: who was overtaken is told, sees how it stands, and keeps what was typed', async ({ page, portal }) => {
  await soonEnding(page, portal)
  await page.getByRole('link', { name: 'Renew…: Renewable' }).click()
  const dialog = dialogOf(page)
  await dialog.getByRole('radio', { name: '36 months' }).check()
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('order 4711')
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(previewIn(page)).toBeVisible()

  const tab = await page.context().newPage()
  await openTicket(tab, portal, '7 × Renewable')
  await openTab(tab, 'Term and quantity')
  await tab.getByRole('link', { name: 'Suspend…: Renewable' }).click()
  await previewIn(tab).getByRole('button', { name: 'Suspend', exact: true }).click()
  await expect(announcement(tab, 'The licences were changed.')).toBeVisible()
  await tab.close()

  await previewIn(page).getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(dialog.getByRole('alert').filter({ hasText: 'Somebody amended this licence meanwhile.' })).toBeVisible()
  await expect(previewIn(page)).toContainText('suspended since')
  await expect(dialog.getByRole('radio', { name: '36 months' })).toBeChecked()
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue('order 4711')
  await previewIn(page).getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(amendmentsOf(page, 'Renewable')).toHaveText([/Renew for 36 months/, /Suspend/])
})

test('N17: many are renewed together, all or none, and taken back', async ({ page, portal }) => {
  const owner = { group: 'acme' }
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [
      { owner, licenses: [{ product: 'Bulk', quantity: 1, valid_until: inDays(5.5) }] },
      { owner, licenses: [{ product: 'Bulk', quantity: 2, valid_until: inDays(9.5) }] },
      { owner, licenses: [{ product: 'Bulk', quantity: 3 }] },
    ],
  })
  await portal.desk(page, 'isv-admin', '/tickets/all?q=bulk')
  const change = page.getByRole('button', { name: /^Change…/ })
  await expect(change).toBeHidden()
  await expect(rowsOf(page)).toHaveCount(3)
  for (const row of await rowsOf(page).all()) await row.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Change… 3' }).click()
  const dialog = dialogOf(page)
  await expect(previewIn(page)).toContainText('2 allowed, 1 refused')
  await expect(previewIn(page).getByRole('listitem').filter({ hasText: '3 × Bulk' })).toContainText('This licence has no end')
  await expect(previewIn(page).getByRole('button', { name: /^Renew/ }), 'all or none').toHaveCount(0)
  await expectAccessible(page)
  await previewIn(page).getByRole('button', { name: 'Leave the refused ones out' }).click()
  await expect(previewIn(page)).toContainText('2 allowed, 0 refused')
  await previewIn(page).getByRole('button', { name: 'Renew: 2 items' }).click()
  await expect(announcement(page, 'The licences were changed.')).toBeVisible()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(announcement(page, 'The change was taken back.')).toBeVisible()

  await test.step('another thing is chosen in the dialog', async () => {
    await rowOf(page, '3 × Bulk').getByRole('checkbox').check()
    await rowOf(page, '2 × Bulk').getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Change… 2' }).click()
    await dialog.getByRole('combobox', { name: 'What to do' }).selectOption('Suspend')
    await expect(dialog.getByRole('group', { name: 'New term' })).toBeHidden()
    await dialog.getByRole('button', { name: 'Preview' }).click()
    await previewIn(page).getByRole('button', { name: 'Suspend: 2 items' }).click()
    await expect(rowOf(page, '3 × Bulk')).toContainText('suspended since')
    await expect(rowOf(page, '1 × Bulk')).not.toContainText('suspended since')
  })
})

test('N17: who may not change licences sees how they stand, and is offered nothing', async ({ page, portal }) => {
  await portal.begin(page.context(), 'user-1.1.1')
  await openTicket(page, portal, '10 × Studio Professional')
  await openTab(page, 'Term and quantity')
  await expect(page.getByRole('region', { name: 'Term and quantity' })).toContainText('10 licences')
  await expect(page.getByRole('link', { name: /…: Studio Professional$/ })).toHaveCount(0)
  await expectAccessible(page)
})

test('N17: the dialog is no wider than a narrow phone, in the dark', async ({ page, portal }) => {
  await page.setViewportSize({ width: 320, height: 700 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await soonEnding(page, portal)
  const width = () => page.evaluate(() => document.documentElement.scrollWidth)
  expect(await width()).toBeLessThanOrEqual(320)
  await page.getByRole('link', { name: 'Renew…: Renewable' }).click()
  await expect(previewIn(page)).toBeVisible()
  await dialogOf(page).getByRole('radio', { name: 'Another length' }).check()
  expect(await width()).toBeLessThanOrEqual(320)
  await expectAccessible(page)
})
