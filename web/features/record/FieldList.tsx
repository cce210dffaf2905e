import type { FhirResource } from 'fhir/r4';
import { useSay } from '../../i18n/index.ts';
import { type Field, fieldsOf } from '../../lib/describe.ts';
import classes from './record.module.css';
import { fieldLabel, fieldWords } from './record-words.ts';

function Fields({ fields }: { fields: readonly Field[] }) {
  const say = useSay();
  return (
    <dl className={classes.fields}>
      {fields.map((field, index) => (
        // A record has no other order than its own, and it is replaced whole.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <FieldRow key={`${field.name}-${index}`} label={fieldLabel(field.name, say)} text={field.text} />
      ))}
    </dl>
  );
}

const FieldRow = ({ label, text }: { label: string; text: string }) => (
  <>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </>
);

/** All values of a record; identifiers, links and extensions only when asked for. */
export function FieldList({ resource }: { resource: FhirResource }) {
  const say = useSay();
  const fields = fieldsOf(resource, fieldWords(say));
  const shownAsText = (field: Field) => field.text.length > 400 && /attachment|presentedForm/.test(field.name); // the document itself stands above
  const plain = fields.filter((field) => !field.technical && !shownAsText(field));
  const technical = fields.filter((field) => field.technical);
  return (
    <>
      <Fields fields={plain} />
      {technical.length > 0 && (
        <details className={classes.technical}>
          <summary>{say.t('record.details', { count: technical.length })}</summary>
          <Fields fields={technical} />
        </details>
      )}
    </>
  );
}
