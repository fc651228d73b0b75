import { escaped } from '../quiz/export/xml.ts'
import type { Told } from './run-demo.ts'
import { timelineSvg } from './timeline-svg.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --ground: #ffffff; --line: #d0d7de }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa4ae; --ground: #0d1117; --line: #3d444d } }
body { margin: 0 auto; padding: 1.5rem; max-width: 90rem; background: var(--ground); color: var(--ink); font: 1.25rem/1.5 system-ui, sans-serif }
h1 { font-size: 2rem } h2 { font-size: 1.8rem; margin: 2.5rem 0 0.3rem } .dim, summary { color: var(--dim) }
.look { font-size: 1.4rem; margin: 0 0 1rem } svg { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px }
ol { padding-left: 2.2rem } table { border-collapse: collapse; font-size: 1rem } td { padding: 0.1rem 1rem 0.1rem 0; vertical-align: top }
`

/** One page with everything that was shown: no script, nothing from elsewhere, fit for a projector and for paper. */
export function page(shows: readonly { told: Told; broker: string }[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Kafka, as it was shown</title>',
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<h1>Kafka, as it was shown</h1>',
    `<p class="dim">Every mark is a request or an answer of a real client, seen on its way to the broker. A number stands where that was said; pauses are left out, and a step with much to show is wider.</p>`,
    ...shows.map(section),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function section({ told, broker }: { told: Told; broker: string }): string {
  const { demo, captions, moments } = told
  const rows = moments.map(({ atMs, who, kind, text }) => {
    const cells = [`${(atMs / 1000).toFixed(2)} s`, who, kind, text]
    return `<tr>${cells.map((one) => `<td>${escaped(one)}</td>`).join('')}</tr>`
  })
  return [
    `<section id="${demo.name}">`,
    `<h2>${escaped(demo.title)}</h2>`,
    `<p class="look">Look at ${escaped(demo.lookAt)}</p>`,
    timelineSvg(told),
    `<ol>${captions.map(({ text }) => `<li>${escaped(text)}</li>`).join('')}</ol>`,
    `<details><summary>All ${moments.length} moments, on ${escaped(broker)}</summary><table>${rows.join('')}</table></details>`,
    '</section>',
  ].join('\n')
}
