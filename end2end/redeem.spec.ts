import type { Browser } from '@playwright/test'
import { codeOf, expect, inventedCode, node, ownerOf, requestsOf, rowOf, rowsOf, test, type Portal } from './portal.ts'

/** The codes of the three unassigned tickets, as the software maker gives them to a customer. */
async function codes(portal: Portal, browser: Browser): Promise<[string, string, string]> {
  const isv = await portal.other(browser, 'isv-admin')
  await isv.page.goto('/tickets/none')
  const code = (ticket: string) => codeOf(rowOf(isv.page, ticket))
  const codes: [string, string, string] = [
    await code('10 × Studio Professional'),
    await code('2 × Field Analyzer'),
    await code('50 × Viewer'),
  ]
  await isv.leave()
  return codes
}

test('several codes at once, however they are typed, for a group of theirs', async ({ page, portal, browser }) => {
  const [studio, analyzer, viewer] = await codes(portal, browser)
  await portal.desk(page, 'user-2.1')
  await expect(node(page, 'Unassigned')).toHaveCount(0)
  await page.getByRole('main').getByRole('link', { name: 'Redeem code' }).first().click()
  await expect(page.getByRole('combobox', { name: 'For' }).getByRole('option')).toHaveText([
    'Myself, without a group',
    'Myself, via Group 2',
    'Group 2',
  ])
  await page.getByRole('textbox', { name: 'Ticket codes' }).fill(`${studio.toLowerCase()};${analyzer.replaceAll('-', '')} ;`)
  await page.getByRole('combobox', { name: 'For' }).selectOption('Group 2')
  await page.getByRole('button', { name: 'Redeem code' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The tickets were added.' })).toBeVisible()
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 2')
  await expect(ownerOf(rowOf(page, '2 × Field Analyzer'))).toHaveText('Group 2')
  await expect(rowOf(page, '50 × Viewer')).toHaveCount(0)

  await test.step('for oneself, without a group', async () => {
    await page.goto('/add')
    await page.getByRole('textbox', { name: 'Ticket codes' }).fill(viewer)
    await page.getByRole('button', { name: 'Redeem code' }).click()
    await expect(ownerOf(rowOf(page, '50 × Viewer'))).toHaveText('User 2.1')
  })

  await test.step('a code works once', async () => {
    await page.goto('/add')
    await page.getByRole('textbox', { name: 'Ticket codes' }).fill(viewer)
    await page.getByRole('button', { name: 'Redeem code' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Code 1 cannot be redeemed.' })).toBeVisible()
  })
})

test('a mistyped code is told with its place before anything is sent; an unknown one like one that is taken', async ({
  page,
  portal,
  browser,
}) => {
  const [studio] = await codes(portal, browser)
  await portal.desk(page, 'user-2.1', '/add')
  const sent = requestsOf(page)
  const box = page.getByRole('textbox', { name: 'Ticket codes' })
  const swapped = studio.replace(/^(.)(.*)(.)$/, (_, first: string, rest: string, last: string) =>
    first === last ? `${first === '0' ? '1' : '0'}${rest}${last}` : `${last}${rest}${first}`,
  )
  for (const [codes, says] of [
    [`${studio}; ${swapped}`, 'Code 2 is mistyped: a character is wrong, or two are swapped. Correct it and try again.'],
    [`${studio.slice(0, -1)}`, 'Code 1 is mistyped: a code has five groups of five characters. Correct it and try again.'],
    [`${studio}; ${studio}; U${studio.slice(1)}`, 'Code 3 is mistyped: “U” does not occur in ticket codes. Correct it and try again.'],
  ] as const) {
    await box.fill(codes)
    await box.blur()
    await expect(page.getByRole('status').filter({ hasText: says })).toBeVisible()
  }
  expect(sent).toEqual([])
  // Sent all the same, the server says so, too, and changes nothing.
  await page.getByRole('button', { name: 'Redeem code' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Code 3 is mistyped: “U” does not occur' })).toBeVisible()

  await page.getByRole('textbox', { name: 'Ticket codes' }).fill(`${studio}; ${inventedCode()}`)
  await page.getByRole('button', { name: 'Redeem code' }).click()
  await expect(
    page.getByRole('alert').filter({
      hasText: 'Code 2 cannot be redeemed. Ask whoever gave it to you. No ticket was added.',
    }),
  ).toBeVisible()
  // What was typed is still there to be corrected.
  await expect(page.getByRole('textbox', { name: 'Ticket codes' })).toHaveValue(new RegExp(`^${studio}; `))
  await page.goto('/tickets/all')
  await expect(rowsOf(page).first()).toBeVisible()
  await expect(rowOf(page, '10 × Studio Professional')).toHaveCount(0)
})
