// The filter of the tree: the server searches, in the whole tree that the reader sees.
import type { Locator } from '@playwright/test'
import { announcement, carry, codeOf, expect, expectAccessible, lift, node, ownerOf, requestsOf, rowOf, test, type Page, type Portal } from './portal.ts'

/** 775 groups: five divisions of seven departments of 21 teams. One team of each department is a release team. */
function large(portal: Portal) {
  const groups: { key: string; name: string; parent: string | null }[] = []
  for (let division = 1; division <= 5; division++) {
    groups.push({ key: `d${division}`, name: `Division ${division}`, parent: null })
    for (let department = 1; department <= 7; department++) {
      const above = `d${division}.${department}`
      groups.push({ key: above, name: `Department ${division}.${department}`, parent: `d${division}` })
      for (let team = 1; team <= 21; team++) {
        const name = team === 21 ? `Release Team ${division}.${department}` : `Team ${division}.${department}.${team}`
        groups.push({ key: `${above}.${team}`, name, parent: above })
      }
    }
  }
  expect(groups.length).toBe(775)
  portal.import({ groups })
}

const filter = (page: Page) => page.getByRole('searchbox', { name: 'Filter groups and people' })
const tree = (page: Page) => page.getByRole('treegrid', { name: 'Groups and people' })
/** A group that is there only because something in it was found: nothing is counted in it. */
const above = (page: Page, name: string) => tree(page).getByRole('row', { name, exact: true })
/** The words that were searched for stand out in the line. */
async function expectMarked(line: Locator, word: string) {
  await expect(line.getByText(word, { exact: true })).toHaveJSProperty('tagName', 'MARK')
}

test('the filter finds what lies below branches that nobody has opened, with what is above it, marked', async ({ page, portal }) => {
  large(portal)
  await portal.desk(page, 'isv-admin')
  await expect(node(page, 'Division 3')).toHaveAttribute('aria-expanded', 'false')
  await filter(page).fill('team release 3.4')
  await expect(announcement(page, '1 found')).toBeVisible()
  await expect(tree(page).getByRole('row')).toHaveCount(3)
  await expect(above(page, 'Division 3')).toHaveAttribute('aria-level', '1')
  await expect(above(page, 'Department 3.4')).toHaveAttribute('aria-level', '2')
  const hit = node(page, 'Release Team 3.4')
  await expect(hit).toHaveAttribute('aria-level', '3')
  for (const word of ['Release', 'Team', '3.4']) await expectMarked(hit, word)
  await expectAccessible(page)

  await test.step('it stands in the address, and a hit is selected as in the tree', async () => {
    await expect(page).toHaveURL(/[?&]find=team(%20|\+)release(%20|\+)3\.4/)
    await hit.getByRole('link', { name: 'Release Team 3.4', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Release Team 3.4' })).toBeVisible()
    await expect(hit).toHaveAttribute('aria-selected', 'true')
    await expect(tree(page).getByRole('row')).toHaveCount(3)
    await page.reload()
    await expect(filter(page)).toHaveValue('team release 3.4')
    await expect(tree(page).getByRole('row')).toHaveCount(3)
    await portal.ready(page)
  })

  await test.step('Escape clears: the tree is as it was, and what is selected is shown in it', async () => {
    await filter(page).press('Escape')
    await expect(filter(page)).toHaveValue('')
    await expect(page).not.toHaveURL(/find=/)
    await expect(node(page, 'Department 3.1')).toBeVisible()
    await expect(hit).toHaveAttribute('aria-selected', 'true')
  })
})

test('of many the first are shown, and it is said that there are more; the arrow leads into them', async ({ page, portal }) => {
  large(portal)
  await portal.desk(page, 'isv-admin')
  await filter(page).fill('team')
  await expect(announcement(page, 'The first 50 are shown. Another word finds fewer.')).toBeVisible()
  await filter(page).fill('release')
  await expect(announcement(page, '35 found')).toBeVisible()
  await filter(page).press('ArrowDown')
  await expect(above(page, 'Division 1')).toBeFocused()
  await page.keyboard.press('End')
  await expect(node(page, 'Release Team 5.7')).toBeFocused()
  await above(page, 'Division 1').getByRole('button', { name: 'Close Division 1' }).click()
  await expect(node(page, 'Release Team 1.1')).toHaveCount(0)
  await expect(node(page, 'Release Team 2.1')).toHaveCount(1)
})

test('nothing found is said in a sentence, with the way back', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  // Admin 2.1 is there, and not for this reader.
  for (const words of ['nobody of that name', 'Admin 2.1']) {
    await filter(page).fill(words)
    await expect(announcement(page, `No group and no person has “${words}” in the name.`)).toBeVisible()
    await expect(tree(page).getByRole('row')).toHaveCount(0)
  }
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Show the whole tree' }).click()
  await expect(node(page, 'Group 1')).toBeVisible()
  await expect(filter(page)).toHaveValue('')
  await expect(filter(page)).toBeFocused()
})

test('the lists above the groups are found by their names, too', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  await filter(page).fill('unas')
  await expect(announcement(page, '1 found')).toBeVisible()
  await expect(tree(page).getByRole('row')).toHaveCount(1)
  await expect(node(page, 'Unassigned')).toBeVisible()
})

test('a person is found by the login, which is shown beside the name', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await filter(page).fill('user-1.2.1')
  const hit = node(page, 'User 1.2.1')
  await expect(hit).toContainText('user-1.2.1')
  await expectMarked(hit, 'user-1.2.1')
})

test('while a new answer is on its way the last one stays, and an older one does not come back', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await filter(page).fill('user 1.2')
  await expect(announcement(page, '2 found')).toBeVisible()
  const held: (() => void)[] = []
  await page.route('**/api/find_in_tree', async (route) => {
    const answer = await route.fetch()
    await new Promise<void>((go) => held.push(go))
    await route.fulfill({ response: answer })
  })
  await filter(page).fill('user 1.1')
  await expect.poll(() => held.length).toBe(1)
  await expect(node(page, 'User 1.2.1')).toBeVisible()
  await filter(page).fill('admin')
  await expect.poll(() => held.length).toBe(2)
  held[1]?.()
  await expect(node(page, 'Admin 1.1.1')).toBeVisible()
  held[0]?.()
  await page.evaluate(() => new Promise((seen) => setTimeout(seen, 300)))
  await expect(node(page, 'Admin 1.1.1')).toBeVisible()
  await expect(node(page, 'User 1.1.1')).toHaveCount(0)
})

test('during a drag by mouse what is typed filters the targets, and one that was far away takes the drop', async ({ page, portal }) => {
  large(portal)
  await portal.desk(page, 'isv-admin')
  const sent = requestsOf(page)
  const ticket = rowOf(page, '50 × Viewer')
  await lift(page, ticket.getByRole('cell').nth(3))
  await page.keyboard.type('release 5.7')
  await expect(filter(page)).toHaveValue('release 5.7')
  const target = node(page, 'Release Team 5.7')
  await expect(target).toBeVisible()
  await carry(page, target)
  await expect(target).toContainText('Drop to assign')
  await page.mouse.up()
  await expect(ownerOf(ticket)).toContainText('Release Team 5.7')
  await expect(filter(page)).toHaveValue('release 5.7')
  expect(sent).toEqual(['reassign'])
})

test('during a drag by keys the slash key filters the targets: only what was found is visited', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const code = await codeOf(rowOf(page, '10 × Studio Professional'))
  await rowOf(page, '10 × Studio Professional').getByRole('button', { name: /^Drag / }).focus()
  await page.keyboard.press('Enter')
  await expect(node(page, 'My tickets')).toBeFocused()
  await page.keyboard.press('/')
  await expect(filter(page)).toBeFocused()
  await page.keyboard.type('1.2')
  await expect(announcement(page, '3 found')).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(above(page, 'Group 1')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(node(page, 'Group 1.2')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(node(page, 'User 1.2.1')).toBeFocused()

  await test.step('Escape clears the filter first, and then cancels', async () => {
    await page.keyboard.press('/')
    await page.keyboard.press('Escape')
    await expect(filter(page)).toHaveValue('')
    await expect(node(page, 'All tickets')).toContainText('not a target')
    await page.keyboard.press('Escape')
    await expect(node(page, 'All tickets')).not.toContainText('not a target')
  })

  await rowOf(page, '10 × Studio Professional').getByRole('button', { name: /^Drag / }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('/')
  await page.keyboard.type('user 1.2.2')
  await expect(announcement(page, '1 found')).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(node(page, 'User 1.2.2')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(announcement(page, `(${code}) assigned to User 1.2.2`)).toBeVisible()
  expect(sent).toEqual(['reassign'])
})
