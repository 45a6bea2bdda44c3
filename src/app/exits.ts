/** Exit statuses, after sysexits.h; systemd does not restart on 75 and 78. */
export const exits = { done: 0, someFailed: 1, usage: 2, unreachable: 69, fault: 70, running: 75, settings: 78 } as const;
