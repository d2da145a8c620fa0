/** The icons of the house, one size and one stroke; each is imported alone, so that the others stay out of the bundle. */
import IconApi from '@tabler/icons-react/icons/IconApi'
import IconChartLine from '@tabler/icons-react/icons/IconChartLine'
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown'
import IconDatabase from '@tabler/icons-react/icons/IconDatabase'
import IconDots from '@tabler/icons-react/icons/IconDots'
import IconFlag from '@tabler/icons-react/icons/IconFlag'
import IconHome from '@tabler/icons-react/icons/IconHome'
import IconLayoutSidebar from '@tabler/icons-react/icons/IconLayoutSidebar'
import IconPresentation from '@tabler/icons-react/icons/IconPresentation'
import IconRoute from '@tabler/icons-react/icons/IconRoute'
import IconScale from '@tabler/icons-react/icons/IconScale'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import IconSettings from '@tabler/icons-react/icons/IconSettings'
import IconUsers from '@tabler/icons-react/icons/IconUsers'
import type { ComponentType } from 'react'

type Drawn = ComponentType<{ size: number; stroke: number; 'aria-hidden': boolean; focusable: boolean }>

const icon = (Tabler: Drawn) =>
  function Icon() {
    return <Tabler size={18} stroke={1.6} aria-hidden focusable={false} />
  }

export const ApiIcon = icon(IconApi)
export const BoardIcon = icon(IconPresentation)
export const CollapseIcon = icon(IconLayoutSidebar)
export const CustomersIcon = icon(IconUsers)
export const DataIcon = icon(IconDatabase)
export const DecisionsIcon = icon(IconScale)
export const DownIcon = icon(IconChevronDown)
export const HomeIcon = icon(IconHome)
export const InsightsIcon = icon(IconChartLine)
export const MoreIcon = icon(IconDots)
export const PracticesIcon = icon(IconRoute)
export const SearchIcon = icon(IconSearch)
export const SettingsIcon = icon(IconSettings)
export const StartIcon = icon(IconFlag)
