// S8: licences are dragged onto containers, by mouse and by keys; and the same by the buttons beside them.
import {
  announcement,
  bay,
  carry,
  expect,
  expectAccessible,
  lift,
  makeContainers,
  openTicket,
  requestsOf,
  test,
  type Page,
} from './portal.ts'

const ticket = '10 × Studio Professional'
const product = (page: Page) => page.getByRole('heading', { level: 3, name: 'Studio Professional' })
/** What is activated in a container, on the page of the ticket. */
const unit = (page: Page, container: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name: container }) }).filter({ has: page.getByRole('button') })
const handle = (page: Page) => page.getByRole('button', { name: /^(Drag Studio Professional|Studio Professional ziehen)$/ })

test('a licence is dragged onto a container by mouse, and on to another one', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server', 'Laptop')
  await openTicket(page, portal, ticket)
  const sent = requestsOf(page)

  await test.step('Esc, or a drop beside the containers, changes nothing', async () => {
    for (const end of ['Escape', 'beside']) {
      await lift(page, product(page))
      await expect(announcement(page, 'Studio Professional lifted.')).toBeVisible()
      await expect(bay(page, 'Build server of Admin 1.1')).toBeVisible()
      await expect(bay(page, 'Laptop of Admin 1.1')).toBeVisible()
      if (end === 'Escape') await page.keyboard.press('Escape')
      else await carry(page, page.getByRole('heading', { level: 1 }))
      await page.mouse.up()
      await expect(announcement(page, 'Drag cancelled. Nothing was moved.')).toBeVisible()
      await expect(page.getByRole('listbox')).toHaveCount(0)
    }
    expect(sent).toEqual([])
  })

  await test.step('where more than one is free, it is asked how many', async () => {
    await lift(page, product(page))
    await carry(page, bay(page, 'Build server of Admin 1.1'))
    await expect(announcement(page, 'Studio Professional over Build server of Admin 1.1, 1 of 2')).toBeVisible()
    await expect(bay(page, 'Build server of Admin 1.1')).toContainText('drop to activate')
    await expectAccessible(page)
    await page.mouse.up()
    const asking = page.getByRole('dialog', {
      name: 'Activate how many of Studio Professional in Build server of Admin 1.1?',
    })
    await expect(asking.getByRole('spinbutton', { name: 'Quantity' })).toHaveValue('1')
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await expect(asking).toBeHidden()
    expect(sent).toEqual([])
    await lift(page, product(page))
    await carry(page, bay(page, 'Build server of Admin 1.1'))
    await page.mouse.up()
    await asking.getByRole('spinbutton', { name: 'Quantity' }).fill('3')
    await asking.getByRole('button', { name: 'Activate' }).click()
    await expect(page.getByText('3 of 10 activated')).toBeVisible()
    await expect(announcement(page, '3 × Studio Professional activated in Build server of Admin 1.1')).toBeVisible()
    expect(sent).toEqual(['activate'])
  })

  await test.step('where it is already, it says so before the drop, and nothing is sent', async () => {
    await lift(page, unit(page, 'Build server of Admin 1.1').getByText(/^3 ×/))
    await carry(page, bay(page, 'Build server of Admin 1.1'))
    await expect(bay(page, 'Build server of Admin 1.1')).toContainText('already there')
    await page.mouse.up()
    await expect(
      page.getByRole('alert').filter({ hasText: 'Studio Professional not moved to Build server of Admin 1.1: already there.' }),
    ).toBeVisible()
    expect(sent).toEqual(['activate'])
  })

  await lift(page, unit(page, 'Build server of Admin 1.1').getByText(/^3 ×/))
  await carry(page, bay(page, 'Laptop of Admin 1.1'))
  await expect(bay(page, 'Laptop of Admin 1.1')).toContainText('drop to transfer')
  await page.mouse.up()
  await expect(announcement(page, '3 × Studio Professional transferred to Laptop of Admin 1.1')).toBeVisible()
  await expect(unit(page, 'Laptop of Admin 1.1')).toBeVisible()
  await expect(unit(page, 'Build server of Admin 1.1')).toHaveCount(0)
  expect(sent).toEqual(['activate', 'transfer'])
})

for (const [language, words] of Object.entries({
  English: {
    locale: 'en-US',
    lifted:
      'Studio Professional lifted. Arrow keys choose a target, Enter drops, Escape cancels. Studio Professional over Build server of Admin 1.1, 1 of 3',
    next: 'Studio Professional over Desktop of Admin 1.1, 2 of 3',
    name: (container: string) => `${container} of Admin 1.1`,
    question: 'Activate how many of Studio Professional in Laptop of Admin 1.1?',
    activate: 'Activate',
    activated: '2 × Studio Professional activated in Laptop of Admin 1.1',
    cancelled: 'Drag cancelled. Nothing was moved.',
  },
  German: {
    locale: 'de-DE',
    lifted:
      'Studio Professional aufgenommen. Pfeiltasten wählen das Ziel, Eingabe legt ab, Escape bricht ab. Studio Professional über Build server von Admin 1.1, 1 von 3',
    next: 'Studio Professional über Desktop von Admin 1.1, 2 von 3',
    name: (container: string) => `${container} von Admin 1.1`,
    question: 'Wie viele von Studio Professional in Laptop von Admin 1.1 aktivieren?',
    activate: 'Aktivieren',
    activated: '2 × Studio Professional aktiviert in Laptop von Admin 1.1',
    cancelled: 'Ziehen abgebrochen. Nichts wurde verschoben.',
  },
})) {
  test.describe(language, () => {
    test.use({ locale: words.locale })

    test('a licence is dragged onto a container by keys, and everything is told', async ({ page, portal }) => {
      await portal.desk(page, 'admin-1.1')
      await makeContainers(page, 'Laptop', 'Build server', 'Desktop')
      await openTicket(page, portal, ticket)
      const sent = requestsOf(page)
      const at = (container: string) => expect(bay(page, words.name(container))).toBeFocused()
      await handle(page).focus()

      await page.keyboard.press('Enter')
      await at('Build server')
      await expect(announcement(page, words.lifted)).toHaveCount(1)
      await expectAccessible(page)
      await page.keyboard.press('ArrowDown')
      await at('Desktop')
      await expect(announcement(page, words.next)).toHaveCount(1)
      await page.keyboard.press('End')
      await at('Laptop')
      await page.keyboard.press('Home')
      await at('Build server')
      for (const cancel of ['Escape', 'Tab']) {
        await page.keyboard.press(cancel)
        await expect(announcement(page, words.cancelled)).toHaveCount(1)
        await expect(page.getByRole('listbox')).toHaveCount(0)
        await expect(handle(page)).toBeFocused()
        await page.keyboard.press('Space')
        await at('Build server')
      }
      expect(sent).toEqual([])

      await page.keyboard.press('l')
      await at('Laptop')
      await page.keyboard.press('Enter')
      const asking = page.getByRole('dialog', { name: words.question })
      await expect(asking.getByRole('spinbutton')).toBeFocused()
      await page.keyboard.press('Control+a')
      await page.keyboard.type('2')
      await page.keyboard.press('Enter')
      await expect(announcement(page, words.activated)).toBeVisible()
      await expect(handle(page)).toBeFocused()
      expect(sent).toEqual(['activate'])

      // What was lifted by keys can be put down by a click, too.
      await page.keyboard.press('Enter')
      await at('Build server')
      await bay(page, words.name('Desktop')).click()
      await page.getByRole('dialog').getByRole('button', { name: words.activate }).click()
      await expect(unit(page, words.name('Desktop'))).toBeVisible()
    })
  })
}

test('where nothing is permitted, it is said why', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  await makeContainers(page, 'Build server')
  await openTicket(page, portal, '50 × Viewer')
  const sent = requestsOf(page)
  await lift(page, page.getByRole('heading', { level: 3, name: 'Viewer' }))
  await carry(page, bay(page, 'Build server of ISV Admin'))
  await expect(bay(page, 'Build server of ISV Admin')).toContainText('assign it first')
  await expect(announcement(page, /not allowed: assign it first/)).toBeVisible()
  await page.mouse.up()
  await expect(page.getByRole('alert').filter({ hasText: 'assign it first.' })).toBeVisible()
  await page.getByRole('button', { name: 'Drag Viewer' }).click()
  await expect(
    page.getByRole('alert').filter({ hasText: 'There is no other container into which you may bring it.' }),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Activate in…: Viewer' }).click()
  const dialog = page.getByRole('dialog', { name: 'Activate Viewer in…' })
  await expect(dialog.getByRole('radio', { name: /^Build server of ISV Admin assign it first/ })).toBeDisabled()
  expect(sent).toEqual([])
})

test('a container gives its licences to another one: by mouse, and by the button', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server', 'Laptop')
  await openTicket(page, portal, ticket)
  await page.getByRole('button', { name: 'Activate in…: Studio Professional' }).click()
  const activating = page.getByRole('dialog', { name: 'Activate Studio Professional in…' })
  await expectAccessible(page)
  await activating.getByRole('searchbox', { name: 'Search containers' }).fill('lapt')
  await expect(activating.getByRole('radio')).toHaveCount(1)
  await activating.getByRole('radio', { name: 'Laptop of Admin 1.1' }).check()
  await activating.getByRole('spinbutton', { name: 'Quantity' }).fill('4')
  await activating.getByRole('button', { name: 'Activate' }).click()
  await expect(page.getByText('4 of 10 activated')).toBeVisible()

  await page.getByRole('link', { name: 'Laptop of Admin 1.1' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Laptop' })).toBeVisible()
  await portal.ready(page)
  const sent = requestsOf(page)
  const licences = page.getByRole('table', { name: 'Licences' })
  const row = licences.getByRole('row', { name: /Studio Professional ST-PRO/ })
  await lift(page, row.getByRole('cell', { name: '4', exact: true }))
  await carry(page, bay(page, 'Laptop of Admin 1.1'))
  await expect(bay(page, 'Laptop of Admin 1.1')).toContainText('already there')
  await carry(page, bay(page, 'Build server of Admin 1.1'))
  await page.mouse.up()
  await expect(page.getByText('Nothing is activated in this container.')).toBeVisible()
  await expect(announcement(page, '4 × Studio Professional transferred to Build server of Admin 1.1')).toBeVisible()
  expect(sent).toEqual(['transfer'])

  await page.goto('/containers')
  await portal.ready(page)
  await page.getByRole('link', { name: 'Build server' }).click()
  await portal.ready(page)
  await page.getByRole('button', { name: 'Transfer to…: Studio Professional' }).click()
  const transferring = page.getByRole('dialog', { name: 'Transfer Studio Professional to…' })
  await expect(transferring.getByRole('radio', { name: /^Build server of Admin 1\.1 already there/ })).toBeDisabled()
  await transferring.getByRole('radio', { name: 'Laptop of Admin 1.1' }).check()
  await transferring.getByRole('button', { name: 'Transfer' }).click()
  await expect(page.getByText('Nothing is activated in this container.')).toBeVisible()
})

test('a drop that the server refuses meanwhile is told, with a retry', async ({ page, portal, browser }) => {
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server')
  await openTicket(page, portal, ticket)
  const other = await portal.other(browser, 'admin-1.1.1')
  await lift(page, product(page))
  await carry(page, bay(page, 'Build server of Admin 1.1'))
  await page.mouse.up()
  await page.getByRole('dialog').getByRole('spinbutton').fill('10')
  await makeContainers(other.page, 'Own')
  await openTicketOf(other.page)
  await other.page.getByRole('button', { name: 'Activate: Studio Professional' }).click()
  await expect(other.page.getByText('1 of 10 activated')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
  const problem = page.getByRole('alert').filter({ hasText: 'Studio Professional was not activated. Only 9 are free.' })
  await expect(problem).toBeVisible()
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
  await expect(problem.getByRole('button', { name: 'Try again' })).toBeVisible()
})

/** The page of the ticket for somebody without scripts. */
async function openTicketOf(page: Page) {
  await page.goto('/tickets/all')
  await page
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: /^10 × Studio Professional / }) })
    .getByRole('link', { name: /^[0-9A-Z]{5}-/ })
    .click()
}
