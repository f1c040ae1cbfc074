import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** After this long without a heartbeat a run counts as dead, in milliseconds; six heartbeats. */
const STALE_MS = 30_000;

/** This process, `host/pid/birth`. A container's main process has the same pid at every start: the birth tells them apart. */
export const thisRunner = `${hostname()}/${process.pid}/${randomBytes(4).toString('hex')}`;

/**
 * Whether the process that runs a run may still be at it. On this machine the process table knows at once; a heartbeat
 * alone must not do, because it still looks fresh when somebody restarts within seconds of a crash.
 */
export function isLive(run: { runner: string; heartbeatAt: Date }, now: Date): boolean {
  const [host, pid] = run.runner.split('/');
  const [ourHost, ourPid] = thisRunner.split('/');
  if (host === ourHost && run.runner !== thisRunner && (pid === ourPid || !isProcess(Number(pid)))) return false;
  return now.getTime() - run.heartbeatAt.getTime() < STALE_MS;
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
