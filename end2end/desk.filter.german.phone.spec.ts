// The filter of the tree on a phone, in German.
import { announcement, expect, expectAccessible, test } from './portal.ts'

test.use({ locale: 'de-DE' })

test('der Baum wird gefiltert, der Treffer geöffnet, und zurück führt zum gefilterten Baum', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1', '/')
  const filter = page.getByRole('searchbox', { name: 'Gruppen und Personen filtern' })
  const tree = page.getByRole('treegrid', { name: 'Gruppen und Personen' })
  await filter.fill('user 1.2')
  await expect(announcement(page, '2 gefunden')).toBeVisible()
  await expect(tree.getByRole('row')).toHaveCount(4)
  await expectAccessible(page)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, 'no sideways scrolling').toBeLessThanOrEqual(390)
  await tree.getByRole('link', { name: 'User 1.2.1', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'User 1.2.1' })).toBeVisible()
  await page.getByRole('link', { name: '‹ Gruppen und Personen' }).click()
  await expect(filter).toHaveValue('user 1.2')
  await expect(tree.getByRole('row')).toHaveCount(4)

  await filter.fill('niemand')
  await expect(announcement(page, 'Keine Gruppe und keine Person hat „niemand“ im Namen.')).toBeVisible()
  await page.getByRole('link', { name: 'Ganzen Baum zeigen' }).click()
  await expect(filter).toHaveValue('')
  await expect(tree.getByRole('link', { name: 'Group 1', exact: true })).toBeVisible()
})
