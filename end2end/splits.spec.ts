// N17: a part of a ticket is split off, moved, brought back, and joined again.
import { chooseAction, expect, expectAccessible, openTicket, test } from './portal.ts'

test('N17: a part goes its own way, and becomes a part again', async ({ page, portal }) => {
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [
      { owner: { group: 'acme' }, licenses: [{ product: 'Splittable', quantity: 10 }] },
      { owner: { group: 'acme' }, licenses: [{ product: 'Other', quantity: 1 }] },
    ],
  })
  await portal.begin(page.context(), 'isv-admin')
  await openTicket(page, portal, '10 × Splittable')
  const source = page.url()
  await chooseAction(page, 'Split off…')
  await expect(page.getByRole('heading', { level: 1, name: 'Split off a part' })).toBeVisible()
  const number = page.getByRole('spinbutton', { name: 'Quantity: Splittable' })
  await expect(number).toHaveAccessibleDescription('10 of 10 are free')
  await expectAccessible(page)
  // Something stays: the browser itself says so.
  await number.fill('10')
  await page.getByRole('button', { name: 'Split off' }).click()
  await expect(number).toBeFocused()
  await number.fill('3')
  await page.getByRole('button', { name: 'Split off' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'This part was split off' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: '3 × Splittable' })).toBeVisible()
  expect(page.url()).not.toContain(source)
  const copy = page.getByRole('button', { name: /^Copy [0-9A-Z]{5}-/ })
  const code = (await copy.getAttribute('aria-label'))?.slice('Copy '.length) ?? ''
  expect(code).not.toBe('')

  // The other one has what is left, and says what happened.
  await page.goto(source)
  await expect(page.getByRole('heading', { level: 1, name: '7 × Splittable' })).toBeVisible()
  await page.getByRole('link', { name: 'History', exact: true }).last().click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Part split off' })).toContainText('3 × Splittable')

  await chooseAction(page, 'Join…')
  await expect(page.getByRole('heading', { level: 1, name: 'Join another ticket' })).toBeVisible()
  const choices = page.getByRole('group', { name: 'Which ticket' })
  await expect(choices.getByRole('radio')).toHaveCount(2)
  await expect(choices.getByRole('radio').first()).toBeChecked()
  await expect(choices.getByRole('radio', { name: /3 × Splittable/ })).toHaveAccessibleName(new RegExp(code))
  await expect(choices.getByRole('radio', { name: /becomes one with it/ })).toBeChecked()
  await expect(choices.getByRole('radio', { name: /1 × Other .* stands beside/ })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The two tickets are one now.' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: '10 × Splittable' })).toBeVisible()
  expect(page.url().startsWith(source.split('?')[0] ?? source)).toBe(true)
})

test('N17: what cannot be split off is said', async ({ page, portal }) => {
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Single', quantity: 1 }] }],
  })
  await portal.begin(page.context(), 'isv-admin')
  await openTicket(page, portal, '1 × Single')
  await page.goto(page.url().split('?')[0] + '/split')
  await expect(page.getByText('There is nothing to split off')).toBeVisible()
  await page.goto(page.url().replace('/split', '/join'))
  await expect(page.getByText('Its owner has no other ticket')).toBeVisible()
  await page.goto('/ticket/4611686018427387903/split')
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible()
  await expect(page.getByRole('spinbutton')).toHaveCount(0)
})
