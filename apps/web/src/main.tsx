import './app/base.css';
import { createClient } from '@shortstack/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiContext } from './api/api-context.ts';
import { createQueryClient } from './api/create-query-client.ts';
import { ErrorBoundary } from './app/error-boundary.tsx';
import { leadToSignIn } from './app/lead-to-sign-in.ts';
import { Routes } from './app/routes.tsx';
import { Shell } from './app/shell.tsx';
import { readTheme, showTheme } from './app/theme.ts';
import { PendingDeletionsProvider } from './links/pending-deletions-provider.tsx';
import { ToastProvider } from './parts/toast.tsx';

showTheme(readTheme());

const api = createClient({ baseUrl: window.location.origin, timeoutMs: 10_000 });
api.use({
  onResponse({ response }) {
    if (response.status === 401) leadToSignIn();
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <ApiContext value={api}>
        <ToastProvider>
          <PendingDeletionsProvider>
            <ErrorBoundary>
              <Shell>
                <Routes />
              </Shell>
            </ErrorBoundary>
          </PendingDeletionsProvider>
        </ToastProvider>
      </ApiContext>
    </QueryClientProvider>
  </StrictMode>,
);
