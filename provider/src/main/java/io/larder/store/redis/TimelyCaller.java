package io.larder.store.redis;

import io.larder.store.Budget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends scripts that Redis refuses once their caller has given up. Thread-safe.
 *
 * <p><b>The path of a call.</b> As its first argument it carries the server time at which the
 * caller's budget ends; the script refuses after that, so that what sits in a socket buffer cannot
 * land later. A refusal for being late is also news of the server's clock: if the caller has time
 * left, the clock was set, and the call, which did nothing, is sent once more.
 */
final class TimelyCaller {

  /** Where the server's time is in the reply to a write. */
  private static final int TIME_OF_WRITE = 1 + 3 * 16;

  private final RedisClient client;
  private final Caller caller;

  TimelyCaller(RedisClient client, Caller caller) {
    this.client = client;
    this.caller = caller;
  }

  /** Sends what need not be in time. */
  Caller caller() {
    return caller;
  }

  /** The reply to one call. */
  Object call(Call call, Budget budget) {
    call.setLatest(latest(budget));
    Object reply = send(call, budget);
    return isLate(reply) ? again(call, reply, budget) : reply;
  }

  /**
   * The replies to calls that go in one pipeline to each master.
   *
   * @param ahead goes before them, need not be in time, and its replies are not answered
   */
  List<Object> callAll(List<Call> ahead, List<Call> calls, Budget budget) {
    long latest = latest(budget);
    calls.forEach(call -> call.setLatest(latest));
    List<Call> all = new ArrayList<>(ahead);
    all.addAll(calls);
    List<ServerClock> clocks =
        calls.stream().map(call -> client.clockOf(call.slotKey())).toList();
    long sent = System.nanoTime();
    List<@Nullable Object> answers = caller.callAll(all, budget);
    List<Object> replies = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      Object reply = answered(answers.get(ahead.size() + i));
      learn(clocks.get(i), sent, reply);
      replies.add(isLate(reply) ? again(calls.get(i), reply, budget) : reply);
    }
    return replies;
  }

  /** Once more, by the time of the server that refused. */
  private Object again(Call call, Object refusal, Budget budget) {
    long left = budget.remainingNanos();
    if (left > 0) {
      call.setLatest(Frame.number((byte[]) refusal, 1) + left / 1000);
      Object reply = send(call, budget);
      if (!isLate(reply)) {
        return reply;
      }
    }
    throw caller.timeout("the command reached Redis too late and was not carried out", null);
  }

  private Object send(Call call, Budget budget) {
    ServerClock clock = client.clockOf(call.slotKey());
    long sent = System.nanoTime();
    Object reply = answered(caller.call(call, budget));
    learn(clock, sent, reply);
    return reply;
  }

  private Object answered(@Nullable Object reply) {
    if (reply == null) {
      throw caller.refused("unexpected reply: none", null);
    }
    return reply;
  }

  private long latest(Budget budget) {
    return client.clocks().surelyPastIn(budget.remainingNanos());
  }

  private static boolean isLate(Object reply) {
    return reply instanceof byte[] bytes && bytes.length == 17 && bytes[0] == 'L';
  }

  /** In a cluster another master than the expected one may have answered: see {@link Caller}. */
  private void learn(ServerClock clock, long sentNanos, Object reply) {
    if (client.oneServer()) {
      long micros = timeIn(reply);
      if (micros > 0) {
        clock.learn(sentNanos, System.nanoTime(), micros);
      }
    } else if (isLate(reply)) {
      client.learnTime();
    }
  }

  /** The server's time where a reply tells it, else zero. */
  private static long timeIn(Object reply) {
    if (!(reply instanceof byte[] bytes)) {
      return 0;
    } else if (isLate(reply)) {
      return Frame.number(bytes, 1);
    }
    return bytes.length >= TIME_OF_WRITE + 16 && bytes[0] == 'W'
        ? Frame.number(bytes, TIME_OF_WRITE)
        : 0;
  }
}
