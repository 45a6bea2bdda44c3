import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import type { Random } from '../../runtime/random.ts';
import { uuid } from './chance.ts';
import { routedBy } from './desk.ts';
import type { Asked, Desk } from './desk.ts';
import type { Fault, Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { httpDate } from './moments.ts';
import { garbled, gatewayPage, withSomeBody } from './reply.ts';
import type { Answering, Reply } from './reply.ts';
import type { World } from './world.ts';

/** A simulated marketplace without sockets: time and chance are handed in, nothing waits. */
export interface SimulatedMarketplace {
  answer(request: HttpRequest): Reply;
  /** Lets everything happen that is due by now. The ledger and the world do it by themselves before they are read. */
  settle(): void;
  readonly world: World;
  readonly ledger: Ledger;
  readonly faults: Faults;
}

/** Puts a marketplace's own knowledge, its world and its misbehaviours together. */
export class Brain implements SimulatedMarketplace {
  readonly world: World;
  readonly faults: Faults;
  readonly #desk: Desk;
  readonly #random: Random;

  constructor(desk: Desk, world: World, faults: Faults, random: Random) {
    this.#desk = desk;
    this.world = world;
    this.faults = faults;
    this.#random = random;
  }

  get ledger(): Ledger {
    return this.world.ledger;
  }

  settle(): void {
    this.world.settle();
  }

  answer(request: HttpRequest): Reply {
    this.settle();
    const routed = routedBy(this.#desk, request);
    const number = this.ledger.addRequest(this.world.now(), routed.call, routed.order);
    const asked: Asked = { ...routed, number, requestId: uuid(this.#random) };
    const fault = this.faults.draw(asked.call, asked.order);
    if (fault !== null) this.ledger.note(asked.number, { fault: fault.kind });
    return fault === null ? this.#whole(asked, this.#process(asked)) : this.#misbehave(asked, fault);
  }

  #misbehave(asked: Asked, fault: Fault): Reply {
    const { says } = this.#desk;
    switch (fault.kind) {
      case '429':
        return this.#whole(asked, says.throttled(fault.retryAfterS ?? null));
      case '500':
        if (fault.effect) this.#process(asked);
        return this.#whole(asked, says.failing());
      case 'html-503':
        if (fault.effect) this.#process(asked);
        return this.#gateway(asked);
      case 'cut-before':
        return { ending: 'cut' };
      case 'cut-after':
        this.#process(asked);
        return { ending: 'cut' };
      case 'late-effect':
        return this.#late(asked, fault.ms, fault.answered);
      case 'silent-204':
        return this.#whole(asked, this.#desk.admit(asked) ?? this.#desk.serve(asked).answer);
      case 'slow':
        return this.#slow(asked, fault.ms, fault.effectMs);
      case 'hang':
        if (fault.effect) this.#process(asked);
        return { ending: 'never' };
      case 'token-expired':
        return this.#whole(asked, this.#desk.expire(asked) ?? this.#process(asked));
      case 'revoked':
        this.faults.revoked = true;
        this.#desk.revoke();
        return this.#whole(asked, this.#process(asked));
      case 'role-missing':
        return this.#whole(asked, asked.call === 'token' ? this.#process(asked) : says.roleMissing());
      case 'garbage':
        return this.#whole(asked, garbled(this.#process(asked)));
      case 'half-body':
        return { ...this.#whole(asked, withSomeBody(this.#process(asked))), ending: 'half' };
      case 'clock-skew':
        break; // The clock went wrong when the rule was added; the call itself is like any other.
    }
    return this.#whole(asked, this.#process(asked));
  }

  /** Token, pace, rules, and the effect if there is one. */
  #process(asked: Asked): HttpAnswer {
    const refused = this.#desk.admit(asked);
    if (refused !== null) return refused;
    const { answer, effect } = this.#desk.serve(asked);
    effect?.();
    return answer;
  }

  #late(asked: Asked, ms: number, answered: boolean): Reply {
    const refused = this.#desk.admit(asked);
    const served = refused === null ? this.#desk.serve(asked) : null;
    // Judged anew when its time has come: meanwhile the order may have been cancelled, or shipped by another request.
    if (served !== null) this.world.later(ms, () => this.#desk.serve(asked).effect?.());
    return answered ? this.#whole(asked, refused ?? served?.answer ?? this.#desk.says.failing()) : { ending: 'cut' };
  }

  #slow(asked: Asked, ms: number, effectMs: number): Reply {
    if (effectMs === 0) return { ...this.#whole(asked, this.#process(asked)), after: ms };
    let processed: Answering | null = null;
    const happen = this.world.later(effectMs, () => {
      processed = this.#whole(asked, this.#process(asked));
    });
    const answer = (): HttpAnswer => {
      happen();
      return (processed ?? this.#whole(asked, this.#desk.says.failing())).answer();
    };
    return { after: ms, ending: 'whole', answer };
  }

  #whole(asked: Asked, answer: HttpAnswer): Answering {
    this.ledger.note(asked.number, { status: answer.status });
    return { after: 0, ending: 'whole', answer: () => this.#dated(this.#desk.sealed(answer, asked)) };
  }

  /** A gateway knows nothing of request ids and rates. */
  #gateway(asked: Asked): Answering {
    const page = gatewayPage();
    this.ledger.note(asked.number, { status: page.status });
    return { after: 0, ending: 'whole', answer: () => this.#dated(page) };
  }

  #dated(answer: HttpAnswer): HttpAnswer {
    return { ...answer, headers: { ...answer.headers, date: httpDate(this.world.there()) } };
  }
}
