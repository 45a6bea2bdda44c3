const machine = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval, setImmediate: globalThis.setImmediate };

/** Resolves when everything that can go on without time passing has gone on: no promise is left to be told, no immediate to be run. */
export async function afterAll(): Promise<void> {
  do await new Promise<void>((resolve) => machine.setImmediate(resolve));
  while (process.getActiveResourcesInfo().includes('Immediate'));
}

/**
 * Lets `work` run without the machine's timers: whoever asks for one meets an error, because a run that waits for real
 * could not be replayed. The libraries ask for none on the ways that are used here (README, "What takes no real time").
 */
export async function withoutRealTime<T>(work: () => Promise<T>): Promise<T> {
  const refuse = (name: string) => () => {
    throw new Error(`${name} was called in a simulation, where only simulated time passes`);
  };
  Object.assign(globalThis, { setTimeout: refuse('setTimeout'), setInterval: refuse('setInterval') });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout: machine.setTimeout, setInterval: machine.setInterval });
  }
}
