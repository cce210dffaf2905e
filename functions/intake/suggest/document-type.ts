import { fold } from '../../../core/search/fold.ts';
import type { DocumentTypeCode } from '../../../schemas/document-types.ts';
import type { Suggestion } from '../../../schemas/uploads.ts';

/**
 * Words by which a kind of document gives itself away, each with its weight: 3 where hardly anything else says so, 1 where it helps.
 * General knowledge of what American practices receive; folded, whole words. Written for this project.
 */
const TELLING: Readonly<Partial<Record<DocumentTypeCode, Readonly<Record<string, number>>>>> = {
  '11502-2': {
    'laboratory report': 3,
    'lab report': 3,
    'comprehensive metabolic panel': 3,
    'basic metabolic panel': 3,
    'complete blood count': 3,
    'lipid panel': 3,
    'reference range': 2,
    specimen: 2,
    accession: 1,
    collected: 2,
    reported: 1,
    clia: 2,
    reference: 1,
    flag: 1,
    'mg/dl': 1,
    'mmol/l': 1,
    'laboratory director': 3,
    hemoglobin: 1,
    creatinine: 1,
    glucose: 1,
    urinalysis: 2,
  },
  '18748-4': {
    radiology: 2,
    'radiology report': 3,
    impression: 2,
    findings: 2,
    exam: 1,
    examination: 1,
    ct: 1,
    mri: 2,
    ultrasound: 2,
    'x-ray': 2,
    radiograph: 2,
    mammogram: 3,
    'without contrast': 2,
    'with contrast': 2,
    technique: 1,
    comparison: 1,
    indication: 1,
    imaging: 1,
    'critical result': 1,
  },
  '11526-1': {
    pathology: 2,
    'surgical pathology': 3,
    'gross description': 3,
    'microscopic description': 3,
    'final diagnosis': 2,
    biopsy: 1,
  },
  '57133-1': {
    referral: 2,
    'referral priority': 3,
    'thank you for seeing': 3,
    'please evaluate': 2,
    'referred by': 2,
    'reason for referral': 3,
    'refer to': 1,
    'referring provider': 2,
    'kindly see': 2,
    sincerely: 1,
  },
  '11488-4': {
    consultation: 2,
    'consultation note': 3,
    'thank you for referring': 3,
    'reason for consultation': 3,
    consult: 1,
    recommendations: 1,
    'i saw': 1,
    'as you know': 1,
  },
  '18842-5': {
    'discharge summary': 4,
    'date of admission': 2,
    'admission date': 2,
    'discharge date': 2,
    'date of discharge': 2,
    'hospital course': 3,
    'discharge diagnosis': 3,
    'discharge medications': 2,
  },
  '34117-2': {
    'history and physical': 4,
    'chief complaint': 2,
    'review of systems': 2,
    'physical exam': 2,
    'past medical history': 2,
    'family history': 1,
  },
  '11504-8': {
    'operative report': 4,
    'operative note': 4,
    'preoperative diagnosis': 3,
    'postoperative diagnosis': 3,
    anesthesia: 1,
    'estimated blood loss': 3,
  },
  '11506-3': { 'progress note': 4, subjective: 1, objective: 1, assessment: 1, 'assessment and plan': 2 },
  '56445-0': {
    'medication list': 4,
    'current medications': 1,
    'list of medications': 3,
    'how taken': 2,
    prescriber: 1,
    strength: 1,
    drug: 1,
    dose: 1,
    pharmacy: 1,
    'brought by patient': 1,
  },
  '11369-6': {
    'immunization record': 4,
    'vaccine administration record': 4,
    immunization: 2,
    vaccine: 1,
    'lot number': 2,
    dtap: 2,
    mmr: 2,
    varicella: 1,
  },
  '59284-0': {
    consent: 2,
    'consent for treatment': 4,
    'i consent': 3,
    'informed consent': 3,
    'release of information': 2,
    authorization: 1,
    'i understand that': 2,
    'signature of patient': 2,
    'notice of privacy practices': 2,
    'i authorize': 2,
  },
  '64290-0': {
    'member id': 3,
    rxbin: 3,
    rxpcn: 3,
    rxgrp: 3,
    'payer id': 2,
    copay: 1,
    group: 1,
    plan: 1,
    ppo: 1,
    hmo: 1,
    subscriber: 2,
    effective: 1,
    member: 1,
    'group number': 2,
  },
};

/** Weight that is enough, and how much the next kind must lie behind: otherwise a person decides without a hint. */
const ENOUGH = 5;
const AHEAD = 1.6;

/** The kind of document that the words tell of, or undefined when they do not tell clearly. */
export function suggestType(pages: readonly string[]): Suggestion['type'] {
  const text = ` ${fold(pages.join('\n')).replace(/[^\p{L}\p{N}/-]+/gu, ' ')} `;
  const scores = Object.entries(TELLING).map(([code, words]) => {
    const found = Object.entries(words).filter(([word]) => text.includes(` ${word} `));
    // A longer phrase says what its words say: each counts once.
    const own = found.filter(([word]) => !found.some(([other]) => other !== word && ` ${other} `.includes(` ${word} `)));
    return { code: code as DocumentTypeCode, weight: own.reduce((sum, [, weight]) => sum + weight, 0), words: own };
  });
  const [best, next] = scores.sort((one, other) => other.weight - one.weight);
  if (!best || best.weight < ENOUGH || best.weight < AHEAD * (next?.weight ?? 0)) return undefined;
  const because = best.words.sort(([, one], [, other]) => other - one).map(([word]) => word);
  return { code: best.code, because: because.slice(0, 4) };
}
