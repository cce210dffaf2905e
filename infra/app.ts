import { tessera } from './tessera.ts';

/** The program behind `cdk deploy` and `npm run synth`. */
tessera().synth();
