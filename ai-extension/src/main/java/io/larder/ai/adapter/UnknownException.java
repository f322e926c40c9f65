package io.larder.ai.adapter;

/** Something about a call is not known well enough to share its answer. */
public final class UnknownException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Not known for that reason, which has no content of the call in it. */
  public UnknownException(String what) {
    super(what);
  }
}
