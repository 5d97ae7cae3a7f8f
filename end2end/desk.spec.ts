import { expect, node, ownerOf, rowOf, rowsOf, test, type Page } from './portal.ts'

const tree = (page: Page) => page.getByRole('treegrid', { name: 'Groups and people' })

/** What a screen reader is told of the structure: name, level, position, size of the set. */
async function structure(page: Page) {
  return tree(page)
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.map((row) => {
        const of = (name: string) => row.getAttribute(`aria-${name}`)
        return `${of('label')?.replace(/, \d+ tickets?$/, '')}: ${of('level')}, ${of('posinset')} of ${of('setsize')}`
      }),
    )
}

test('1: the tree is one tab stop, which the reader finds again, and Tab leaves it', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const stops = tree(page).locator('[tabindex="0"], a:not([tabindex]), button:not([tabindex])')
  await page.getByRole('searchbox', { name: 'Filter groups and people' }).focus()
  await page.keyboard.press('Tab')
  await expect(node(page, 'All tickets')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(node(page, 'Group 1')).toBeFocused()
  await expect(stops).toHaveCount(1)
  await page.keyboard.press('Tab')
  await expect(tree(page).getByRole('row').and(page.locator(':focus'))).toHaveCount(0)
  expect(await tree(page).evaluate((tree) => tree.contains(document.activeElement))).toBe(false)
  await page.keyboard.press('Shift+Tab')
  await expect(node(page, 'Group 1')).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(page.getByRole('searchbox', { name: 'Filter groups and people' })).toBeFocused()
})

test('2: every key of a treegrid works, with type-ahead of several characters', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const press = async (key: string, lands: string) => {
    await page.keyboard.press(key)
    await expect(node(page, lands), key).toBeFocused()
  }
  await node(page, 'All tickets').focus()
  await press('ArrowUp', 'All tickets')
  await press('ArrowDown', 'My tickets')
  await press('End', 'Admin 1.1')
  await press('ArrowDown', 'Admin 1.1')
  await press('Home', 'All tickets')
  await press('PageDown', 'Admin 1.1')
  await press('PageUp', 'All tickets')

  await test.step('ArrowRight opens, then goes in; ArrowLeft goes out, then closes', async () => {
    await press('ArrowDown', 'My tickets')
    await press('ArrowRight', 'My tickets')
    await press('ArrowDown', 'Group 1')
    await press('ArrowRight', 'Group 1.1')
    await press('ArrowRight', 'Group 1.1')
    await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-expanded', 'true')
    await expect(node(page, 'Admin 1.1.1')).toBeVisible()
    await press('ArrowRight', 'Admin 1.1.1')
    await press('ArrowLeft', 'Group 1.1')
    await press('ArrowLeft', 'Group 1.1')
    await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-expanded', 'false')
    await expect(node(page, 'Admin 1.1.1')).toHaveCount(0)
    await press('ArrowLeft', 'Group 1')
  })

  await test.step('* opens all siblings', async () => {
    await press('ArrowDown', 'Group 1.1')
    await press('*', 'Group 1.1')
    await expect(node(page, 'User 1.1.1')).toBeVisible()
    await expect(node(page, 'User 1.2.2')).toBeVisible()
  })

  await test.step('Enter and Space list what is there', async () => {
    await press('ArrowLeft', 'Group 1.1')
    await press('ArrowLeft', 'Group 1')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Group 1', exact: true })).toBeVisible()
    await expect(node(page, 'Group 1')).toBeFocused()
    await expect(node(page, 'Group 1')).toHaveAttribute('aria-selected', 'true')
    await press('ArrowDown', 'Group 1.1')
    await page.keyboard.press('Space')
    await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()
    await expect(rowsOf(page)).toHaveCount(5)
  })

  await test.step('type-ahead', async () => {
    await page.keyboard.type('user 1.2')
    await expect(node(page, 'User 1.2.1')).toBeFocused()
    // The space belonged to the name: nothing else is listed now.
    await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()
    // After a pause a new name begins; the same letter goes on to the next one.
    await expect(async () => {
      await page.keyboard.press('m')
      await expect(node(page, 'My tickets')).toBeFocused({ timeout: 100 })
    }).toPass({ intervals: [800] })
  })
})

test('3: level, set size and position are right after loading, a move and a change made by others', async ({
  page,
  portal,
  browser,
}) => {
  await portal.desk(page, 'admin-1.1')
  const top = ['All tickets: 1, 1 of 3', 'My tickets: 1, 2 of 3', 'Group 1: 1, 3 of 3']
  expect(await structure(page)).toEqual([
    ...top,
    'Group 1.1: 2, 1 of 3',
    'Group 1.2: 2, 2 of 3',
    'Admin 1.1: 2, 3 of 3',
  ])
  await page.getByRole('button', { name: 'Open Group 1.1' }).click()
  await expect(node(page, 'User 1.1.1')).toBeVisible()
  const loaded = [
    'Group 1.1: 2, 1 of 3',
    'Admin 1.1.1: 3, 1 of 2',
    'User 1.1.1: 3, 2 of 2',
    'Group 1.2: 2, 2 of 3',
    'Admin 1.1: 2, 3 of 3',
  ]
  expect(await structure(page)).toEqual([...top, ...loaded])

  await test.step('another admin makes a group', async () => {
    await node(page, 'User 1.1.1').focus()
    const other = await portal.other(browser, 'isv-admin')
    await other.openGroup('Group 1')
    await other.page.getByRole('link', { name: 'New subgroup' }).click()
    await other.page.getByRole('textbox', { name: 'Name of the group' }).fill('Group 1.0')
    await other.page.getByRole('button', { name: 'Create group' }).click()
    await expect(node(page, 'Group 1.0')).toBeVisible({ timeout: 1000 })
    await expect(node(page, 'User 1.1.1')).toBeFocused()
    await expect.poll(() => structure(page)).toEqual([
      ...top,
      'Group 1.0: 2, 1 of 4',
      'Group 1.1: 2, 2 of 4',
      'Admin 1.1.1: 3, 1 of 2',
      'User 1.1.1: 3, 2 of 2',
      'Group 1.2: 2, 3 of 4',
      'Admin 1.1: 2, 4 of 4',
    ])
  })

  await test.step('the group is moved by keyboard', async () => {
    await node(page, 'Group 1.0').focus()
    await page.keyboard.press('Control+x')
    await expect(node(page, 'Group 1.1')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect.poll(() => structure(page)).toEqual([
      ...top,
      'Group 1.1: 2, 1 of 3',
      'Group 1.0: 3, 1 of 3',
      'Admin 1.1.1: 3, 2 of 3',
      'User 1.1.1: 3, 3 of 3',
      'Group 1.2: 2, 2 of 3',
      'Admin 1.1: 2, 3 of 3',
    ])
    await expect(node(page, 'Group 1.0')).toBeFocused()
  })
})

test('the lines of the tree count the tickets that the reader sees, and follow a move', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  for (const [name, tickets] of Object.entries({
    'All tickets': 24,
    'My tickets': 0,
    Unassigned: 3,
    'Group 1': 13,
    'Group 2': 5,
    'Without a group': 3,
  })) {
    await expect(node(page, name)).toHaveAccessibleName(`${name}, ${tickets} tickets`)
  }
  await rowOf(page, '50 × Viewer').getByRole('link', { name: /^Move to…/ }).click()
  await page.getByRole('radio', { name: /^Group 2 / }).check()
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(node(page, 'Unassigned')).toHaveAccessibleName('Unassigned, 2 tickets')
  await expect(node(page, 'Group 2')).toHaveAccessibleName('Group 2, 6 tickets')
  await expect(node(page, 'All tickets')).toHaveAccessibleName('All tickets, 24 tickets')
})

test('the list is searched, sorted and turned by pages; back leads back', async ({ page, portal }) => {
  portal.import({
    groups: [{ key: 'many', name: 'Many', parent: null }],
    tickets: Array.from({ length: 60 }, (_, at) => ({
      owner: { group: 'many' },
      licenses: [{ product: `Bulk ${String(at + 1).padStart(2, '0')}`, quantity: 1 }],
    })),
  })
  await portal.desk(page, 'isv-admin')
  await node(page, 'Many').getByRole('link', { name: 'Many', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Many' })).toBeVisible()
  const pages = page.getByRole('navigation', { name: 'Pages' })

  await test.step('sort', async () => {
    const content = page.getByRole('columnheader', { name: 'Content' })
    await content.getByRole('link', { name: 'Content' }).click()
    await expect(content).toHaveAttribute('aria-sort', 'ascending')
    await expect(rowsOf(page).first()).toContainText('Bulk 01')
    await content.getByRole('link', { name: 'Content' }).click()
    await expect(content).toHaveAttribute('aria-sort', 'descending')
    await expect(rowsOf(page).first()).toContainText('Bulk 60')
  })

  await test.step('pages', async () => {
    await expect(pages).toContainText('1–50 of 60')
    await expect(pages.getByRole('link', { name: 'Previous page' })).toHaveCount(0)
    await pages.getByRole('link', { name: 'Next page' }).click()
    await expect(pages).toContainText('51–60 of 60')
    await expect(rowsOf(page)).toHaveCount(10)
    await expect(rowsOf(page).last()).toContainText('Bulk 01')
    await expect(pages.getByRole('link', { name: 'Next page' })).toHaveCount(0)
    await page.goBack()
    await expect(rowsOf(page).first()).toContainText('Bulk 60')
  })

  await test.step('search', async () => {
    const search = page.getByRole('searchbox', { name: 'Search tickets' })
    await search.fill('bulk 17')
    await expect(rowsOf(page)).toHaveCount(1)
    await expect(rowsOf(page)).toContainText('1 × Bulk 17')
    await expect(search).toBeFocused()
    await search.fill('no such thing')
    await expect(page.getByText('No ticket matches. Search for something else, or in another group.')).toBeVisible()
    await search.fill('')
    await expect(rowsOf(page)).toHaveCount(50)
  })
})

test('the switch "with subgroups" narrows the list to the level of the group', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await node(page, 'Group 1').getByRole('link', { name: 'Group 1', exact: true }).click()
  const toggle = page.getByRole('switch', { name: 'with subgroups' })
  await expect(toggle).toBeChecked()
  await expect(rowsOf(page)).toHaveCount(13)
  await toggle.focus()
  await page.keyboard.press('Space')
  await expect(toggle).not.toBeChecked()
  await expect(rowsOf(page)).toHaveCount(4)
  // It stays as it is for the next group.
  await node(page, 'Group 1.1').getByRole('link', { name: 'Group 1.1', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()
  await expect(toggle).not.toBeChecked()
  await expect(rowsOf(page)).toHaveCount(5)
})

test('a ticket that goes to a person of the level stays in the list of that level, from the first moment', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  await node(page, 'Group 1.1').getByRole('link', { name: 'Group 1.1', exact: true }).click()
  await page.getByRole('switch', { name: 'with subgroups' }).click()
  await expect(page.getByRole('switch', { name: 'with subgroups' })).not.toBeChecked()
  await expect(rowsOf(page)).toHaveCount(5)
  await page.route('**/api/reassign', () => {})
  await rowOf(page, '10 × Studio Professional').getByRole('link', { name: /^Move to…/ }).click()
  await page.getByRole('radio', { name: /^User 1\.1\.1 / }).check()
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText(/^User 1\.1\.1/)
  await expect(rowsOf(page)).toHaveCount(5)
})

test('an empty list says what to do; what does not exist and what is hidden look the same', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin', '/tickets/mine')
  await expect(page.getByText('No tickets here yet. Drag some here, or add one by its code:')).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Redeem code' }).last().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Redeem code' })).toBeVisible()

  const hidden = await addressOfGroup1(page, portal.url)
  await portal.forget(page)
  await portal.login(page, 'user-2.1')
  await expect(page.getByRole('treegrid')).toBeVisible()
  for (const address of [hidden, '/tickets/group:1']) {
    expect((await page.goto(address))?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible()
    await expect(page.getByText('It does not exist, or you may not see it.').first()).toBeVisible()
  }
})

async function addressOfGroup1(page: Page, url: string): Promise<string> {
  await page.goto(url)
  const link = node(page, 'Group 1').getByRole('link', { name: 'Group 1', exact: true })
  const address = await link.getAttribute('href')
  expect(address).toMatch(/^\/tickets\/group:/)
  return address ?? ''
}
