/** A few strokes, 16 × 16, in the colour of the text beside them. */
import type { ReactNode } from 'react'

const icon = (path: ReactNode) =>
  function Icon() {
    return (
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
        focusable="false"
      >
        {path}
      </svg>
    )
  }

export const HomeIcon = icon(<path d="M2.5 7 8 2.5 13.5 7v6.5h-4V9.5h-3v4h-4Z" />)
export const GridIcon = icon(
  <>
    <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" />
    <path d="M2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11" />
  </>,
)
export const TrendIcon = icon(<path d="M2.5 12.5 6 8.5l3 2 4.5-6M10.5 4.5h3v3" />)
export const TargetIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.500" />
    <circle cx="8" cy="8" r="2.300" />
  </>,
)
export const FlagIcon = icon(<path d="M4 14V2.500h8l-2 3 2 3H4" />)
export const StepsIcon = icon(<path d="M2.5 13.500h3v-3.500h3v-3.500h3V3h2" />)
export const QuestionIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M6.3 6.3A1.7 1.7 0 1 1 8.7 7.9c-.5.3-.7.6-.7 1.2M8 11h.01" />
  </>,
)
export const FeatureIcon = icon(
  <>
    <circle cx="4.5" cy="4.5" r="2" />
    <circle cx="11.5" cy="4.5" r="2" />
    <circle cx="4.5" cy="11.5" r="2" />
    <circle cx="11.5" cy="11.5" r="2" />
  </>,
)
export const LinkIcon = icon(
  <path d="M6.5 9.5 9.5 6.5M7 4.5l1-1a3 3 0 0 1 4.5 4.5l-1 1M9 11.5l-1 1A3 3 0 0 1 3.500 8l1-1" />,
)
export const BookIcon = icon(
  <path d="M3 3h4a1.500 1.500 0 0 1 1.500 1.500V13a1.500 1.500 0 0 0-1.500-1.500H3ZM13.500 3h-3.500a1.500 1.500 0 0 0-1.500 1.500V13a1.500 1.500 0 0 1 1.500-1.500h3.500Z" />,
)
export const DataIcon = icon(
  <>
    <ellipse cx="8" cy="4" rx="5" ry="1.800" />
    <path d="M3 4v8c0 1 2.200 1.800 5 1.800s5-.8 5-1.800V4M3 8c0 1 2.200 1.800 5 1.800S13 9 13 8" />
  </>,
)
export const PeopleIcon = icon(
  <>
    <circle cx="6" cy="5.500" r="2.300" />
    <path d="M2 13c0-2.200 1.800-3.800 4-3.800S10 10.800 10 13M10.500 3.600a2.100 2.100 0 0 1 0 4M11.500 9.500c1.500.4 2.500 1.700 2.500 3.500" />
  </>,
)
export const LogIcon = icon(<path d="M3.500 3h9M3.500 6.300h9M3.500 9.600h9M3.500 13h5" />)
export const JobIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.500" />
    <path d="M8 5v3.200l2 1.300" />
  </>,
)
export const KeyIcon = icon(
  <>
    <circle cx="5" cy="11" r="2.500" />
    <path d="M6.800 9.200 13 3M10.800 5.200l1.700 1.700" />
  </>,
)
export const GearIcon = icon(
  <>
    <circle cx="8" cy="8" r="2" />
    <path d="M8 2.500v1.600M8 11.900v1.600M2.500 8h1.600M11.900 8h1.600M4.100 4.100l1.200 1.200M10.700 10.700l1.200 1.200M11.900 4.100l-1.200 1.200M5.300 10.700l-1.200 1.200" />
  </>,
)
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.200" />
    <path d="m10.200 10.200 3.300 3.300" />
  </>,
)
export const CollapseIcon = icon(
  <>
    <rect x="2.500" y="3" width="11" height="10" rx="1.500" />
    <path d="M6.200 3v10" />
  </>,
)
export const MoreIcon = icon(<path d="M3.500 8h.01M8 8h.01M12.500 8h.01" strokeWidth="2.4" />)
export const LightIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.600" />
    <path d="M8 2v1.400M8 12.600V14M2 8h1.400M12.600 8H14M3.800 3.800l1 1M11.200 11.200l1 1M12.200 3.800l-1 1M4.800 11.200l-1 1" />
  </>,
)
export const DownIcon = icon(<path d="m4 6.300 4 4 4-4" />)
export const EvidenceIcon = icon(
  <>
    <path d="M3 4.500h7M5 8h8M2.500 11.500h6" />
    <circle cx="6.500" cy="4.500" r="1.200" />
    <circle cx="9.500" cy="8" r="1.200" />
    <circle cx="5.500" cy="11.500" r="1.200" />
  </>,
)
export const DecideIcon = icon(<path d="M8 13.500V9.500M8 9.500 3.500 5M8 9.500 12.500 5M3.500 8V5h3M12.500 8V5h-3" />)
export const AskIcon = icon(<path d="M3 3.500h10v7H8.500L5.500 13v-2.500H3ZM5.800 7h.01M8 7h.01M10.200 7h.01" />)
export const StackIcon = icon(<path d="M2.5 4h11M2.5 8h11M2.5 12h11M7 2.700v2.600M10 6.700v2.600M5.500 10.700v2.600" />)
export const StoryIcon = icon(<path d="M3 3.500h10M3 6.500h6M3 9.500h10M3 12.500h4M11.500 12.500h.01" />)
export const SpaceIcon = icon(
  <>
    <rect x="2.500" y="2.500" width="11" height="11" rx="1.500" strokeDasharray="2.400 2" />
    <path d="M8 5.500v5M5.500 8h5" />
  </>,
)
export const ShareIcon = icon(
  <>
    <circle cx="4" cy="8" r="1.800" />
    <circle cx="12" cy="3.800" r="1.800" />
    <circle cx="12" cy="12.200" r="1.800" />
    <path d="m5.600 7.200 4.800-2.600M5.600 8.800l4.800 2.600" />
  </>,
)
export const OutIcon = icon(<path d="M6.500 3H3v10h10V9.500M9 3h4v4M13 3 7.500 8.500" />)
