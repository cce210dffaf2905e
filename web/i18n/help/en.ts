/** Help and first steps. */
export const help = {
  help: {
    keys: 'Keys',
    places: { anywhere: 'Anywhere', chart: 'In a chart', record: 'Beside an open record, or at a task', inbox: 'In the inbox' },
    shortcuts: {
      search: 'Find a patient',
      palette: 'All commands',
      today: 'Go to today',
      inbox: 'Go to the inbox',
      patients: 'Go to patients',
      settings: 'Go to settings',
      help: 'This help',
      close: 'Close what is open; nothing typed in a chart is lost',
      overview: 'Go to the overview',
      create: 'New: a record in the open chart, elsewhere a patient',
      edit: 'Correct the open record; in the inbox, complete or open the task',
      next: 'Next task',
      previous: 'Task before',
      mark: 'Mark the task',
      take: 'Take the task',
      handOver: 'Hand the task over',
      snooze: 'Snooze the task',
    },
    howTo: 'How to',
    showGuide: 'Show the first steps again',
    roleTitle: 'What your role may do: {{roles}}',
    permissions: { write: 'read and write', read: 'read', none: 'not open' },
    roleNext: 'Your clinic’s administrator gives and changes roles.',
    version: 'Tessera {{version}}',
    status: 'Is everything running?',
    report: 'Report a problem with this screen',
  },
  guide: {
    title: 'First steps',
    at: '{{at}} of {{of}}',
    next: 'Next',
    skip: 'Skip',
    done: 'Done',
    toSettings: 'To the settings',
    steps: {
      begin: {
        title: 'Add your first patients',
        text: 'One by one with “New patient”, or all at once with “Import patients”: FHIR files, or a table of patients (CSV). The same file again changes nothing.',
      },
      find: {
        title: 'Find a patient',
        text: 'Press / and type a part of the name, the birth date, the phone or the record number. Enter opens the first one.',
      },
      read: {
        title: 'Read a chart',
        text: 'Each tile shows the newest lines; its heading leads to all of them. A line opens its record beside the chart, with its history.',
      },
      allergy: {
        title: 'Record an allergy',
        text: 'Open the chart, press N and choose “Record allergy”. What you type is kept until you save it, and a save can be undone for ten seconds.',
      },
      import: {
        title: 'Bring charts in',
        text: 'In the settings, under “Import”: FHIR files from your previous system, or a table of patients. The same file again changes nothing.',
      },
      invite: {
        title: 'Invite a colleague',
        text: 'In the settings, under “Staff”: an address and a role are enough. They get a link by mail.',
      },
      keys: { title: 'Work from the keyboard', text: 'Press ? for every key and for this guide. Ctrl K finds every command.' },
    },
  },
} as const;
