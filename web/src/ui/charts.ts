/** The parts of ECharts in use, in a chunk of their own: import this file lazily (ChartView does). */
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, registerTheme, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([
  AriaComponent,
  BarChart,
  DatasetComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  ScatterChart,
  SVGRenderer,
  TooltipComponent,
  VisualMapComponent,
])

const axis = {
  axisLine: { lineStyle: { color: '#8b989d' } },
  axisLabel: { color: '#465156' },
  nameTextStyle: { color: '#465156' },
  splitLine: { lineStyle: { color: '#e8ecee' } },
}

// Distinct in lightness as well as in hue: they survive grey print and colour blindness.
registerTheme('qy', {
  color: ['#0b6e69', '#d99a2b', '#3d5a94', '#8fc1b5', '#8c3b63', '#9aa6ab'],
  textStyle: { color: '#1c2326' },
  categoryAxis: axis,
  valueAxis: axis,
  legend: { textStyle: { color: '#465156' } },
})

export const makeChart = (element: HTMLElement) => init(element, 'qy', { renderer: 'svg' })
