import { expect, expectAccessible, test } from './portal.ts'

const table = 'key;name;parent\nlab;Labor;nowhere\n'
const corrected = 'key;name;parent\nlab;Labor;\nbench;=Bench;lab\n'

test('a file is checked, corrected, imported and exported again', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin', '/imports')
  await expect(page.getByRole('link', { name: 'Import and export' })).toHaveAttribute('aria-current', 'page')
  await expectAccessible(page)

  const upload = async (text: string) => {
    const file = { name: 'groups.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
    await page.getByLabel(/^File \(CSV or JSON/).setInputFiles(file)
    await page.getByRole('button', { name: 'Check the file' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'groups.csv' })).toBeVisible()
    await portal.ready(page)
  }
  const rows = page.getByRole('table', { name: 'Report' }).getByRole('row').filter({ has: page.getByRole('cell') })

  await upload(table)
  await expect(rows).toHaveText(/2\s*Groups\s*lab\s*Refused: There is no group with the key “nowhere”/)
  await expect(page.getByRole('button', { name: 'Import now' })).toHaveCount(0)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText('It was discarded.')).toBeVisible()

  await page.getByRole('link', { name: 'Import and export' }).click()
  await upload(corrected)
  await page.getByRole('navigation', { name: 'Report' }).getByRole('link', { name: '2 to create' }).click()
  await expect(rows).toHaveText([/lab\s*Would be created/, /bench\s*Would be created/])
  await page.getByRole('button', { name: 'Import now' }).click()
  await expect(page.getByText('The file is imported.')).toBeVisible()

  await page.getByRole('link', { name: 'Import and export' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Groups', exact: true }).last().click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('groups.csv')
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString('utf8')).toContain("\r\nbench,'=Bench,lab\r\n")
})
