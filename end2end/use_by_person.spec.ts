// N18: use by person is off at first, is switched on by an ISV admin, told on one's own page, and deleted.
import { askedFirst, expect, expectAccessible, test } from './portal.ts'

test('N18: use is kept by person, told on one’s own page, and deleted', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  const main = page.getByRole('main')
  await test.step('off at first', async () => {
    await page.goto('/me/use')
    await portal.ready(page)
    await expect(page.getByRole('heading', { level: 1, name: 'My use' })).toBeVisible()
    await expect(main).toContainText('nothing is added up about you')
    await expectAccessible(page)
  })
  await test.step('switched on', async () => {
    await page.goto('/instance?tab=use')
    await portal.ready(page)
    await expect(main).toContainText('Use is not kept by person.')
    await page.getByRole('button', { name: 'Keep use by person' }).click()
    await expect(main).toContainText('Use is kept by person since')
    await expectAccessible(page)
  })
  await test.step('said on one’s own page', async () => {
    await page.goto('/me/use')
    await portal.ready(page)
    await expect(main).toContainText('Each day is deleted after 90 days')
    await expect(main).toContainText('Nothing is kept about you yet')
  })
  await test.step('deleted', async () => {
    await page.goto('/instance?tab=use')
    await portal.ready(page)
    await askedFirst(page, 'Switch off and delete')
    await expect(main).toContainText('Use is not kept by person.')
  })
})
