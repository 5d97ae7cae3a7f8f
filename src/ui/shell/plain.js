document.documentElement.dataset.ready = ''
const asked = new URL(location)
for (const name of ['__err', '__path']) asked.searchParams.delete(name)
if (asked.href !== location.href) history.replaceState(history.state, '', asked)
try {
  for (const key of Object.keys(localStorage)) if (key.startsWith('recent.')) localStorage.removeItem(key)
} catch {
  // Some browsers keep nothing at all.
}
