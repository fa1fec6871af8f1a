import { stripVTControlCharacters, styleText } from 'node:util';
import type { LogEntry, LoggedError } from './log-entry.ts';

type Style = Parameters<typeof styleText>[0];

export interface LogOrigin {
  /** The process's name, and its colour where output is a terminal. */
  name: string;
  colour: Style;
  /** To which names are filled up. */
  nameWidth: number;
}

/** Of one line on the screen. The log file has all of it. */
const MAX_CHARACTERS = 500;
/** An id is known by its end: that of a UUID or a request differs where its beginning is the same. */
const ID_CHARACTERS = 8;

const checkout = new URL('../../../', import.meta.url).href;

const levelStyles: Record<string, Style> = {
  trace: 'dim',
  debug: 'dim',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: ['bold', 'red'],
};

/**
 * `HH:MM:SS.mmm  create  info  message  key=value …`, in local time, with the rest of a long message and the
 * errors' stacks on indented lines below.
 */
export function formatLogEntry(origin: LogOrigin, time: number, entry: LogEntry): string {
  const { level, message, fields, errors } = entry;
  const [firstLine = '', ...moreLines] = message.split('\n');
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${compact(key, value)}`);
  const text = bounded([firstLine, pairs.join(' ')].filter(Boolean).join('  '));
  const shown = firstLine && text.startsWith(firstLine) ? firstLine.length : 0;
  const head = `${style(levelStyles[level] ?? 'dim', level.padEnd(5))}  ${text.slice(0, shown)}${style('dim', text.slice(shown))}`;
  const withStack = level === 'error' || level === 'fatal';
  const below = [...moreLines, ...errors.flatMap((error) => errorLines(error, withStack))];
  return layOut(origin, time, [head, ...below.map(bounded)]);
}

/** Lines that are no entry of a log, such as a crash's. */
export function formatPlainLines(origin: LogOrigin, time: number, lines: string[]): string {
  return layOut(origin, time, withReadableStack(lines).map(bounded));
}

function layOut({ name, colour, nameWidth }: LogOrigin, time: number, lines: string[]): string {
  const [first = '', ...below] = lines;
  const head = `${style('dim', clock(time))}  ${style(colour, name.padEnd(nameWidth))}  ${first}`;
  const indent = ' '.repeat('HH:MM:SS.mmm'.length + nameWidth + 4);
  return [head, ...below.map((line) => indent + line)].join('\n');
}

/** Below the level of an error the stack is left out: such things mend themselves, and repeat themselves until then. */
function errorLines(error: LoggedError, withStack: boolean): string[] {
  const { type = 'Error', message = '', stack, cause } = error;
  const own =
    withStack && stack ? withReadableStack(stack.split('\n')) : `${type}: ${message}`.split('\n');
  if (!cause) return own;
  const [first = '', ...below] = errorLines(cause, withStack);
  return [...own, `caused by ${first}`, ...below];
}

/** Places as an editor opens them, from the checkout on, without Node's own. */
function withReadableStack(lines: string[]): string[] {
  return lines
    .filter((line) => !/^ +at .*\bnode:internal\/\S+$/.test(line))
    .map((line) => line.replaceAll(checkout, ''));
}

function compact(key: string, value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/id$/i.test(key) && value.length > 2 * ID_CHARACTERS)
    return `…${value.slice(-ID_CHARACTERS)}`;
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** One line, whatever is in it: a logged text must neither break out of its line nor steer the terminal. */
function bounded(line: string): string {
  const text = stripVTControlCharacters(line)
    .replaceAll('\t', '  ')
    .replace(/\p{Cc}/gu, '�');
  return text.length > MAX_CHARACTERS
    ? `${text.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…`
    : text;
}

function clock(time: number): string {
  const date = new Date(time);
  return `${date.toTimeString().slice(0, 8)}.${`${date.getMilliseconds()}`.padStart(3, '0')}`;
}

/** Plain where output is no terminal or NO_COLOR is set. */
function style(format: Style, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
