import { Button } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import classes from './DropPlace.module.css';
import surfaces from './surface.module.css';

/** Where files can be dropped. It is a second way only: a `FileChoice` inside it does the same by keyboard. */
export function DropPlace({ onFiles, children }: { onFiles: (files: readonly File[]) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons in it do the same by keyboard
    <div
      className={`${surfaces.surface} ${classes.place}`}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}

interface FileChoiceProps {
  readonly label: string;
  readonly Icon: Icon;
  /** As the attribute of a file's field. */
  readonly accept: string;
  readonly multiple?: boolean;
  /** A telephone opens its camera. */
  readonly camera?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that asks for files. */
export function FileChoice({ label, Icon, accept, multiple = false, camera = false, onFiles }: FileChoiceProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        hidden
        multiple={multiple}
        aria-label={label}
        accept={accept}
        {...(camera && { capture: 'environment' as const })}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = ''; // the same file can be chosen again
        }}
      />
      <Button variant="default" leftSection={<Icon size={18} aria-hidden />} onClick={() => field.current?.click()}>
        {label}
      </Button>
    </>
  );
}
