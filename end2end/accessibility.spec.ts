// Behaviour 4: axe, with target-size, on every page and in every state.
import {
  announcement,
  carry,
  expect,
  expectAccessible,
  lift,
  moveAddress,
  node,
  openActions,
  openMove,
  openTicket,
  rowOf,
  rowsOf,
  test,
  type Page,
} from './portal.ts'

const contents = (page: Page) => rowOf(page, '10 × Studio Professional').getByRole('cell').nth(3)
const step = (name: string, body: () => Promise<void>) => test.step(name, body)

/** Scrolls the list so that no line lies half under its head: axe takes what is left of it for all there is. */
const toTheTop = (page: Page) => rowsOf(page).first().evaluate((row) => row.scrollIntoView({ block: 'center' }))

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    // Dark, only the colours are other.
    const what = colorScheme === 'dark' ? 'colours' : 'everything'

    test('4: no violation on any page', async ({ page, portal }) => {
      test.setTimeout(90_000)
      await page.goto('/login')
      await step('login', () => expectAccessible(page, what))
      await portal.login(page, 'admin-1.1', 'wrong')
      await expect(page.getByRole('alert').first()).toBeVisible()
      await step('login refused', () => expectAccessible(page, what))
      await portal.desk(page, 'admin-1.1', '/')
      await step('desk', () => expectAccessible(page, what))
      const group = await node(page, 'Group 1.1').getByRole('link', { name: 'Manage Group 1.1' }).getAttribute('href')
      await page.goto('/tickets/all')
      await portal.ready(page)
      const row = rowOf(page, '10 × Studio Professional')
      const ticket = await row.getByRole('link', { name: /^[0-9A-Z]{5}-/ }).getAttribute('href')
      const move = await moveAddress(row)
      const parent = group?.replace('/groups/', '')
      for (const [address, heading] of [
        [`/tickets/group:${parent}`, 'Group 1.1'],
        ['/tickets/all?q=nothing+like+that', 'All tickets'],
        [ticket, '10 × Studio Professional'],
        [`${ticket}?tab=term`, '10 × Studio Professional'],
        [`${ticket}?tab=history`, '10 × Studio Professional'],
        [move, /^Move /],
        ['/add', 'Redeem code'],
        ['/me', 'Admin 1.1'],
        ['/me/use', 'My use'],
        ['/history', 'History'],
        ['/expiring', 'Expiring'],
        ['/use', 'Use'],
        [`${ticket}/use`, /^Use of /],
        ['/unused', 'Unused licences'],
        ['/take-backs', 'Taken back'],
        ['/overview', 'Overview'],
        ['/search?q=1.1', 'Search'],
        ['/help', 'Help'],
        [group, 'Group 1.1'],
        [`${group}?tab=settings`, 'Group 1.1'],
        [`/groups/new?parent=${parent}`, 'New subgroup'],
        ['/nowhere', 'Not found'],
      ] as const) {
        await page.goto(address ?? '')
        await portal.ready(page)
        await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
        await step(address ?? '', () => expectAccessible(page, what))
      }
    })

    test('4: no violation in the menu of a ticket, nor on the page that amends its licence', async ({ page, portal }) => {
      const end = new Date(Date.now() + 5.5 * 86_400_000).toISOString().slice(0, 19) + 'Z'
      portal.import({
        groups: [{ key: 'acme', name: 'Acme', parent: null }],
        tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Renewable', quantity: 7, valid_until: end }] }],
      })
      await portal.begin(page.context(), 'isv-admin')
      await openTicket(page, portal, '7 × Renewable')
      await openActions(page)
      const renew = page.getByRole('menuitem', { name: 'Renew…' })
      await expect(renew).toBeVisible()
      await step('menu', () => expectAccessible(page, what))
      const amend = await renew.getAttribute('href')
      await page.goto(amend ?? '')
      await portal.ready(page)
      await expect(page.getByRole('heading', { level: 1, name: 'Renew: 7 × Renewable' })).toBeVisible()
      await step('amend', () => expectAccessible(page, what))
      await page.getByRole('button', { name: 'Preview' }).click()
      await expect(page.getByRole('group', { name: 'Preview' })).toBeVisible()
      await step('amend with its preview', () => expectAccessible(page, what))
    })

    test('4: no violation in any state of the desk', async ({ page, portal, hasTouch }) => {
      test.setTimeout(90_000)
      await portal.desk(page, 'admin-1.1')
      await step('idle', () => expectAccessible(page, what))
      await rowOf(page, '3 × Field Analyzer').getByRole('checkbox').check()
      await step('selected', () => expectAccessible(page, what))
      await rowOf(page, '3 × Field Analyzer').getByRole('checkbox').uncheck()

      // A phone has no mouse; the drag looks the same as under a finger.
      await lift(page, contents(page))
      await expect(announcement(page, 'lifted')).toHaveCount(1)
      await carry(page, node(page, 'Group 1.1'))
      await step('drag over a forbidden target', () => expectAccessible(page, what))
      await carry(page, node(page, 'Group 1.2'))
      await step('drag over a permitted target', () => expectAccessible(page, what))
      await page.keyboard.press('Escape')
      await page.mouse.up()

      if (!hasTouch) {
        await rowOf(page, '10 × Studio Professional').getByRole('button', { name: /^Drag / }).focus()
        await page.keyboard.press('Enter')
        await page.keyboard.press('ArrowDown')
        await expect(node(page, 'Group 1')).toBeFocused()
        await toTheTop(page)
        await step('drag by keyboard', () => expectAccessible(page, what))
        await page.keyboard.press('Escape')
      }

      await openMove(rowOf(page, '10 × Studio Professional'))
      await expect(page.getByRole('dialog').getByRole('radio').first()).toBeVisible()
      await step('dialog', () => expectAccessible(page, what))
      await page.getByRole('dialog').getByRole('radio', { name: /^Group 1\.2 / }).check()
      await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
      await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
      await toTheTop(page)
      await step('toast', () => expectAccessible(page, what))
      await page.route('**/api/reassign', (route) => route.abort())
      await openMove(rowOf(page, '3 × Field Analyzer'))
      await page.getByRole('dialog').getByRole('radio', { name: /^Group 1\.2 / }).check()
      await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
      await expect(page.getByRole('alert').getByRole('button', { name: 'Try again' })).toBeVisible()
      await toTheTop(page)
      await step('toast of a problem', () => expectAccessible(page, what))
    })
  })
}
