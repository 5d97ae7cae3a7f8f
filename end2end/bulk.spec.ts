// N3, 14: many tickets at once, also beyond the page, with a preview.
import { announcement, expect, expectAccessible, requestsOf, rowOf, rowsOf, test, type Portal } from './portal.ts'

/** Sixty tickets of one product: five of them in a group, the others in another. Their names cannot be parts of a code. */
function crowd(portal: Portal) {
  const of = (group: string, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      owner: { group },
      licenses: [{ product: 'Bulk', quantity: at + 1 }],
    }))
  portal.import({
    groups: [
      { key: 'multi', name: 'Multi', parent: null },
      { key: 'solo', name: 'Solo', parent: null },
    ],
    tickets: [...of('multi', 55), ...of('solo', 5)],
  })
}

test('all that match are selected beyond the page, previewed, moved and taken back', async ({ page, portal }) => {
  crowd(portal)
  await portal.desk(page, 'isv-admin', '/tickets/all?q=bulk')
  const sent = requestsOf(page)
  await expect(rowsOf(page)).toHaveCount(50)
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await expect(announcement(page, '50 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Select all 60' }).click()
  await expect(announcement(page, '60 selected')).toBeVisible()
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(rowsOf(page)).toHaveCount(10)
  await expect(rowsOf(page).first().getByRole('checkbox')).toBeChecked()

  await page.getByRole('button', { name: 'Move to… 60' }).click()
  const targets = page.getByRole('dialog', { name: 'Move to…' })
  await targets.getByRole('searchbox', { name: 'Search targets' }).fill('solo')
  await targets.getByRole('radio', { name: 'Solo top of what you see · 55 of 60 allowed' }).check()
  await targets.getByRole('button', { name: 'Move', exact: true }).click()
  const preview = page.getByRole('dialog', { name: 'Preview' })
  await expect(preview).toContainText('New owner: Solo')
  await expect(preview).toContainText('55 allowed, 5 refused')
  await expect(preview.getByRole('listitem')).toHaveText(/^5: already there \(.*, …\)$/)
  await expectAccessible(page)
  expect(sent).toEqual([])
  await preview.getByRole('button', { name: 'Move only the 55 allowed' }).click()
  await expect(announcement(page, '55 tickets assigned to Solo')).toBeVisible()
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0)
  await page.goto('/tickets/all?q=multi')
  await expect(page.getByText('No ticket matches.')).toBeVisible()
  await page.goto('/tickets/all?q=solo')
  await portal.ready(page)
  await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('1–50 of 60')
  // A move of this page is taken back by keys.
  await rowsOf(page).first().getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Select all 60' }).click()
  await page.getByRole('button', { name: 'Move to… 60' }).click()
  await targets.getByRole('searchbox', { name: 'Search targets' }).fill('multi')
  await targets.getByRole('radio', { name: 'Multi top of what you see' }).check()
  await targets.getByRole('button', { name: 'Move', exact: true }).click()
  await preview.getByRole('button', { name: 'Move 60 tickets' }).click()
  await expect(announcement(page, '60 tickets assigned to Multi')).toBeVisible()
  await expect(page.getByText('No ticket matches.')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(announcement(page, '60 tickets: the move was undone')).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(50)
  expect(sent).toEqual(['move_as_previewed', 'move_as_previewed', 'undo'])
})

test.describe('without wasm', () => {
  test.use({ javaScriptEnabled: false })
  test('all that match are previewed and moved by forms', async ({ page, portal }) => {
    crowd(portal)
    await portal.begin(page.context(), 'isv-admin')
    await page.goto('/tickets/all?q=bulk')
    await page.getByRole('link', { name: 'Move all 60 to…' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Move 60 tickets to…' })).toBeVisible()
    await page.getByRole('radio', { name: /^Solo / }).check()
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect(page.getByText('55 allowed, 5 refused')).toBeVisible()
    await page.getByRole('button', { name: 'Move only the 55 allowed' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'The tickets were moved.' })).toBeVisible()
    await page.goto('/tickets/all?q=multi')
    await expect(rowOf(page, '1 × Bulk')).toHaveCount(0)
  })
})
