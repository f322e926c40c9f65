package io.larder.config;

import java.util.List;
import java.util.stream.Collectors;
import javax.cache.CacheException;

/** A configuration that cannot be used; carries every fault found, not just the first. */
public final class ConfigurationException extends CacheException {

  private static final long serialVersionUID = 1L;

  private final List<Fault> faults;

  ConfigurationException(List<Fault> faults) {
    super(message(faults));
    this.faults = List.copyOf(faults);
  }

  /** Every fault, in the order of the sources, weakest first; never empty. */
  public List<Fault> faults() {
    return faults;
  }

  private static String message(List<Fault> faults) {
    String head = faults.size() == 1 ? "1 fault" : faults.size() + " faults";
    return faults.stream()
        .map(Fault::toString)
        .collect(Collectors.joining("\n  - ", head + " in the configuration of Larder:\n  - ", ""));
  }
}
