export { type CloseServerOptions, closeServer } from './close-server.ts';
export { createInternalServer, type InternalServerOptions } from './create-internal-server.ts';
export {
  createLoadShedder,
  type LoadShedder,
  type LoadShedderOptions,
} from './create-load-shedder.ts';
export {
  createReadiness,
  type Readiness,
  type ReadinessOptions,
  type ReadinessReport,
} from './create-readiness.ts';
export { type AppServer, createServer, type ServerOptions } from './create-server.ts';
export { createValidator, type Validated } from './create-validator.ts';
export type { DependencyProbe, DependencyReport } from './dependency.ts';
export { describeProcess, type ProcessDescription } from './describe-process.ts';
export { createEventStreams } from './event-streams.ts';
export { announceStart, isGroupMember, sharedPort } from './group/membership.ts';
export { type ProcessGroupOptions, startProcessGroup } from './group/start-process-group.ts';
export { parseJsonBody } from './json-body.ts';
export { escapeHtml, type Page } from './page.ts';
export type { Problem } from './problem.ts';
export { problemOf, problemTemplate, renderProblem, sendProblem } from './problem-document.ts';
export { createRequestIds } from './request-ids.ts';
export { type ProcessLife, type RunProcessOptions, runProcess } from './run-process.ts';
export { type SecurityHeaderOptions, securityHeaders } from './security-headers.ts';
export { problemPages, sendPage, wantsPage } from './send-page.ts';
export type { ShedLoadOptions } from './shed-load.ts';
export { allowSlowBody } from './slow-body.ts';
export { type WebAppOptions, webApp } from './web-app.ts';
