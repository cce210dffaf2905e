import { addDays, addYears, type Day } from './calendar.ts';
import type { Chart } from './chart.ts';

/** The device in who has a pacemaker, with the numbers on its card. The numbers are invented; (01) to (21) are GS1's marks. */
export function addDevices(chart: Chart): void {
  const found = chart.body.problems.find(({ key }) => key === 'pacemaker');
  if (!found) return;
  const made = addDays(found.from, -200);
  const expires = addYears(made, 3);
  const serial = String(chart.random.branch('device').whole(100_000, 999_999));
  const short = (day: Day): string => day.slice(2).replace(/-/g, '');
  chart.add({
    resourceType: 'Device',
    udiCarrier: [
      {
        deviceIdentifier: '00844588003288',
        carrierHRF: `(01)00844588003288(11)${short(made)}(17)${short(expires)}(10)LOT${serial.slice(0, 4)}(21)${serial}`,
      },
    ],
    status: 'active',
    distinctIdentifier: `PM-${serial}`,
    manufacturer: 'Steady Heart Devices (demo)',
    manufactureDate: made,
    expirationDate: expires,
    lotNumber: `LOT${serial.slice(0, 4)}`,
    serialNumber: serial,
    deviceName: [{ name: 'Two-chamber pacemaker', type: 'user-friendly-name' }],
    type: { coding: [{ system: 'http://snomed.info/sct', code: '14106009' }], text: 'Cardiac pacemaker' },
    patient: chart.patient,
  });
}
