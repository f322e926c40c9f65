package io.larder.store.model;

import io.larder.store.model.NearModel.Message;
import io.larder.store.model.Redis.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Redis, the processes, and what is under way between them. After each step every entry that a
 * process may read counts as read, and is judged:
 *
 * <ul>
 *   <li>it is not older than anything that this process has seen of the key before: a reply, an own
 *       write, a hit, a message or a comparison taken, or the state when it last resubscribed
 *       (promises 1, 2, 3 and 5);
 *   <li>it was not superseded longer ago than a proof lives (promises 3 and 4);
 *   <li>the subscription is not known to be down (promise 4);
 *   <li>its deadline has not come (promise 6).
 * </ul>
 */
public final class World {

  private static final int FOREVER = Integer.MAX_VALUE;
  private static final int SHORT_TTL = 2;
  private static final int MAX_WAITING = 3;

  private enum Call {
    READ,
    PUT,
    REMOVE,
    REFUSED,
    CLEAR
  }

  /** A reply under way; {@code value} is the first key's, the next key's is one more. */
  private record Reply(Call call, int keys, int sequence, int value, int deadline, int[] truth) {
    boolean names(int key) {
      return (keys & 1 << key) != 0;
    }
  }

  /** A comparison under way; {@code sequence} is -1 until Redis has executed it. */
  private record Comparison(int round, int sequence, int[] truth) {}

  private static final class Process {
    NearModel near;
    boolean connected;
    List<Message> messages = new ArrayList<>();
    List<Reply> replies = new ArrayList<>();
    List<Comparison> comparisons = new ArrayList<>();
    int[] seen = new int[Redis.KEYS];
    Message applying;
  }

  private final Redis redis;
  private final Truth truth;
  private final Process[] processes;
  private int now;
  private int nextValue = 1;
  private String violation;

  /** A world in which nothing has happened. */
  public World(Rules rules, int processCount, Supplier<NearModel> near) {
    redis = new Redis(rules);
    truth = new Truth();
    processes = new Process[processCount];
    for (int i = 0; i < processCount; i++) {
      processes[i] = new Process();
      processes[i].near = near.get();
    }
  }

  public World(Rules rules, int processCount) {
    this(rules, processCount, () -> new NearModel(rules));
  }

  World(World other) {
    redis = other.redis.copy();
    truth = new Truth(other.truth);
    processes = new Process[other.processes.length];
    for (int i = 0; i < processes.length; i++) {
      Process from = other.processes[i];
      Process to = new Process();
      to.near = from.near.copy();
      to.connected = from.connected;
      to.messages = new ArrayList<>(from.messages);
      to.replies = new ArrayList<>(from.replies);
      to.comparisons = new ArrayList<>(from.comparisons);
      to.seen = from.seen.clone();
      to.applying = from.applying;
      processes[i] = to;
    }
    now = other.now;
    nextValue = other.nextValue;
    violation = other.violation;
  }

  /** What was promised and not kept, or null. */
  public String violation() {
    return violation;
  }

  public int now() {
    return now;
  }

  /** Takes a step if it is possible; answers whether it was. */
  public boolean take(Step step) {
    if (step.process() >= processes.length || !possible(step)) {
      return false;
    }
    Process process = processes[step.process()];
    int which = step.which();
    switch (step.op()) {
      case READ -> read(process, which);
      case PUT -> put(process, 1 << which, FOREVER);
      case PUT_SHORT -> put(process, 1 << which, now + SHORT_TTL);
      case PUT_BOTH -> put(process, (1 << Redis.KEYS) - 1, FOREVER);
      case REMOVE -> remove(process, which);
      case REPLACE -> replace(process, which);
      case CLEAR -> clear(process);
      case REPLY -> reply(process, process.replies.remove(which));
      case LOSE_REPLY -> loseReply(process, process.replies.remove(which));
      case DELIVER -> deliver(process, process.messages.remove(which));
      case FINISH -> finish(process);
      case DROP -> process.messages.remove(which);
      case REPEAT -> process.messages.add(process.messages.get(which));
      case GARBLE -> garble(process, process.messages.remove(which));
      case SEND -> process.comparisons.add(new Comparison(process.near.send(now), -1, null));
      case COMPARE -> compare(process, which);
      case ANSWER -> answer(process, process.comparisons.remove(which));
      case DISCONNECT -> process.connected = false;
      case RECONNECT -> process.connected = true;
      case DOWN -> down(process);
      case UP -> up(process);
      case TICK -> tick();
      case EVICT -> redis.frames[which] = null;
      case EVICT_HEAD -> redis.evictHead();
      case FLUSH -> flush();
      case LAG -> redis.keepCopy(truth.values(), truth.indexes());
      case FAIL_OVER -> failOver();
      case CLOCK_BACK -> redis.clockBack();
    }
    judge();
    return true;
  }

  private boolean possible(Step step) {
    Process process = processes[step.process()];
    int which = step.which();
    boolean free = !process.near.applying();
    boolean first = which == 0;
    return switch (step.op()) {
      case READ, PUT, PUT_SHORT, REMOVE ->
        which < Redis.KEYS && process.replies.size() < MAX_WAITING;
      case REPLACE ->
        which < Redis.KEYS
            && process.replies.size() < MAX_WAITING
            && process.near.stored(which) != 0;
      case PUT_BOTH, CLEAR -> first && process.replies.size() < MAX_WAITING;
      case REPLY, LOSE_REPLY -> free && which < process.replies.size();
      case DELIVER, GARBLE -> free && which < process.messages.size();
      case FINISH -> first && !free;
      case DROP, REPEAT -> which < process.messages.size();
      case SEND ->
        first && free && process.near.maySend(now) && process.comparisons.size() < MAX_WAITING;
      case COMPARE ->
        which < process.comparisons.size() && process.comparisons.get(which).sequence < 0;
      case ANSWER ->
        free && which < process.comparisons.size() && process.comparisons.get(which).sequence >= 0;
      case DISCONNECT -> first && process.connected;
      case RECONNECT -> first && !process.connected && process.near.subscribed();
      case DOWN -> first && process.near.subscribed();
      case UP -> first && !process.near.subscribed();
      default -> step.process() == 0 && possibleInRedis(step.op(), which);
    };
  }

  private boolean possibleInRedis(Step.Op op, int which) {
    boolean first = which == 0;
    return switch (op) {
      case EVICT -> which < Redis.KEYS && redis.frames[which] != null;
      case EVICT_HEAD -> first && redis.sequence != 0 && redis.timeIsPastAllSequences(now);
      case FLUSH -> first && redis.timeIsPastAllSequences(now);
      case FAIL_OVER -> first && redis.old != null && redis.timeIsPastAllSequences(now);
      case CLOCK_BACK -> first && redis.clockMayGoBack(now);
      default -> first;
    };
  }

  private void read(Process process, int key) {
    Frame frame = redis.visible(key, now);
    int value = frame == null ? 0 : frame.value();
    if (value != 0 && value != truth.value(key)) {
      violation = "a read of Redis answers " + value + " where " + truth.value(key) + " is true";
    }
    int deadline = frame == null ? 0 : frame.deadline();
    process.replies.add(
        new Reply(Call.READ, 1 << key, redis.sequence, value - key, deadline, truth.indexes()));
  }

  private void put(Process process, int keys, int deadline) {
    int value = nextValue;
    nextValue += Redis.KEYS;
    int previous = redis.advance(now);
    for (int key = 0; key < Redis.KEYS; key++) {
      if ((keys & 1 << key) != 0) {
        redis.frames[key] = new Frame(value + key, redis.generation, redis.sequence, deadline);
        truth.change(key, value + key, deadline, now);
      }
    }
    publish(previous, keys);
    process.replies.add(
        new Reply(Call.PUT, keys, redis.sequence, value, deadline, truth.indexes()));
  }

  private void remove(Process process, int key) {
    int previous = redis.advance(now);
    redis.frames[key] = null;
    truth.change(key, 0, FOREVER, now);
    publish(previous, 1 << key);
    process.replies.add(new Reply(Call.REMOVE, 1 << key, redis.sequence, 0, 0, truth.indexes()));
  }

  private void replace(Process process, int key) {
    Frame frame = redis.visible(key, now);
    if (frame != null && frame.value() == process.near.stored(key)) {
      put(process, 1 << key, FOREVER);
    } else {
      process.replies.add(new Reply(Call.REFUSED, 1 << key, redis.sequence, 0, 0, truth.indexes()));
    }
  }

  private void clear(Process process) {
    int previous = redis.advance(now);
    redis.generation = redis.sequence;
    for (int key = 0; key < Redis.KEYS; key++) {
      truth.change(key, 0, FOREVER, now);
    }
    publish(previous, NearModel.CLEAR);
    process.replies.add(new Reply(Call.CLEAR, 0, redis.sequence, 0, 0, truth.indexes()));
  }

  private void publish(int previous, int keys) {
    Message message = new Message(previous, redis.sequence, keys, truth.indexes());
    for (Process process : processes) {
      if (process.connected) {
        process.messages.add(message);
      }
    }
  }

  private void reply(Process process, Reply reply) {
    NearModel near = process.near;
    if (reply.call == Call.CLEAR) {
      near.cleared(reply.sequence);
      see(process, reply.truth, (1 << Redis.KEYS) - 1);
      return;
    }
    for (int key = 0; key < Redis.KEYS; key++) {
      if (reply.names(key)) {
        switch (reply.call) {
          case READ -> near.replied(key, reply.sequence, reply.value + key, reply.deadline);
          case PUT -> near.put(key, reply.sequence, reply.value + key, reply.deadline);
          case REMOVE -> near.removed(key, reply.sequence);
          default -> near.refused(key, reply.sequence);
        }
      }
    }
    see(process, reply.truth, reply.keys);
  }

  private void loseReply(Process process, Reply reply) {
    if (reply.call == Call.CLEAR) {
      process.near.cleared(0);
    } else if (reply.call != Call.READ) {
      for (int key = 0; key < Redis.KEYS; key++) {
        if (reply.names(key)) {
          process.near.unknown(key);
        }
      }
    }
  }

  private void deliver(Process process, Message message) {
    if (process.near.apply(message)) {
      process.applying = message;
    }
  }

  private void finish(Process process) {
    process.near.finish();
    see(process, process.applying.truth(), (1 << Redis.KEYS) - 1);
    process.applying = null;
  }

  private void garble(Process process, Message message) {
    process.near.lost();
    see(process, message.truth(), (1 << Redis.KEYS) - 1);
  }

  private void compare(Process process, int which) {
    Comparison sent = process.comparisons.get(which);
    process.comparisons.set(which, new Comparison(sent.round, redis.sequence, truth.indexes()));
  }

  private void answer(Process process, Comparison comparison) {
    if (process.near.answered(comparison.round, comparison.sequence, now)) {
      see(process, comparison.truth, (1 << Redis.KEYS) - 1);
    }
  }

  private void down(Process process) {
    process.connected = false;
    process.near.down();
  }

  private void up(Process process) {
    process.connected = true;
    process.near.up();
    see(process, truth.indexes(), (1 << Redis.KEYS) - 1);
  }

  private void tick() {
    now++;
    truth.expire(now);
  }

  private void flush() {
    redis.flush();
    for (int key = 0; key < Redis.KEYS; key++) {
      if (truth.value(key) != 0) {
        truth.lose(key, 0, 0, now);
      }
    }
  }

  private void failOver() {
    redis.failOver();
    for (int key = 0; key < Redis.KEYS; key++) {
      int old = redis.old.values()[key];
      int value = truth.deadline(key, old) > now ? old : 0;
      if (value != truth.value(key)) {
        truth.lose(key, value, redis.old.indexes()[key], now);
      }
    }
  }

  private static void see(Process process, int[] indexes, int keys) {
    for (int key = 0; key < Redis.KEYS; key++) {
      if ((keys & 1 << key) != 0) {
        process.seen[key] = Math.max(process.seen[key], indexes[key]);
      }
    }
  }

  private void judge() {
    for (int p = 0; p < processes.length; p++) {
      Process process = processes[p];
      for (int key = 0; key < Redis.KEYS; key++) {
        int value = process.near.hit(key, now);
        if (value == 0) {
          continue;
        }
        String hit = "process " + p + " answers key " + key + " with " + value;
        int index = truth.find(key, value, process.seen[key], now);
        if (!process.near.subscribed()) {
          violation = hit + " while its subscription is down";
        } else if (truth.deadline(key, value) <= now) {
          violation = hit + " past its deadline";
        } else if (index < 0) {
          violation = hit + ", which is older than what it saw, or was superseded too long ago";
        } else {
          process.seen[key] = index;
        }
      }
    }
  }

  /** The state, so that two states of equal encodings have equal futures. */
  StringBuilder encode() {
    StringBuilder out = new StringBuilder(256);
    out.append(now).append(' ').append(nextValue).append(' ');
    redis.encode(out);
    truth.encode(out);
    for (Process process : processes) {
      out.append('\n').append(process.connected).append(Arrays.toString(process.seen));
      process.near.encode(out);
      process.messages.forEach(
          m -> out.append('M').append(m.sequence()).append('.').append(m.previous()));
      process.replies.forEach(r -> out.append('R')
          .append(r.call.ordinal())
          .append(r.keys)
          .append('.')
          .append(r.sequence)
          .append('.')
          .append(r.value)
          .append(Arrays.toString(r.truth)));
      process.comparisons.forEach(c -> out.append('C')
          .append(c.round)
          .append('.')
          .append(c.sequence)
          .append(c.truth == null ? "" : Arrays.toString(c.truth)));
    }
    return out;
  }
}
