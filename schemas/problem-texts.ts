/**
 * What a refusal says to a person, by its name. The name goes with the text (OperationOutcome.issue.details.coding, system
 * `PROBLEM_SYSTEM`) and is kept as long as the API is, so that an app can say the same in its reader's language; `{{value}}` is filled in
 * by the server and sent beside it. A text is here when somebody can meet it on a screen; what only a program meets stays where it is thrown.
 */
export const PROBLEM_SYSTEM = 'urn:tessera:problem';
/** The url of the extension that carries a value, before its name. */
export const PROBLEM_VALUE = 'urn:tessera:problem-value:';

export const PROBLEM_TEXTS = {
  // Everywhere
  'nothing-here': 'There is nothing at this address.',
  'no-such-record': 'There is no such record.',
  'no-such-reference': 'There is no such record in this clinic.',
  suspended: 'This clinic is suspended: nothing was deleted. Its administrators have been told why.',
  'role-forbids': 'Your role does not allow this.',
  'too-often': 'This was asked for too often. Nothing was changed; try again in {{minutes}} min.',
  'reports-enough': 'You have sent enough reports for now. They have arrived.',
  // Sign-up and mailed links
  'slug-taken': 'This address is taken. Choose another one.',
  'clinic-name-taken': 'This name is taken. Choose another one.',
  'sign-up-key-used': 'This Idempotency-Key was used for another sign-up. Send a new key with a new sign-up.',
  'password-weak':
    'Choose a password of at least 12 characters, with a small and a capital letter, a digit and a sign such as - or !',
  'link-unknown': 'This link is not known, or is older than 30 days. Ask for a new one.',
  'link-expired': 'This link has expired. Ask for a new one on its page.',
  'link-used': 'This link has been used. Sign in.',
  'link-replaced': 'A newer mail has been sent. Use the link in that one.',
  'link-busy': 'This link is being used at this moment. Try again.',
  'mail-busy': 'Another mail is being sent at this moment. Look into the inbox, then try again.',
  'invitation-withdrawn': 'This invitation was withdrawn. Ask whoever invited you.',
  'invitation-replaced': 'Somebody has just changed this invitation. Open the newest mail, or ask whoever sent it.',
  'settings-elsewhere': 'The clinic’s settings are changed under Settings, and cannot be deleted.',
  // Links of reminders
  'visit-link-unknown': 'We do not know this link. Open it from the newest message, or call the clinic.',
  'visit-link-confirmed': 'This link has been used: you have confirmed the visit. To cancel it, call the clinic.',
  'visit-link-cancelled': 'This link has been used: you have cancelled the visit. For another time, call the clinic.',
  'visit-link-expired': 'The time of this visit has come or is over. If you cannot come, call the clinic.',
  'visit-link-moved': 'This visit has been moved to another time. The newer message has it; or call the clinic.',
  'visit-link-gone': 'This visit has been cancelled. For another time, call the clinic.',
  'visit-link-busy': 'Somebody is changing this visit at this moment. Try again.',
  // Staff
  'no-such-invitation': 'There is no such invitation. It may have been accepted: look at the list.',
  'invitation-anew': 'This invitation was withdrawn. Invite the person anew.',
  'invitation-open': 'Nobody has accepted this invitation yet.',
  'invitation-changed': 'This invitation has just changed. Look at the list, then try again.',
  'staff-unknown': 'This person is not in the list of your staff.',
  'staff-busy': 'Somebody else is changing the staff at this moment. Look at the list, then try again.',
  'staff-inactive': 'There is no such active member of your staff.',
  'second-factor-shared':
    'This person also works elsewhere on Tessera. Ask whoever runs this installation to reset their second factor.',
  'staff-present': 'This person works here already.',
  'staff-disabled': 'This person is in the list, disabled. Enable them there instead.',
  'staff-invited': 'This person is invited already. Send the mail again from the list.',
  'staff-disable-instead': 'This person is a member: disable them instead.',
  'staff-not-yourself': 'You cannot disable yourself. Ask another administrator of your clinic.',
  'last-administrator':
    'This is the last administrator of the clinic. Make somebody else an administrator first, then try again.',
  // The patient portal
  'portal-birth-date': 'This is not the birth date that the clinic knows. Check it, or call the clinic.',
  'portal-birth-date-needed': 'Enter the birth date of the patient.',
  'portal-locked':
    'The birth date was wrong too often, so this link no longer works. Nobody has seen anything. Call the clinic: it can send a new link.',
  'portal-no-birth-date': 'This chart has no birth date, which the patient needs to open the link. Record it first.',
  'portal-inactive-chart': 'This chart is not in use. Invite the patient from the chart that is.',
  'portal-active': 'This patient has access already. End it first to give it to another address.',
  'portal-not-active': 'This patient has no access that could be ended.',
  'portal-not-invited': 'This patient is not invited. There is nothing to take back.',
  'portal-busy': 'Somebody else is changing this patient’s access at this moment. Look again, then try again.',
  'portal-email-taken':
    'This e-mail address opens the chart of another patient of this clinic. Use an address of the patient’s own.',
  // Operators
  'operator-already': 'This person is an operator already.',
  'operator-not-yourself': 'You cannot take this from yourself: another operator can.',
  'operators-busy': 'Somebody else is changing the operators at this moment. Look at the list, then try again.',
  'operator-unknown': 'There is no such operator.',
  'clinic-unknown': 'There is no clinic of this name.',
  'clinic-changed': 'Somebody has just changed this clinic’s state. Look at the list again.',
  // Tasks
  'task-not-yours-to-do': 'Your role may not complete this task. Hand it over to somebody who may.',
  'task-of-another-patient': 'The task names one patient and points into the chart of another. Nothing was written.',
  'task-still-open': 'This task is still open. Complete it, or say why it is not needed.',
  'task-over': 'This task is over already: {{who}} closed it.',
  'task-just-taken': '{{who}} has just taken this task.',
  'task-changed': 'Somebody has changed this task since you opened the list. Look at it again.',
  'task-of-another-pool': 'This task belongs to others. Ask somebody of their role, or an administrator, to hand it over.',
  'task-by-work': 'This task closes by itself when the work is done. If it is not needed, say why.',
  'task-still-waiting': 'This task is open already.',
  'task-nobody': 'There is no such active member of your staff. Choose somebody else.',
  'task-undo-late': 'It is too late to take this back. Change the task itself.',
  'task-snooze-range': 'Choose a time within the next 30 days.',
  // Imports, and work that was set aside
  'import-unknown': 'There is no such import.',
  'import-busy': 'Somebody else works on this import at the moment.',
  'import-running': 'Wait until the import is done. Then it can be undone.',
  'import-files-missing': 'Upload these files first: {{names}}.',
  'import-file-unknown': 'This import has no such file.',
  'work-done': 'This work has been done in the meantime.',
  // Payments
  'payments-not-set-up':
    'This installation cannot take payments yet. Whoever runs it has to put Stripe’s keys in place (docs/operations.md, “Payments”).',
  'payments-unreachable': 'The payment service cannot be reached at the moment. Nothing was charged; try again shortly.',
  // Booking
  'time-taken': '{{who}} is taken from {{from}} to {{to}}.',
  'visit-too-long': 'A visit that keeps somebody busy touches at most three days. Book it in parts.',
  'booking-taken': '{{who}} is booked from {{from}} to {{to}}.',
  'booking-closed': '{{who}}: not there on {{day}}{{why}}.',
  'booking-outside-hours': '{{who}}: open {{hours}} on {{day}}.',
  'booking-no-hours': '{{who}}: not open on {{day}}.',
  'booking-past': 'This time has passed.',
  'booking-patient-inactive': 'This chart is closed: the patient has died or is not active.',
  'booking-alternative': 'Free instead: {{when}}, {{who}}.',
  'booking-length': 'Say how long the visit is: choose a visit type with a length, or an end.',
  'booking-participants': 'A visit needs a patient and somebody or a room to see them.',
  'booking-start': 'Say when the visit begins.',
  'booking-not-open': 'This visit is {{status}}. Only a visit that is still to come can be changed this way.',
  'booking-too-early': 'This visit has not begun. Cancel it, or wait until it has.',
  'booking-key-used': 'This Idempotency-Key was used for another booking. A new booking needs a new key.',
  'booking-no-patient': 'This visit names no patient: nobody can be checked in.',
  'booking-undo': 'There is nothing to undo any more: somebody has changed this visit since.',
  'booking-visit-begun': 'The visit has begun: its record has been written to. Correct it in the chart.',
  'booking-hold-over': 'This hold is over. Choose the time again.',
  'booking-not-online': 'This kind of visit cannot be booked online. Please call the clinic.',
  // Scanned documents
  'upload-unknown': 'There is no such scan. What was filed or put away is listed here for 90 days.',
  'upload-changed': 'Somebody else has just worked on this scan. Look at it again before you go on.',
  'upload-filed': 'This scan has been filed already, by {{who}}. Nothing of yours was changed.',
  'upload-put-away': 'This scan has been put away.',
  'upload-not-read': 'This scan is still being checked and read. It can be filed in a moment.',
  'upload-not-filed': 'This scan is not in a chart.',
  'scan-patient-unknown': 'There is no such patient in this clinic.',
  'scan-same-patient': 'The scan is in this patient’s chart already.',
  'scan-type': 'This is not a PDF, TIFF, PNG or JPEG file. Save or scan it as one of these, then upload it again.',
  'scan-empty': 'This file is empty. Scan it again.',
  'scan-too-large': 'A file may have {{megabytes}} MB. Scan with fewer dots per inch, or in parts.',
  'scan-too-many-pages': 'A document may have {{pages}} pages. Upload it in parts.',
  'scan-picture-too-large':
    'A page of this file is larger than can be read ({{megapixels}} megapixels). Scan it with fewer dots per inch.',
  'scan-encrypted': 'This PDF is locked with a password. Unlock it, then upload it again.',
  'scan-damaged': 'This file is damaged or cut short: its pages cannot be opened. Scan it again.',
  'scan-infected':
    'The malware check found something in this file. It was set aside where nobody can open it. Tell whoever looks after your computers.',
  'scan-unchecked': 'This file could not be checked for malware, so it was not opened. Upload it again.',
  'scan-lost': 'A file of this upload did not arrive whole. Upload it again.',
  // Charts
  'chart-not-empty': 'This chart is not empty. Delete its records first, or set Patient.active to false.',
  'patient-just-created': 'Another request has just created this record. Search for it again.',
  'allergy-contradiction':
    '"No known allergies" and an active allergy cannot both stand. Resolve one, or mark it entered in error, first.',
  'vital-unit': 'A {{what}} is measured in {{units}}. Check the unit.',
  'vital-impossible': 'A {{what}} lies between {{low}} and {{high}} {{unit}}. Check the value and its unit.',
  // Billing
  'invoice-unbalanced':
    'The lines come to {{lines}} {{currency}}, but this total says {{total}}: {{difference}} apart. Correct one of them.',
  'invoice-cents': 'An amount is a whole number of cents, all in {{currency}}.',
  'invoice-currency': 'An amount needs its currency.',
  'invoice-no-total': 'An invoice needs its total.',
  'invoice-issued': 'This invoice has been issued and stands as it is. Void it in Billing and make a new one.',
  'visit-not-billable': 'This visit has no charges: it is not finished, or was billed elsewhere.',
  'visit-blocked':
    'Something still keeps this visit from being billed: {{blocks}}. Mend it, or say why it is billed all the same.',
  'visit-nothing-to-bill':
    'There is nothing to bill: every line is taken off or costs nothing. Say that the visit is free instead.',
  'charge-changed': 'Somebody has just changed this charge. Look at it again.',
  'charge-billed': 'This is on an invoice already. Void the invoice to change it.',
  'charge-too-many': 'A visit has room for 24 charges.',
  'no-such-fee': 'There is no such fee on that day. Look at the fee schedule.',
  'fee-dates': 'A later version of this fee begins on {{from}} already. Choose a day after it.',
  'coverage-overlaps': 'Another coverage of this patient holds in that time: {{insurer}}, {{from}} to {{to}}. End it first.',
  'coverage-dates': 'A coverage ends on or after the day it begins.',
  'invoice-void': 'This invoice is void.',
  'invoice-has-payments': 'Money has come in on this invoice, or is on its way. Give it back first, then void it.',
  'pays-too-much': 'Only {{open}} {{currency}} of this invoice are open. Take no more than that.',
  'refund-too-much': 'Only {{left}} {{currency}} of this payment can be given back.',
  'entry-not-reversible': 'Only what was entered by hand can be taken back here. Give a card or bank payment back as a refund.',
  'entry-reversed': 'This has been taken back already.',
  'attempt-used': 'This attempt was used for another payment. Open the form anew.',
  'card-number': 'This looks like a card number. Card numbers are never sent to Tessera: use the payment page.',
  'ledger-stands': 'What is in the ledger stands. Reverse it in Billing instead.',
  'provenance-not-yours': 'Name yourself as the practitioner, or leave the practitioner out: an administrator may name others.',
} as const;
export type ProblemName = keyof typeof PROBLEM_TEXTS;
