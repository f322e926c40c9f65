package io.larder;

/** What an operation does to an entry, once it has seen what is there. */
enum Effect {
  /** Nothing, not even a read. */
  NONE,
  /** It has read the value. */
  ACCESS,
  /** It stores a value. */
  PUT,
  /** It stores a value that came from the loader: not written through, not counted as a put. */
  LOAD,
  /** It removes the entry, if there is one, and has the writer delete the key in any case. */
  REMOVE
}
