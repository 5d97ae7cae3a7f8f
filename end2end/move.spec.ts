import { codeOf, expect, openMove, ownerOf, requestsOf, rowOf, test } from './portal.ts'

test('9, 18: "Move to…" by taps alone, with full paths and a search; at 320 px on a phone', async ({
  page,
  portal,
  hasTouch,
}) => {
  if (hasTouch) await page.setViewportSize({ width: 320, height: 640 })
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const ticket = rowOf(page, '25 × Studio Professional')
  const press = (what: ReturnType<typeof page.getByRole>) => (hasTouch ? what.tap() : what.click())
  // On a phone it is in the menu of the row.
  const opener = ticket.getByRole('link', { name: `${hasTouch ? 'Actions for' : 'Move to…'} ${await codeOf(ticket)}` })
  const open = async () => {
    await press(opener)
    if (hasTouch) await press(page.getByRole('menuitem', { name: 'Move to…' }))
    await expect(page.getByRole('dialog', { name: 'Move to…' })).toBeVisible()
  }

  await open()
  const dialog = page.getByRole('dialog', { name: 'Move to…' })
  await expect(dialog.getByRole('heading', { name: 'Move 25 × Studio Professional to…' })).toBeVisible()
  await expect(dialog.getByRole('radio')).toHaveCount(7)
  await expect(dialog.getByRole('radio', { name: 'Group 1 top of what you see' })).toHaveCount(0)
  await expect(dialog.getByRole('radio', { name: 'User 1.2.1 Group 1 › Group 1.2' })).toHaveCount(1)
  await expect(dialog.getByRole('radio', { name: 'Group 1.2 Group 1' })).toHaveCount(1)

  await test.step('nothing is sent before a choice; closing gives the focus back', async () => {
    await press(dialog.getByRole('button', { name: 'Move', exact: true }))
    await expect(dialog).toBeVisible()
    await press(dialog.getByRole('button', { name: 'Close' }))
    await expect(dialog).toBeHidden()
    await expect(opener).toBeFocused()
    await open()
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(opener).toBeFocused()
    expect(sent).toEqual([])
  })

  await open()
  await press(dialog.getByRole('searchbox', { name: 'Search targets' }))
  await page.keyboard.type('user 1.2')
  await expect(dialog.getByRole('radio')).toHaveCount(2)
  await press(dialog.getByRole('radio', { name: 'User 1.2.2 Group 1 › Group 1.2' }))
  await press(dialog.getByRole('button', { name: 'Move', exact: true }))
  await expect(dialog).toBeHidden()
  await expect(ownerOf(ticket)).toHaveText('User 1.2.2 via Group 1 › Group 1.2')
  await expect(page.getByRole('status').filter({ hasText: /assigned to / })).toBeVisible()
  await expect(opener).toBeFocused()
  expect(sent).toEqual(['reassign'])
  await page.reload()
  await expect(ownerOf(ticket)).toHaveText('User 1.2.2 via Group 1 › Group 1.2')
})

test('9: several selected tickets go together by "Move to…"', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const tickets = ['25 × Studio Professional', '3 × Field Analyzer']
  for (const ticket of tickets) await rowOf(page, ticket).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Move to… 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Move to…' })
  await expect(dialog.getByRole('heading', { name: 'Move 2 tickets to…' })).toBeVisible()
  // Where one of them is already, not all of them can go.
  await expect(dialog.getByRole('radio', { name: 'Group 1.2 Group 1', exact: true })).toHaveCount(1)
  await expect(dialog.getByRole('radio', { name: 'Group 1.1 Group 1 · 1 of 2 allowed', exact: true })).toHaveCount(1)
  await dialog.getByRole('radio', { name: /^Group 1\.2 / }).check()
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  for (const ticket of tickets) await expect(ownerOf(rowOf(page, ticket))).toHaveText('Group 1 › Group 1.2')
  await expect.poll(() => sent).toEqual(['reassign'])
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0)
})

test('7, 9: row and message name a person in a branch that was never opened, before and after the answer', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  let answer = () => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/api/reassign', async (route) => {
    await held
    await route.continue()
  })
  const ticket = rowOf(page, '25 × Studio Professional')
  await openMove(ticket)
  const dialog = page.getByRole('dialog', { name: 'Move to…' })
  await dialog.getByRole('radio', { name: 'User 1.2.2 Group 1 › Group 1.2' }).check()
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(ownerOf(ticket)).toHaveText('User 1.2.2 via Group 1 › Group 1.2')
  answer()
  await expect(page.getByRole('status').filter({ hasText: /assigned to User 1\.2\.2/ })).toBeVisible()
})
