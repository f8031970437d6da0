// What the charts draw. Colours differ in lightness as well, for those who tell colours apart badly.
import type { EChartsCoreOption } from './echarts'

export interface Bars {
  labels: string[]
  series: { name: string; values: number[]; invented?: boolean }[]
  lying?: boolean // bars from left to right
}

const light = { ink: '#1b2430', line: '#dfe4ea', invented: '#8a93a0', bars: ['#1f5f8b', '#5aa0d0', '#e0a030', '#c05a1c', '#17692f'] }
const dark = { ink: '#e5e9ef', line: '#2c3542', invented: '#8d97a5', bars: ['#7fbdea', '#4886b4', '#f3cd7c', '#f5a97f', '#7fd89a'] }

export function barsOption(bars: Bars, isDark: boolean, calm: boolean, narrow: boolean): EChartsCoreOption {
  const colours = isDark ? dark : light
  const names = { type: 'category', data: bars.labels, axisLabel: { color: colours.ink }, axisLine: { lineStyle: { color: colours.line } }, inverse: bars.lying === true }
  const values = { type: 'value', minInterval: 1, axisLabel: { color: colours.ink }, splitLine: { lineStyle: { color: colours.line } } }
  return {
    animation: !calm,
    color: colours.bars,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: 8, right: 24, top: narrow ? 76 : 36, // a narrow legend takes up to three lines
      bottom: 8, containLabel: true },
    legend: { top: 0, textStyle: { color: colours.ink } },
    tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' } },
    xAxis: bars.lying ? values : names,
    yAxis: bars.lying ? names : values,
    series: bars.series.map((one) => ({ name: one.name, type: 'bar', data: one.values, barMaxWidth: 28, barGap: '10%', ...(one.invented ? { itemStyle: { color: colours.invented } } : {}) })),
  }
}
