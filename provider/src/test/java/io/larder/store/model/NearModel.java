package io.larder.store.model;

import java.util.Arrays;

/** The near entries of one process in one bucket, by the rules. Reads as the specification does. */
public class NearModel {

  /** How many ticks a comparison proves something. */
  public static final int LIFETIME = 2;

  static final int CLEAR = -1;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int UNKNOWN = -1;
  private static final int LONG_AGO = -1000;

  /** A published change; {@code keys} is a mask, or {@link #CLEAR}. */
  public record Message(int previous, int sequence, int keys, int[] truth) {
    public boolean names(int key) {
      return keys != CLEAR && (keys & 1 << key) != 0;
    }

    public boolean clears() {
      return keys == CLEAR;
    }
  }

  private record Entry(int value, int sequence, int epoch, boolean confirmed, int deadline) {}

  private final Rules rules;
  private Entry[] entries = new Entry[Redis.KEYS];
  private int epoch;
  private int heard = UNKNOWN;
  private int high;
  private int due = NEVER;
  private boolean subscribed;
  private int subscription;
  private int provenAt = LONG_AGO;

  private int round;
  private boolean inFlight;
  private int sentAt;
  private int sentSubscription;
  private int noted = UNKNOWN;

  private Message applying;

  public NearModel(Rules rules) {
    this.rules = rules;
  }

  NearModel copy() {
    NearModel copy = new NearModel(rules);
    copy.entries = entries.clone();
    copy.epoch = epoch;
    copy.heard = heard;
    copy.high = high;
    copy.due = due;
    copy.subscribed = subscribed;
    copy.subscription = subscription;
    copy.provenAt = provenAt;
    copy.round = round;
    copy.inFlight = inFlight;
    copy.sentAt = sentAt;
    copy.sentSubscription = sentSubscription;
    copy.noted = noted;
    copy.applying = applying;
    return copy;
  }

  /** Rule 1: the value that may be answered, or 0. */
  public int hit(int key, int now) {
    Entry entry = entries[key];
    return entry != null
            && (subscribed || !rules.on(Rule.HIT_CHECKS_SUBSCRIPTION))
            && (now - provenAt < LIFETIME || !rules.on(Rule.HIT_CHECKS_PROOF))
            && (entry.epoch == epoch || !rules.on(Rule.HIT_CHECKS_EPOCH))
            && (entry.confirmed || !rules.on(Rule.HIT_CHECKS_CONFIRMED))
            && (heard >= due || !rules.on(Rule.HIT_CHECKS_DUE))
            && (now < entry.deadline || !rules.on(Rule.HIT_CHECKS_DEADLINE))
        ? entry.value
        : 0;
  }

  /** What is stored, readable or not, or 0. */
  int stored(int key) {
    return entries[key] == null ? 0 : entries[key].value;
  }

  /** Rule 2; value 0 is absent. */
  public void replied(int key, int sequence, int value, int deadline) {
    if (sequence == 0) {
      replyWithoutHead();
    } else {
      raiseHigh(sequence, Rule.REPLY_RAISES_HIGH);
      boolean asHeard = sequence == heard || !rules.on(Rule.FILL_NEEDS_HEARD);
      boolean newest = sequence >= high || !rules.on(Rule.FILL_NEEDS_HIGHEST);
      if (value != 0 && asHeard && newest) {
        entries[key] = new Entry(value, sequence, epoch, true, deadline);
        return;
      }
    }
    remove(key, Rule.UNFIT_REPLY_REMOVES);
  }

  /** Rule 3: an own put. */
  public void put(int key, int sequence, int value, int deadline) {
    raiseHigh(sequence, Rule.OWN_WRITE_RAISES_HIGH);
    if (sequence >= high || !rules.on(Rule.OWN_PUT_NEEDS_HIGHEST)) {
      boolean confirmed = heard == sequence || !rules.on(Rule.OWN_PUT_WAITS_FOR_MESSAGE);
      entries[key] = new Entry(value, sequence, epoch, confirmed, deadline);
    } else {
      remove(key, Rule.UNFIT_PUT_REMOVES);
    }
  }

  /** Rule 3: an own remove. */
  public void removed(int key, int sequence) {
    raiseHigh(sequence, Rule.OWN_WRITE_RAISES_HIGH);
    remove(key, Rule.OWN_REMOVE_REMOVES);
  }

  /** Rule 3: an own replace was refused. */
  public void refused(int key, int sequence) {
    if (sequence == 0) {
      replyWithoutHead();
    }
    raiseHigh(sequence, Rule.OWN_WRITE_RAISES_HIGH);
    remove(key, Rule.OWN_REFUSAL_REMOVES);
  }

  private void replyWithoutHead() {
    if (rules.on(Rule.REPLY_WITHOUT_HEAD_UNSYNCS)) {
      unsync();
      noted = UNKNOWN;
    }
  }

  /** Rule 3: an own write's outcome is not known. */
  public void unknown(int key) {
    entries[key] = null;
  }

  /** Rule 4; sequence 0 if the outcome is not known. */
  public void cleared(int sequence) {
    if (rules.on(Rule.OWN_CLEAR_BEGINS_EPOCH)) {
      epoch++;
    }
    raiseHigh(sequence, Rule.OWN_CLEAR_RAISES_HIGH);
  }

  /** Rule 5, up to the last step; answers whether there is one. */
  public boolean apply(Message message) {
    if (message.sequence == heard) {
      return false;
    }
    applying = message;
    if (message.previous != heard) {
      if (rules.on(Rule.GAP_BEGINS_EPOCH)) {
        epoch++;
      }
      heard = UNKNOWN;
    }
    if (message.clears() && rules.on(Rule.CLEAR_MESSAGE_BEGINS_EPOCH)) {
      epoch++;
    }
    raiseHigh(message.sequence, Rule.MESSAGE_RAISES_HIGH);
    if (rules.on(Rule.HEARD_IS_SET_LAST)) {
      applyToKeys();
    } else {
      heard = message.sequence;
    }
    return true;
  }

  /** Rule 5, the last step. */
  public void finish() {
    if (rules.on(Rule.HEARD_IS_SET_LAST)) {
      heard = applying.sequence;
    } else {
      applyToKeys();
    }
    applying = null;
  }

  boolean applying() {
    return applying != null;
  }

  private void applyToKeys() {
    for (int key = 0; key < Redis.KEYS; key++) {
      Entry entry = entries[key];
      if (entry != null && applying.names(key)) {
        if (entry.sequence == applying.sequence) {
          entries[key] = new Entry(entry.value, entry.sequence, entry.epoch, true, entry.deadline);
        } else if (entry.sequence < applying.sequence) {
          remove(key, Rule.MESSAGE_REMOVES_OLDER);
        }
      }
    }
  }

  /** Rule 5 for a message that could not be understood. */
  public void lost() {
    unsync();
    if (rules.on(Rule.GARBLED_MESSAGE_VOIDS_COMPARISON)) {
      noted = UNKNOWN;
    }
  }

  /** Rule 6: whether a comparison may be sent now. */
  boolean maySend(int now) {
    boolean waiting = inFlight && sentSubscription == subscription && now - sentAt < LIFETIME;
    return subscribed && !waiting;
  }

  /** Rule 6: a comparison is sent; answers its number. */
  public int send(int now) {
    inFlight = true;
    sentAt = now;
    sentSubscription = subscription;
    noted = Math.max(0, Math.max(heard, high));
    return ++round;
  }

  /** Rule 6: a comparison was answered; answers whether it was taken. */
  public boolean answered(int answeredRound, int sequence, int now) {
    if (answeredRound != round && rules.on(Rule.LATE_ANSWER_IS_DISCARDED)) {
      return false;
    }
    if (sentSubscription != subscription && rules.on(Rule.CHANGED_SUBSCRIPTION_DISCARDS)) {
      return false;
    }
    if (!inFlight) {
      return false;
    }
    inFlight = false;
    if (noted != UNKNOWN) {
      compare(sequence);
    }
    provenAt = rules.on(Rule.PROOF_COUNTS_FROM_SENDING) ? sentAt : now;
    return true;
  }

  private void compare(int sequence) {
    if (sequence == 0 && !rules.on(Rule.NO_HEAD_UNSYNCS)) {
      return;
    }
    if (sequence == 0 || (sequence < noted && rules.on(Rule.LOWER_HEAD_UNSYNCS))) {
      unsync();
      return;
    }
    if (due > heard) {
      if (rules.on(Rule.STILL_DUE_BEGINS_EPOCH)) {
        epoch++;
      }
      heard = Math.max(heard, sequence);
      due = 0;
    }
    if (sequence > heard && rules.on(Rule.HIGHER_HEAD_IS_DUE)) {
      due = sequence;
    }
    high = Math.max(high, sequence);
  }

  /** Rule 7. */
  public void up() {
    subscribed = true;
    subscription++;
    if (rules.on(Rule.RESUBSCRIPTION_NEEDS_PROOF)) {
      provenAt = LONG_AGO;
    }
  }

  /** Rule 7. */
  public void down() {
    subscribed = false;
    subscription++;
  }

  boolean subscribed() {
    return subscribed;
  }

  private void unsync() {
    epoch++;
    heard = UNKNOWN;
    high = 0;
    due = NEVER;
  }

  private void raiseHigh(int sequence, Rule rule) {
    if (rules.on(rule)) {
      high = Math.max(high, sequence);
    }
  }

  private void remove(int key, Rule rule) {
    if (rules.on(rule)) {
      entries[key] = null;
    }
  }

  void encode(StringBuilder out) {
    for (Entry entry : entries) {
      out.append('|');
      if (entry != null) {
        out.append(entry.value).append(',').append(entry.sequence).append(',');
        out.append(entry.epoch == epoch).append(entry.confirmed).append(entry.deadline);
      }
    }
    out.append(';')
        .append(heard)
        .append(',')
        .append(high)
        .append(',')
        .append(due)
        .append(',');
    out.append(subscribed).append(subscription - sentSubscription).append(',').append(provenAt);
    out.append(',').append(round).append(inFlight).append(sentAt).append(',').append(noted);
    if (applying != null) {
      out.append('m').append(applying.sequence);
    }
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    encode(out);
    return out + " " + Arrays.toString(entries);
  }
}
