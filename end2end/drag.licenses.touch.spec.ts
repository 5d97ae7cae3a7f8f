// S8: licences are brought into containers on a phone: dragged by a finger, and by taps alone.
import { announcement, bay, expect, expectAccessible, makeContainers, openTicket, requestsOf, test, type Page } from './portal.ts'

const product = (page: Page) => page.getByRole('heading', { level: 3, name: 'Studio Professional' })

for (const [language, words] of Object.entries({
  English: {
    locale: 'en-US',
    lifted: 'Studio Professional lifted.',
    container: 'Laptop of Admin 1.1',
    activate: 'Activate',
    activated: '1 × Studio Professional activated in Laptop of Admin 1.1',
    cancelled: 'Drag cancelled. Nothing was moved.',
  },
  German: {
    locale: 'de-DE',
    lifted: 'Studio Professional aufgenommen.',
    container: 'Laptop von Admin 1.1',
    activate: 'Aktivieren',
    activated: '1 × Studio Professional aktiviert in Laptop von Admin 1.1',
    cancelled: 'Ziehen abgebrochen. Nichts wurde verschoben.',
  },
})) {
  test.describe(language, () => {
    test.use({ locale: words.locale })

    test('a finger that rests on a licence drags it onto a container; a swipe scrolls', async ({ page, portal, touch }) => {
      await portal.desk(page, 'admin-1.1')
      await makeContainers(page, 'Laptop', 'Build server')
      await openTicket(page, portal, '10 × Studio Professional')
      const sent = requestsOf(page)
      await product(page).scrollIntoViewIfNeeded()

      await test.step('a swipe', async () => {
        const before = await page.evaluate(() => scrollY)
        const box = await product(page).boundingBox()
        if (!box) throw new Error('no licence')
        await touch.start(product(page))
        await touch.move({ x: box.x + 40, y: box.y - 160 })
        await touch.end()
        await expect.poll(() => page.evaluate(() => scrollY)).not.toBe(before)
        await expect(announcement(page, words.lifted)).toHaveCount(0)
      })

      await test.step('a second finger ends it', async () => {
        await product(page).scrollIntoViewIfNeeded()
        await touch.start(product(page))
        await touch.hold()
        await expect(announcement(page, words.lifted)).toHaveCount(1)
        await expect(bay(page, words.container)).toBeInViewport()
        await touch.second({ x: 60, y: 120 })
        await expect(announcement(page, words.cancelled)).toHaveCount(1)
        await expect(page.getByRole('listbox')).toHaveCount(0)
        await touch.end()
        expect(sent).toEqual([])
      })

      await touch.start(product(page))
      await touch.hold()
      await expect(bay(page, words.container)).toBeInViewport()
      await touch.move(bay(page, words.container))
      await expect(announcement(page, words.container)).toHaveCount(1)
      await touch.end()
      await page.getByRole('dialog').getByRole('button', { name: words.activate }).tap()
      await expect(announcement(page, words.activated)).toBeVisible()
      await expect(page.getByRole('link', { name: words.container }).first()).toBeVisible()
      expect(sent).toEqual(['activate'])
    })
  })
}

test('18: everything by taps alone at 320 px, without scrolling sideways', async ({ page, portal }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await portal.desk(page, 'admin-1.1')
  await makeContainers(page, 'Build server', 'Laptop')
  await openTicket(page, portal, '10 × Studio Professional')
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await wide()).toBe(0)
  await page.getByRole('button', { name: 'Activate in…: Studio Professional' }).tap()
  const activating = page.getByRole('dialog', { name: 'Activate Studio Professional in…' })
  await activating.getByRole('radio', { name: 'Laptop of Admin 1.1' }).tap()
  await activating.getByRole('button', { name: 'Activate' }).tap()
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
  await expectAccessible(page)
  expect(await wide()).toBe(0)
  await page.getByRole('button', { name: 'Transfer to…: Studio Professional: Laptop of Admin 1.1' }).tap()
  const transferring = page.getByRole('dialog', { name: 'Transfer Studio Professional to…' })
  await transferring.getByRole('radio', { name: 'Build server of Admin 1.1' }).tap()
  await transferring.getByRole('button', { name: 'Transfer' }).tap()
  await expect(page.getByRole('link', { name: 'Build server of Admin 1.1' }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Build server of Admin 1.1' }).first().tap()
  await expect(page.getByRole('button', { name: 'Transfer to…: Studio Professional' })).toBeVisible()
  expect(await wide()).toBe(0)
})
