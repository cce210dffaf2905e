import { Button, type ButtonProps, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSay } from '../i18n/index.ts';
import { download } from '../lib/download.ts';
import { useTenant } from '../lib/tenant.tsx';
import { errorWords } from './states.tsx';

interface PaperButtonProps extends ButtonProps {
  /** Of the PDF, under /api/{tenant}. */
  readonly path: string;
  /** Of the file, without an ending. */
  readonly name: string;
  readonly label: string;
}

/** Saves a PDF that the server makes, in the reader's language: the browser opens it as it opens files. */
export function PaperButton({ path, name, label, ...button }: PaperButtonProps) {
  const say = useSay();
  const { api } = useTenant();
  const language = say.language === 'es' ? 'es' : 'en';
  const paper = useMutation({
    mutationFn: () => api.file(`${path}?language=${language}`),
    onSuccess: (file) => download(file, `${name}.pdf`),
  });
  return (
    <>
      <Button variant="default" {...button} loading={paper.isPending} onClick={() => paper.mutate()}>
        {label}
      </Button>
      {paper.error && (
        <Text role="alert" size="sm">
          {errorWords(paper.error, say).title} {errorWords(paper.error, say).next}
        </Text>
      )}
    </>
  );
}
