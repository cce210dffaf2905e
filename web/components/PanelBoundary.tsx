import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useSay } from '../i18n/index.ts';
import { CrashScreen } from './CrashScreen.tsx';

interface Caught {
  readonly error: unknown;
}

/**
 * Keeps a part of the screen that breaks from taking the rest with it. It draws its children anew when `resetKey` changes. `instead`: what
 * stands in its place where there is no room to say what happened.
 */
export class PanelBoundary extends Component<
  { resetKey: string; instead?: ReactNode; children: ReactNode },
  { caught: Caught | undefined; key: string }
> {
  override state = { caught: undefined as Caught | undefined, key: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): { caught: Caught } {
    return { caught: { error } };
  }
  static getDerivedStateFromProps({ resetKey }: { resetKey: string }, { key }: { key: string }) {
    return key === resetKey ? null : { caught: undefined, key: resetKey };
  }

  override render(): ReactNode {
    const { caught } = this.state;
    if (!caught) return this.props.children;
    if (this.props.instead !== undefined) return this.props.instead;
    return (
      <CrashScreen error={caught.error} place="panel">
        <Again onClick={() => this.setState({ caught: undefined })} />
      </CrashScreen>
    );
  }
}

function Again({ onClick }: { onClick: () => void }) {
  const { t } = useSay();
  return (
    <Button variant="default" onClick={onClick}>
      {t('common.tryAgain')}
    </Button>
  );
}
