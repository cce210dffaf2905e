import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: it marks what can be acted on. Contrast of shade 6 on white is 5.3, of shade 4 on the dark ground 6.1. */
const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dde7ff',
  '#b9ccff',
  '#90adff',
  '#7399fa',
  '#4b78f5',
  '#3563e0',
  '#2850bf',
  '#20429b',
  '#1a3780',
];
/** True neutrals: a chart has enough colour of its own. */
const gray: MantineColorsTuple = [
  '#fafafa',
  '#f4f4f4',
  '#ebebeb',
  '#dedede',
  '#c9c9c9',
  '#a8a8a8',
  '#7d7d7d',
  '#5c5c5c',
  '#3d3d3d',
  '#1f1f1f',
];
const dark: MantineColorsTuple = [
  '#e8e8e8',
  '#cfcfcf',
  '#ababab',
  '#8b8b8b',
  '#4a4a4a',
  '#363636',
  '#262626',
  '#1c1c1c',
  '#131313',
  '#0b0b0b',
];

/** What is not undone by itself. White on shade 6 has a contrast of 5.5, where Mantine's own red has 3.3. */
const red: MantineColorsTuple = [
  '#fff3f2',
  '#fdecea',
  '#f9ccc7',
  '#ffb3aa',
  '#ff9b8f',
  '#e5675b',
  '#c62f24',
  '#b42318',
  '#93190f',
  '#731109',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent, gray, dark, red },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' }, // 14 px is the workspace's base
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' }, // a 4 px grid
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 100 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 }, shadow: 'md' } },
    Modal: { defaultProps: { transitionProps: { duration: 120 } }, styles: { title: { fontSize: '1rem', fontWeight: 600 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
  },
});

/**
 * Tokens that name a meaning, for light and dark alike. Text tokens have a contrast of at least 4.5 on `--surface` and `--ground`,
 * edges of controls at least 3.
 */
export const tokens: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--ground': '#f4f4f4',
    '--surface': '#ffffff',
    '--sunken': '#f4f4f4',
    '--hover': '#f0f0f0',
    '--edge': '#e0e0e0',
    '--control-edge': '#8c8c8c',
    '--ink': '#1a1a1a',
    '--quiet': '#595959',
    '--accent-ink': '#2850bf',
    '--accent-wash': '#eef3ff',
    '--critical': '#b42318',
    '--critical-wash': '#fdecea',
    '--attention': '#8a4b00',
    '--attention-wash': '#fff3dc',
    '--done': '#17693a',
    '--done-wash': '#e5f5ea',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1a1a1a',
    '--mantine-color-dimmed': '#595959',
    '--mantine-color-placeholder': '#6b6b6b',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#2850bf',
    '--mantine-color-default-border': '#8c8c8c',
  },
  dark: {
    '--ground': '#131313',
    '--surface': '#1c1c1c',
    '--sunken': '#161616',
    '--hover': '#292929',
    '--edge': '#363636',
    '--control-edge': '#7a7a7a',
    '--ink': '#ededed',
    '--quiet': '#ababab',
    '--accent-ink': '#90adff',
    '--accent-wash': '#1d2741',
    '--critical': '#ff9b8f',
    '--critical-wash': '#3d1c19',
    '--attention': '#f2bd5c',
    '--attention-wash': '#38290d',
    '--done': '#7fd39c',
    '--done-wash': '#15321f',
    '--mantine-color-body': '#1c1c1c',
    '--mantine-color-text': '#ededed',
    '--mantine-color-dimmed': '#ababab',
    '--mantine-color-placeholder': '#9a9a9a',
    '--mantine-color-error': '#ff9b8f',
    '--mantine-color-anchor': '#90adff',
    '--mantine-color-default-border': '#7a7a7a',
  },
});
