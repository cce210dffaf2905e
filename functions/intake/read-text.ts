import { DetectDocumentTextCommand, type TextractClient } from '@aws-sdk/client-textract';

/** Reads the text of one page, line by line, in the order in which a person reads it. */
export type ReadText = (png: Uint8Array) => Promise<readonly string[]>;

/** Lines of which the machine is less sure than this (per cent) are noise: streaks and stamps read as letters. */
const LEAST_CONFIDENCE = 30;

export const textractReader =
  (client: TextractClient): ReadText =>
  async (png) => {
    const { Blocks = [] } = await client.send(new DetectDocumentTextCommand({ Document: { Bytes: png } }));
    return Blocks.flatMap(({ BlockType, Text, Confidence = 0 }) =>
      BlockType === 'LINE' && Text && Confidence >= LEAST_CONFIDENCE ? [Text] : [],
    );
  };
