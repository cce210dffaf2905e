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
    patient: 'New patient',
    other: 'Form',
    open: 'Open',
    copy: 'Copy the text',
    copied: 'Copied',
  },
  crash: {
    pageTitle: 'This page could not be drawn',
    panelTitle: 'This part could not be drawn',
    text: 'The fault is in Tessera, not in what you did. Nothing that you saved is lost, and what you typed in a chart is kept. Load the page again; if it breaks again, send a report.',
    partTitle: 'A part of Tessera did not arrive',
    partText: 'The connection failed, or a new version has come. What you typed in a chart is kept. Load the page again.',
    send: 'Send a report',
    what: 'What the report says',
    sent: 'The report was sent. Thank you.',
    notSent: 'The report could not be sent. Nothing else is affected: load the page again.',
  },
  reports: {
    title: 'Broken screens',
    intro:
      'What people have reported from screens that broke, each fault once, for 90 days. A report names no person, clinic or record.',
    none: 'Nobody has reported a broken screen in the last 90 days.',
    count: 'Reports',
    fault: 'Fault',
    where: 'Screen',
    last: 'Last met',
    first: 'First met',
    version: 'Version',
    on: 'in {{browser}}, {{language}}',
    places: { page: 'the whole page', panel: 'a part of the page' },
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
