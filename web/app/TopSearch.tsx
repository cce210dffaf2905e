import { Combobox, Kbd, TextInput, useCombobox } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { identityText } from '../components/PatientLine.tsx';
import { errorWords } from '../components/states.tsx';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { usePatientSearch } from '../lib/patient-search.ts';
import { summarisePatient } from '../lib/patient-summary.ts';
import { useTenant } from '../lib/tenant.tsx';
import classes from './Frame.module.css';

const SHOWN = 8;

/** Finds a patient from anywhere. */
export function TopSearch() {
  const say = useSay();
  const { t } = say;
  const { slug, api } = useTenant();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const list = useCombobox({ onDropdownClose: () => list.resetSelectedOption() });
  const search = usePatientSearch(api, text);
  const patients = search.asked && !search.settling ? (search.data ?? []).slice(0, SHOWN) : [];
  const first = patients[0]?.id;
  const { selectFirstOption } = list;
  // The first hit is chosen as soon as there is one, so that Enter opens it.
  useEffect(() => {
    if (first) selectFirstOption();
  }, [first, selectFirstOption]);
  const state = !search.asked
    ? t('patients.hint')
    : search.isError
      ? errorWords(search.error, say).title
      : search.isPending || search.settling
        ? t('patients.searching')
        : patients.length === 0
          ? t('patients.none')
          : undefined;

  return (
    <Combobox
      store={list}
      onOptionSubmit={(id) => {
        void navigate(addresses.chart(slug, id));
        setText('');
        list.closeDropdown();
      }}
    >
      <Combobox.Target>
        <TextInput
          className={classes.search}
          size="sm"
          aria-label={t('patients.find')}
          placeholder={t('patients.findShort')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={<Kbd aria-hidden>/</Kbd>}
          value={text}
          autoComplete="off"
          spellCheck={false}
          data-top-search
          onChange={(event) => {
            setText(event.currentTarget.value.replace(/^\/+/, ''));
            list.openDropdown();
            list.updateSelectedOptionIndex('active');
          }}
          onFocus={() => text && list.openDropdown()}
          onBlur={() => list.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown className={classes.found}>
        <Combobox.Options aria-label={t('patients.results')}>
          {patients.map((patient) => {
            const summary = summarisePatient(patient, Date.now(), say.locale.timeZone);
            return (
              <Combobox.Option key={summary.id} value={summary.id}>
                <span className={classes.foundName}>{summary.name ?? t('patient.nameNotRecorded')}</span>
                <span className={classes.foundFacts}>{identityText(summary, say)}</span>
              </Combobox.Option>
            );
          })}
          {state && <Combobox.Empty>{state}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
