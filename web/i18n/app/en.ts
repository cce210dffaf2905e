/** The app around the pages: connection, new versions, the crash screen, help. */
export const app = {
  app: {
    offline: 'You are offline.',
    offlineNext: 'Charts can be neither read nor saved. What you have typed is kept in this window. Do not close it.',
    newVersion: 'A new version is ready.',
    newVersionNext: 'What you have typed in a chart is kept.',
    reload: 'Reload',
  },
  kept: {
    title: 'Typed and not yet saved',
    allergy: 'Allergy',
    'blood-pressure': 'Blood pressure',
    other: 'Form',
    open: 'Open',
    copy: 'Copy the text',
    copied: 'Copied',
  },
  leave: {
    title: 'Sign out and lose what you typed?',
    text_one: 'One form is not saved. Signing out deletes what you typed, so that the next person at this device cannot read it.',
    text_other:
      '{{count}} forms are not saved. Signing out deletes what you typed, so that the next person at this device cannot read it.',
    stay: 'Stay signed in',
    leave: 'Delete and sign out',
  },
} as const;
