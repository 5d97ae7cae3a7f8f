import { expect, node, openTab, test } from './portal.ts'

test('N11: what happened in one’s branch: filtered, searched, and as a file', async ({ page, portal, browser }) => {
  test.setTimeout(60_000)
  await portal.desk(page, 'admin-1.1')
  const other = await portal.other(browser, 'isv-admin')
  await other.move('25 × Studio Professional', /^User 1\.2\.2 /)
  await node(page, 'Group 1.1').getByRole('link', { name: 'Manage Group 1.1' }).click()
  await openTab(page, 'Settings')
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('=South')
  await page.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()

  const navigation = page.getByRole('navigation', { name: 'Main navigation' })
  await navigation.getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible()
  await expect(navigation.getByRole('link', { name: 'Activity' })).toHaveAttribute('aria-current', 'page')
  const rows = page.getByRole('table', { name: 'History' }).getByRole('row').filter({ has: page.getByRole('cell') })
  const renamed = rows.filter({ hasText: 'Group renamed =South' })
  // ISV admins stand above the branch: what they did is told, who they are is not.
  const moved = rows.filter({ hasText: /Assigned .* → User 1\.2\.2 \(via Group 1 › Group 1\.2\)/ })
  await expect(renamed).toContainText(/Admin 1\.1\s*Browser/)
  await expect(moved).toContainText(/someone\s*Browser/)

  await test.step('filter and search', async () => {
    const filter = page.getByRole('main').getByRole('search')
    await filter.getByRole('combobox', { name: 'About' }).selectOption('Tickets')
    await filter.getByRole('button', { name: 'Show' }).click()
    await expect(renamed).toHaveCount(0)
    await expect(moved).toHaveCount(1)
    await filter.getByRole('searchbox').fill('nothing like that')
    await filter.getByRole('button', { name: 'Show' }).click()
    await expect(page.getByText('Nothing that you may see has happened')).toBeVisible()
    await page.getByRole('link', { name: 'Show everything' }).click()
    await expect(renamed).toHaveCount(1)
    await expect(filter.getByRole('searchbox')).toHaveValue('')
    await expect(filter.getByRole('combobox', { name: 'About' })).toHaveValue('')
    await renamed.getByRole('link', { name: '=South' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'Only events in =South and below' })).toBeVisible()
    await expect(moved).toHaveCount(0)
    await page.getByRole('link', { name: 'Show everything' }).click()
    await expect(moved).toHaveCount(1)
    await renamed.getByRole('link', { name: 'Admin 1.1' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'Only events of Admin 1.1' })).toBeVisible()
    await expect(rows).toContainText([
      'Group renamed =South',
      /Created .* Admin 1\.1 \(via Group 1\)\s*operator of the server\s*Import/,
      'Account created',
    ])
  })

  await test.step('the file has what is shown, and no formula', async () => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download as CSV' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('history.csv')
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    const lines = Buffer.concat(chunks).toString('utf8').split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[1]).toMatch(/,group_renamed,browser,Admin 1\.1,,,,,,'=South,,,[^,=]+ → =South$/)
  })

  await page.getByRole('link', { name: 'Show everything' }).click()
  await moved.getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: '25 × Studio Professional' })).toBeVisible()
  await other.leave()
})
