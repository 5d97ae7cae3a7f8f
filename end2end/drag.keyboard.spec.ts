import { announcement, codeOf, expect, node, ownerOf, requestsOf, rowOf, test, type Page } from './portal.ts'

const handle = (page: Page, ticket: string) => rowOf(page, ticket).getByRole('button', { name: /^(Drag .*|.* ziehen)$/ })

/** Lifts a ticket as somebody does who uses the keyboard alone. */
async function liftByKeys(page: Page, ticket: string) {
  await handle(page, ticket).focus()
  await page.keyboard.press('Enter')
}

test('5: a drag by keyboard visits permitted targets only, opens branches on the way, and drops', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const code = await codeOf(rowOf(page, '10 × Studio Professional'))
  const press = async (key: string, lands: string) => {
    await page.keyboard.press(key)
    await expect(node(page, lands), key).toBeFocused()
  }
  await liftByKeys(page, '10 × Studio Professional')
  // Not "All tickets", which owns nothing.
  await expect(node(page, 'My tickets')).toBeFocused()
  await press('ArrowDown', 'Group 1')
  // Not Group 1.1, where it is; but the people in it, who are loaded on the way.
  await press('ArrowDown', 'Admin 1.1.1')
  await press('ArrowDown', 'User 1.1.1')
  await press('ArrowUp', 'Admin 1.1.1')
  await press('ArrowUp', 'Group 1')
  await press('End', 'Admin 1.1')
  await press('Home', 'My tickets')
  await press('u', 'User 1.1.1')
  await press('ArrowLeft', 'Group 1')
  await press('ArrowDown', 'Admin 1.1.1')
  await press('ArrowDown', 'User 1.1.1')
  await press('ArrowDown', 'Group 1.2')
  await page.keyboard.press('Enter')
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 1 › Group 1.2')
  await expect(rowOf(page, '10 × Studio Professional')).toBeFocused()
  await expect(announcement(page, `(${code}) assigned to Group 1.2`)).toBeVisible()
  await expect(rowOf(page, '10 × Studio Professional')).toBeFocused()
  expect(sent).toEqual(['reassign'])
  // What opened on the way is closed again.
  await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-expanded', 'false')
})

test('5: several selected tickets are dragged by keyboard', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  for (const ticket of ['25 × Studio Professional', '100 × Viewer']) {
    await rowOf(page, ticket).getByRole('checkbox').focus()
    await page.keyboard.press('Space')
  }
  await liftByKeys(page, '100 × Viewer')
  await expect(announcement(page, '2 tickets lifted.')).toBeVisible()
  // To the first permitted target of that letter after "My tickets": both are in Group 1 itself.
  await page.keyboard.press('g')
  await expect(node(page, 'Group 1.1')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(ownerOf(rowOf(page, '25 × Studio Professional'))).toHaveText('Group 1 › Group 1.1')
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1 › Group 1.1')
  await expect.poll(() => sent).toEqual(['reassign'])
})

test('5: a group is dragged by keyboard, and the focus lands on its line', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  await node(page, 'Group 1.2').focus()
  await page.keyboard.press('Control+x')
  await expect(announcement(page, 'Group 1.2 lifted.')).toBeVisible()
  await expect(node(page, 'Group 1.1')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(node(page, 'Group 1.2')).toHaveAttribute('aria-level', '3')
  await expect(node(page, 'Group 1.2')).toBeFocused()
  await expect.poll(() => sent).toEqual(['move_group'])
})

test('6: Esc, Tab and leaving the window cancel: the same tree, the focus back, nothing sent', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const start = handle(page, '10 × Studio Professional')
  const ways: Record<string, () => Promise<unknown>> = {
    Escape: () => page.keyboard.press('Escape'),
    Tab: () => page.keyboard.press('Tab'),
    'leaving the window': () => page.evaluate(() => window.dispatchEvent(new Event('blur'))),
  }
  for (const [way, leave] of Object.entries(ways)) {
    await test.step(way, async () => {
      await liftByKeys(page, '10 × Studio Professional')
      await expect(node(page, 'My tickets')).toBeFocused()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await expect(node(page, 'Admin 1.1.1')).toBeFocused()
      await leave()
      await expect(announcement(page, 'Drag cancelled. Nothing was moved.')).toBeVisible()
      await expect(start).toBeFocused()
      await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-expanded', 'false')
      await expect(node(page, 'Admin 1.1.1')).toHaveCount(0)
      await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 1 › Group 1.1')
      // The next Enter begins anew, and does not drop.
      await expect(node(page, 'All tickets')).not.toContainText('not a target')
    })
  }
  expect(sent).toEqual([])
})

for (const [language, words] of Object.entries({
  English: {
    locale: 'en-US',
    lifted: (what: string) =>
      `${what} lifted. Arrow keys choose a target, Enter drops, Escape cancels. The slash key filters the targets. ${what} over My tickets, 1 of 4`,
    over: (what: string) => `${what} over Group 1, 2 of 4`,
    more: (what: string) => `${what} over Admin 1.1.1, 3 of 6`,
    refused: (what: string) => `${what} not moved to Group 1.1: already there.`,
    assigned: (what: string) => `${what} assigned to Group 1`,
  },
  German: {
    locale: 'de-DE',
    lifted: (what: string) =>
      `${what} aufgenommen. Pfeiltasten wählen das Ziel, Eingabe legt ab, Escape bricht ab. Der Schrägstrich filtert die Ziele. ${what} über Meine Tickets, 1 von 4`,
    over: (what: string) => `${what} über Group 1, 2 von 4`,
    more: (what: string) => `${what} über Admin 1.1.1, 3 von 6`,
    refused: (what: string) => `${what} nicht nach Group 1.1 verschoben: schon dort.`,
    assigned: (what: string) => `${what} zugeordnet: Group 1`,
  },
})) {
  test.describe(language, () => {
    test.use({ locale: words.locale })

    test('7: a live region names ticket, target and position, and the reason of a refusal', async ({
      page,
      portal,
    }) => {
      await portal.desk(page, 'admin-1.1')
      const what = `10 × Studio Professional (${await codeOf(rowOf(page, '10 × Studio Professional'))})`
      await liftByKeys(page, '10 × Studio Professional')
      await expect(announcement(page, words.lifted(what))).toHaveCount(1)
      await page.keyboard.press('ArrowDown')
      await expect(announcement(page, words.over(what))).toHaveCount(1)
      await page.keyboard.press('ArrowDown')
      await expect(announcement(page, words.more(what))).toHaveCount(1)
      // What was lifted by keys can be put down by a click, too.
      await node(page, 'Group 1.1').getByRole('link', { name: 'Group 1.1', exact: true }).click()
      await expect(page.getByRole('alert').filter({ hasText: words.refused(what) })).toBeVisible()
      await expect(announcement(page, words.refused(what))).toHaveCount(1)
      await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 1 › Group 1.1')

      await liftByKeys(page, '10 × Studio Professional')
      await page.keyboard.press('ArrowDown')
      await expect(announcement(page, words.over(what))).toHaveCount(1)
      await page.keyboard.press('Enter')
      await expect(announcement(page, words.assigned(what))).toHaveCount(1)
    })
  })
}

test('a long list stays usable: Enter on a row does not drag, and links still work with keys', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const row = rowOf(page, '25 × Studio Professional')
  const code = await codeOf(row)
  await row.getByRole('link', { name: code, exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: '25 × Studio Professional' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(code)
})
