import { describe, expect, test } from 'vitest';
import { parseResource, RESOURCE_TYPES, type ValidationIssue } from '../../schemas/fhir/index.ts';
import { hasSharedData, publishedExamples, type Sample, sharedSamples, withEntries } from './schemas-samples.ts';

/** A reason for which published examples are wrong: how our checks say it, and the clause that makes us right. */
interface Reason {
  readonly reason: string;
  readonly clause: string;
  readonly code: ValidationIssue['code'];
  /** Tested on the expression without its indexes. */
  readonly at: RegExp;
  readonly text: RegExp;
}

const REASONS: readonly Reason[] = [
  {
    reason: 'a required element is missing',
    clause:
      'R4 "Conformance Rules", 2.1.0.3 Cardinality: SearchParameter.base is 1..*, ImplementationGuide.name and .status are 1..1, Questionnaire.item.linkId and Narrative.div are 1..1',
    code: 'required',
    at: /^(SearchParameter\.base|ImplementationGuide\.(name|status)|Questionnaire(\.item)+\.linkId|DiagnosticReport\.text\.`div`)$/,
    text: /needs (base|name|status|linkId|div)\./,
  },
  {
    reason: 'a code ends in a space that is not a blank (U+00A0), or is nothing else',
    clause:
      'R4 "Data Types", code: "a string which has at least one character and no leading or trailing whitespace"; regex [^\\s]+(\\s[^\\s]+)*',
    code: 'value',
    at: /CodeSystem\.concept\.code$|^Bundle\.entry\.resource\.concept\.code$/,
    text: /leading, trailing or double spaces/,
  },
  {
    reason: 'a reference points to a type that the element does not take',
    clause:
      'R4 "References between Resources", 2.3.0: targets are those of the definition: DeviceMetric.parent takes Device, DeviceUseStatement.reasonReference no Procedure, MedicationRequest.dispenseRequest.performer Organization, Observation.performer no Encounter',
    code: 'value',
    at: /^(DeviceMetric\.parent|DeviceUseStatement\.reasonReference|MedicationRequest\.dispenseRequest\.performer|Observation\.performer)\.reference$/,
    text: /^Refer to /,
  },
  {
    reason: 'a relative reference has an id that is none',
    clause:
      'R4 "References between Resources", 2.3.0.1: a relative reference is [type]/[id] by the regular expression given there',
    code: 'value',
    at: /^ImplementationGuide\.manifest\.resource\.reference\.reference$/,
    text: /Type\/id/,
  },
  {
    reason: 'an id is longer than 64 characters',
    clause: 'R4 "Data Types", id: "with a length limit of 64 characters"',
    code: 'value',
    at: /^SearchParameter\.id$/,
    text: /1 to 64/,
  },
  {
    reason: 'a narrative has neither text nor image',
    clause: 'R4 "Narrative", invariant txt-2: "The narrative SHALL have some non-whitespace content"',
    code: 'invariant',
    at: /\.text\.`div`$/,
    text: /txt-2/,
  },
  {
    reason: 'a structure that is not abstract has no base',
    clause: 'R4 StructureDefinition, invariant sdf-4: "If the structure is not abstract, then there SHALL be a baseDefinition"',
    code: 'invariant',
    at: /^StructureDefinition$/,
    text: /sdf-4/,
  },
  {
    reason: 'two entries of a bundle have one fullUrl',
    clause:
      'R4 Bundle, invariant bdl-7: "FullUrl must be unique in a bundle, or else entries with the same fullUrl must have different meta.versionId"',
    code: 'invariant',
    at: /^Bundle$/,
    text: /bdl-7/,
  },
];

const withoutIndexes = (expression: string): string => expression.replace(/\[\d+\]/g, '');

interface Tally {
  tried: number;
  readonly types: Set<string>;
  readonly used: Set<string>;
  readonly unexplained: string[];
}

/** Parses each sample and the resources of its entries; notes the reasons used, and every issue that no reason explains. */
function tryAll(samples: Iterable<Sample>): Tally {
  const tally: Tally = { tried: 0, types: new Set(), used: new Set(), unexplained: [] };
  for (const { name, resource } of samples) {
    for (const one of withEntries(resource)) {
      tally.tried++;
      tally.types.add(one.resourceType);
      const parsed = parseResource(one);
      for (const issue of 'issues' in parsed ? parsed.issues : []) {
        const at = withoutIndexes(issue.expression);
        const reason = REASONS.find((row) => row.code === issue.code && row.at.test(at) && row.text.test(issue.text));
        if (reason) tally.used.add(reason.reason);
        else tally.unexplained.push(`${name}: ${issue.expression}: ${issue.text}`);
      }
    }
  }
  return tally;
}

describe('real resources are accepted, but for reasons that the specification gives', () => {
  test('there are at most ten reasons', () => {
    expect(REASONS.length).toBeLessThanOrEqual(10);
  });

  test('every example published with R4', () => {
    const { tried, types, used, unexplained } = tryAll(publishedExamples());
    console.log(`${tried} resources of ${types.size} types from hl7.fhir.r4.examples; refused for ${used.size} reasons`);
    expect(unexplained).toEqual([]);
    expect(tried).toBeGreaterThan(5000);
    expect([...types].filter((type) => !RESOURCE_TYPES.includes(type))).toEqual([]);
    // A reason that nothing needs any more is to be taken out.
    expect(REASONS.map((row) => row.reason).filter((reason) => !used.has(reason))).toEqual([]);
  });

  test.skipIf(!hasSharedData)('every resource of Synthea and of US Core in the data beside the project', () => {
    const { tried, unexplained } = tryAll(sharedSamples());
    console.log(`${tried} resources from the data beside the project`);
    expect(unexplained).toEqual([]);
    expect(tried).toBeGreaterThan(20_000);
  });

  if (!hasSharedData) console.log('Skipped: ../shared/data/fhir is not here, so Synthea and US Core were not tried.');
});
