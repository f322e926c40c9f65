package io.larder.faults;

import io.larder.history.Fleet;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands each test a {@link Trial} on three processes that all tests of the run share; they end, and
 * the figures are printed, with the run.
 */
final class Trials implements ParameterResolver {

  private static final int PROCESSES = 3;
  private static final Namespace NAMESPACE = Namespace.create(Trials.class);

  /** JUnit closes it with the run. */
  private record Shared(Fleet fleet, Figures figures) implements AutoCloseable {

    @Override
    public void close() {
      fleet.close();
      figures.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Trial.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Shared shared = context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            Shared.class, key -> new Shared(Fleet.of(PROCESSES), new Figures()), Shared.class);
    return new Trial(context.getDisplayName(), shared.fleet(), shared.figures());
  }
}
