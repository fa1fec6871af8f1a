import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Opens the Chromium or Chrome of this machine. Rejects, with what to install, where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium here: install one (Debian: `apt-get install chromium`, macOS: `brew install --cask chromium`) and try again.',
    );
  }
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

function findChromium(): string | undefined {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => programs.map((program) => join(folder, program)));
  return [...onPath, ...macApplications].find((path) => existsSync(path));
}
