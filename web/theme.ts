import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const accent: MantineColorsTuple = ['#e6f3f1', '#cfe6e3', '#a3cfca', '#74b6af', '#4fa199', '#2f8e85', '#177c74', '#0f6f6a', '#0b5a56', '#084643']
const slate: MantineColorsTuple = ['#f7f8fa', '#eef1f4', '#e1e6eb', '#cbd3db', '#9aa6b2', '#6b7885', '#526070', '#3b4755', '#222c38', '#121a24']
const dark: MantineColorsTuple = ['#e6eaf0', '#c3ccd6', '#a4b0bd', '#8694a3', '#3d4a58', '#2a3541', '#1b242e', '#121920', '#0d1319', '#090d12']

export const theme = createTheme({
  primaryColor: 'accent', primaryShade: { light: 7, dark: 4 }, colors: { accent, slate, gray: slate, dark }, autoContrast: true, luminanceThreshold: 0.25,
  fontFamily: '"Inter Variable", system-ui, sans-serif', fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' }, lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '28px', lineHeight: '34px' }, h2: { fontSize: '20px', lineHeight: '28px' }, h3: { fontSize: '16px', lineHeight: '24px' } } },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' }, radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' }, defaultRadius: 'md', cursorType: 'pointer', respectReducedMotion: true,
  components: { Button: { defaultProps: { size: 'sm', variant: 'filled' } }, TextInput: { defaultProps: { size: 'sm' } }, Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } }, Tooltip: { defaultProps: { withArrow: false, openDelay: 250 } }, Drawer: { defaultProps: { transitionProps: { duration: 150 } } }, Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }, Modal: { defaultProps: { transitionProps: { duration: 120 } } } },
})

/** The product's own tokens, named by what they mean; `ui/base.css` and the components read them. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff', '--mantine-color-text': '#15202b', '--mantine-color-dimmed': '#56636f', '--mantine-color-default-border': '#c3ccd4', '--mantine-color-placeholder': '#6b7885',
    '--ink': '#15202b', '--ink-soft': '#46535f', '--ink-faint': '#5f6c78', '--line': '#e1e6eb', '--line-strong': '#cbd3db', '--rail': '#f7f8fa', '--raised': '#ffffff', '--hover': '#f1f4f6',
    '--accent': '#0f6f6a', '--accent-soft': '#e6f3f1', '--accent-line': '#a3cfca', '--better': '#1d5fb8', '--worse': '#b1520b', '--warn-soft': '#fff4e5', '--warn-line': '#e8c48f', '--bad': '#a8321f', '--bad-soft': '#fdeeeb',
    '--heat-low': '#f4f8f7', '--heat-high': '#46a59b', '--heat-ink': '#0c1a1f', '--hatch': '#dfe5ea',
    '--series-1': '#0f6f6a', '--series-2': '#b1520b', '--series-3': '#1d5fb8', '--series-4': '#7a4fa3', '--series-5': '#6b7885',
  },
  dark: {
    '--mantine-color-body': '#0f151c', '--mantine-color-text': '#e6eaf0', '--mantine-color-dimmed': '#a4b0bd', '--mantine-color-default-border': '#384553', '--mantine-color-placeholder': '#8694a3',
    '--ink': '#e6eaf0', '--ink-soft': '#b9c3ce', '--ink-faint': '#9aa7b5', '--line': '#26313c', '--line-strong': '#384553', '--rail': '#0b1016', '--raised': '#151d26', '--hover': '#18212b',
    '--accent': '#5cc4ba', '--accent-soft': '#12302e', '--accent-line': '#24615c', '--better': '#7db2f5', '--worse': '#efa35f', '--warn-soft': '#2d2113', '--warn-line': '#6b4d22', '--bad': '#f2917f', '--bad-soft': '#331813',
    '--heat-low': '#142022', '--heat-high': '#17716a', '--heat-ink': '#f2f8f7', '--hatch': '#26313c',
    '--series-1': '#5cc4ba', '--series-2': '#efa35f', '--series-3': '#7db2f5', '--series-4': '#c3a0e6', '--series-5': '#9aa7b5',
  },
})
