import type {
  CapabilityStatement,
  CapabilityStatementRest,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
} from 'fhir/r4';
import type { Endpoint } from '../../core/http/types.ts';
import { type Interaction, mayDo, TENANT_ROLES } from '../../schemas/access.ts';
import { RESOURCE_TYPES } from '../../schemas/fhir/index.ts';
import { profilesOf } from '../../schemas/us-core/profiles.ts';
import { F } from './paths.ts';

type SearchParameter = Pick<CapabilityStatementRestResourceSearchParam, 'name' | 'type'>;
export interface CapabilitySources {
  readonly endpoints: readonly Endpoint[];
  readonly searchParameters: (type: string) => readonly SearchParameter[];
  readonly version: string;
  /** The day this version was made, yyyy-mm-dd. */
  readonly date: string;
}

/** FHIR's names of instance and type interactions, as the paths of the endpoint table have them. */
const INTERACTION_CODES: Readonly<
  Partial<Record<Interaction, NonNullable<CapabilityStatementRestResource['interaction']>[number]['code']>>
> = {
  read: 'read',
  vread: 'vread',
  history: 'history-instance',
  search: 'search-type',
  create: 'create',
  update: 'update',
  delete: 'delete',
};

/**
 * What this server can do, read off the endpoint table: a type has the interactions that a route offers and at least one role may use.
 * It is the same for every tenant but for its address.
 */
export function capabilityStatement(
  { endpoints, searchParameters, version, date }: CapabilitySources,
  fhirBase: string,
): CapabilityStatement {
  const offered = new Set(
    endpoints.flatMap(({ path, access }) =>
      access.kind === 'tenant' && path.startsWith(`${F}/{type}`) ? [access.interaction] : [],
    ),
  );
  const systemOperations = operationsAt(`${F}/`, endpoints);
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Tessera', version },
    implementation: { description: 'Tessera, an electronic health record', url: fhirBase },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: false,
          description: 'OpenID Connect access tokens of the issuers that /api/platform/config names, as Bearer tokens.',
        },
        resource: RESOURCE_TYPES.flatMap((type) => resourceOf(type, offered, searchParameters, endpoints)),
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
        ...(systemOperations.length > 0 && { operation: systemOperations }),
      },
    ],
  };
}

function resourceOf(
  type: string,
  offered: ReadonlySet<Interaction>,
  searchParameters: CapabilitySources['searchParameters'],
  endpoints: readonly Endpoint[],
): CapabilityStatementRestResource[] {
  const usable = [...offered].filter((interaction) => TENANT_ROLES.some((role) => mayDo([role], type, interaction)));
  const interaction = usable.flatMap((name) => (INTERACTION_CODES[name] ? [{ code: INTERACTION_CODES[name] }] : []));
  if (interaction.length === 0) return [];
  const writable = usable.includes('update');
  const operation = [
    ...operationsAt(`${F}/${type}/`, endpoints),
    ...operationsAt(`${F}/${type}/{id}/`, endpoints),
    ...(writable ? operationsAt(`${F}/{type}/`, endpoints) : []),
  ];
  const supportedProfile = [...profilesOf(type)];
  const searchParam = searchParameters(type).map(({ name, type: kind }) => ({ name, type: kind }));
  return [
    {
      type: type as CapabilityStatementRestResource['type'],
      ...(supportedProfile.length > 0 && { supportedProfile }),
      interaction,
      versioning: 'versioned-update',
      readHistory: true,
      updateCreate: writable,
      conditionalCreate: writable,
      conditionalRead: 'full-support',
      conditionalUpdate: false,
      conditionalDelete: 'not-supported',
      referencePolicy: ['literal', 'logical', 'enforced', 'local'],
      ...(searchParam.length > 0 && { searchParam }),
      ...(operation.length > 0 && { operation }),
    },
  ];
}

/** R4's own definitions of the operations that a path of ours may end in. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  $everything: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  $validate: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  $match: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
};

const operationsAt = (prefix: string, endpoints: readonly Endpoint[]): NonNullable<CapabilityStatementRest['operation']> =>
  endpoints.flatMap(({ path }) => {
    const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
    return DEFINITIONS[name] ? [{ name: name.slice(1), definition: DEFINITIONS[name] }] : [];
  });
