package io.larder.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads settings from all their sources. Immutable and safe for use by several threads.
 *
 * <h2>Design</h2>
 *
 * Each source becomes a {@link Layer} of checked values, weakest first ({@link SourceLayers}). The
 * layers are merged by path over the preset that they name ({@link Merged}), the whole is judged
 * ({@link Consistency}), and what is free of faults becomes records ({@link Assembly}). Faults of
 * all steps are thrown as one.
 */
public final class SettingsReader {

  private final Reference reference = Reference.get();

  /** A reader of the presets that come with this version. */
  public SettingsReader() {}

  /** All keys. */
  Kind.Group root() {
    return reference.schema().root();
  }

  /** Names of the presets there are. */
  public List<String> presets() {
    return reference.presets();
  }

  /** What a preset is meant for. */
  public String description(String preset) {
    return reference.description(preset);
  }

  /**
   * The settings in force.
   *
   * @throws ConfigurationException if any source has any fault; lists all of them
   */
  public Settings read(SettingsSources sources) {
    return readAll(sources).settings();
  }

  /**
   * The settings in force, and what is to be said about them.
   *
   * @throws ConfigurationException if any source has any fault; lists all of them
   */
  public Reading readAll(SettingsSources sources) {
    return finish(judge(sources));
  }

  /** Makes settings of what was judged, or throws its faults. */
  Reading finish(Judged judged) {
    if (!judged.report().valid()) {
      throw new ConfigurationException(judged.report().errors());
    }
    Settings settings = new Assembly(judged.merged()).settings();
    boolean said = judged.merged().said().containsKey(List.of("log_level"));
    LogLevel level = settings.logLevel();
    LogLevel startFloor = said || level.compareTo(LogLevel.INFO) < 0 ? level : LogLevel.INFO;
    return new Reading(settings, judged.notices(), judged.report(), startFloor);
  }

  /** Errors, warnings and recommendations; does not throw for them. */
  public ValidationReport validate(SettingsSources sources) {
    return judge(sources).report();
  }

  /** What the sources say, merged, whether it can be used or not. */
  Judged judge(SettingsSources sources) {
    return judge(sources, OwnPreset.NONE);
  }

  /** What the sources say over a preset of the application's own. */
  Judged judge(SettingsSources sources, OwnPreset own) {
    SourceLayers layers = new SourceLayers(sources, reference, own);
    Merged merged = Merged.of(layers.read(), reference);
    Consistency consistency = new Consistency(merged);
    List<Fault> faults = new ArrayList<>(layers.faults());
    faults.addAll(consistency.faults());
    List<Notice> notices = new ArrayList<>(layers.notices());
    notices.addAll(consistency.notices());
    return new Judged(
        merged,
        notices,
        new ValidationReport(faults, consistency.warnings(), consistency.recommendations()));
  }

  /** Merged values and what was found about them. */
  record Judged(Merged merged, List<Notice> notices, ValidationReport report) {}
}
