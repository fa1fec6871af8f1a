import { createContext } from 'react';
import type { useFaultSwitches } from './use-fault-switches.ts';

/** The switches of the page, for each process and server that is drawn. */
export const FaultContext = createContext<ReturnType<typeof useFaultSwitches> | null>(null);
