import './app/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/create-query-client.ts';
import { Brand } from './app/brand.tsx';
import { ErrorBoundary } from './app/error-boundary.tsx';
import styles from './app/shell.module.css';
import { readTheme, showTheme } from './app/theme.ts';
import { TopBar } from './app/top-bar.tsx';
import { OpsPage } from './ops/ops-page.tsx';
import { ToastProvider } from './parts/toast.tsx';

const ThemeMenu = lazy(() => import('./app/theme-menu.tsx'));

showTheme(readTheme());

const root = document.getElementById('root');
if (!root) throw new Error('ops.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <ToastProvider>
        <ErrorBoundary>
          <TopBar brand={<Brand />} tools={<ThemeMenu />} />
          <main id="content" tabIndex={-1} className={styles.main}>
            <OpsPage />
          </main>
        </ErrorBoundary>
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
