package io.larder.store.model;

/** A rule of the protocol that the model can do without. */
public enum Rule {
  /** A new sequence is not below the server's time. */
  SEQUENCE_FOLLOWS_TIME,
  /** A frame of another generation, or without a head, is absent. */
  READ_CHECKS_GENERATION,

  /** Rule 1: an entry of an earlier epoch is not read. */
  HIT_CHECKS_EPOCH,
  /** Rule 1: an own put whose message has not come is not read. */
  HIT_CHECKS_CONFIRMED,
  /** Rule 1: nothing is read until all that is due was heard. */
  HIT_CHECKS_DUE,
  /** Rule 1: nothing is read while the subscription is down. */
  HIT_CHECKS_SUBSCRIPTION,
  /** Rule 1: nothing is read when the last proof is too old. */
  HIT_CHECKS_PROOF,
  /** Rule 1: an entry is not read past its deadline. */
  HIT_CHECKS_DEADLINE,

  /** Rule 2: a reply is stored only if its sequence is the one heard. */
  FILL_NEEDS_HEARD,
  /** Rule 2: a reply is stored only if nothing newer was seen. */
  FILL_NEEDS_HIGHEST,
  /** Rule 2: a reply's sequence counts as seen. */
  REPLY_RAISES_HIGH,
  /** Rule 2: a reply that found no head makes the bucket unsynced. */
  REPLY_WITHOUT_HEAD_UNSYNCS,
  /** Rule 2: a reply that is not stored removes what is. */
  UNFIT_REPLY_REMOVES,

  /** Rule 3: an own remove removes. */
  OWN_REMOVE_REMOVES,
  /** Rule 3: so does a refused replace. */
  OWN_REFUSAL_REMOVES,
  /** Rule 3: an own put that is not stored removes what is. */
  UNFIT_PUT_REMOVES,
  /** Rule 3: an own put is stored only if nothing newer was seen. */
  OWN_PUT_NEEDS_HIGHEST,
  /** Rule 3: an own put is readable only once its message was heard. */
  OWN_PUT_WAITS_FOR_MESSAGE,
  /** Rule 3: an own write's sequence counts as seen. */
  OWN_WRITE_RAISES_HIGH,

  /** Rule 4: an own clear begins an epoch before it returns. */
  OWN_CLEAR_BEGINS_EPOCH,
  /** Rule 4: an own clear's sequence counts as seen. */
  OWN_CLEAR_RAISES_HIGH,

  /** Rule 5: a gap in the messages begins an epoch. */
  GAP_BEGINS_EPOCH,
  /** Rule 5: a clear's message begins an epoch. */
  CLEAR_MESSAGE_BEGINS_EPOCH,
  /** Rule 5: a message's sequence counts as seen. */
  MESSAGE_RAISES_HIGH,
  /** Rule 5: a message removes older entries of its keys. */
  MESSAGE_REMOVES_OLDER,
  /** Rule 5: it counts as heard when all else is done. */
  HEARD_IS_SET_LAST,
  /** Rule 5: a message that cannot be understood voids the comparison under way. */
  GARBLED_MESSAGE_VOIDS_COMPARISON,

  /** Rule 6: a bucket without a head is unsynced. */
  NO_HEAD_UNSYNCS,
  /** Rule 6: a head below what was seen before makes it unsynced. */
  LOWER_HEAD_UNSYNCS,
  /** Rule 6: what is not heard from one comparison to the next begins an epoch. */
  STILL_DUE_BEGINS_EPOCH,
  /** Rule 6: a head above what was heard is due. */
  HIGHER_HEAD_IS_DUE,
  /** Rule 6: a comparison proves what was when it was sent. */
  PROOF_COUNTS_FROM_SENDING,
  /** Rule 6: an answer to an earlier comparison is discarded. */
  LATE_ANSWER_IS_DISCARDED,
  /** Rule 6: so is one to a comparison sent before the subscription changed. */
  CHANGED_SUBSCRIPTION_DISCARDS,

  /** Rule 7: after the subscription was down, only a new comparison proves anything. */
  RESUBSCRIPTION_NEEDS_PROOF
}
