// Pages on narrow screens: what is written in charts can be read, and the bar of the administration shows where one is.
import { expect, test, type Page } from './portal.ts'

/** How large what is written in the charts is on the screen, in CSS pixels. */
async function sizes(page: Page) {
  const charts = await page.getByRole('img').all()
  const sizes: number[] = []
  for (const chart of charts) {
    sizes.push(
      ...(await chart.evaluate((chart) => {
        if (!(chart instanceof SVGSVGElement)) return []
        const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width
        return [...chart.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale)
      })),
    )
  }
  return sizes
}

for (const width of [320, 390, 820, 1280]) {
  test(`words in charts have 11 px or more at ${width} px`, async ({ page, portal }) => {
    await page.setViewportSize({ width, height: 844 })
    await portal.begin(page.context(), 'isv-admin')
    await page.goto('/use')
    await portal.ready(page)
    await expect(page.getByRole('img').first()).toBeVisible()
    const found = await sizes(page)
    expect(found.length).toBeGreaterThan(5)
    expect(Math.min(...found)).toBeGreaterThanOrEqual(10.9)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  })
}

for (const width of [390, 820]) {
  test(`the bar of the administration shows the page one is on at ${width} px`, async ({ page, portal }) => {
    await page.setViewportSize({ width, height: 844 })
    await portal.begin(page.context(), 'isv-admin')
    for (const [address, name] of [
      ['/users', 'Persons and users'],
      ['/use', 'Use'],
      ['/imports', 'Import and export'],
    ] as const) {
      await page.goto(address)
      await portal.ready(page)
      const current = page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name, exact: true })
      await expect(current).toHaveAttribute('aria-current', 'page')
      const whole = async () => {
        const box = await current.boundingBox()
        return box !== null && box.x >= 13 && box.x + box.width <= width - 13
      }
      await expect.poll(whole, `${name} is not cut at an edge`).toBe(true)
    }
  })
}
