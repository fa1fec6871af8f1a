import { Component, type ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';

interface State {
  hasFailed: boolean;
}

/** Shows a way on where a page broke, or a part of it could not be loaded, as after a new version was rolled out. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { hasFailed: false };

  static getDerivedStateFromError(): State {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Notice
        kind="error"
        action={<Button onPress={() => window.location.reload()}>Load it again</Button>}
      >
        This page could not be shown.
      </Notice>
    );
  }
}
