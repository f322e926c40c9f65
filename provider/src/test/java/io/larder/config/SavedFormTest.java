package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of settings that are written and read again. */
class SavedFormTest {

  @TempDir
  Path directory;

  private LarderSettings again(LarderSettings settings) {
    Path file = directory.resolve("saved.json");
    settings.saveToFile(file);
    return LarderSettings.builder().fromFile(file).build();
  }

  private static AiSettings fromProperties(LarderSettings settings) {
    return new SettingsReader()
        .read(new SettingsSources(
            Map.of(),
            Map.of(),
            SettingsSources.DEFAULT_URI,
            settings.toProperties(),
            SavedFormTest.class.getClassLoader()))
        .ai();
  }

  /** Sources below a file do not switch the AI cache on, a file does. */
  @Test
  void savingDoesNotSwitchTheAiCacheOn() {
    LarderSettings old = LarderSettings.builder()
        .fromEnvironment(Map.of("CACHE_MAX_TEXT_LENGTH", "9"), Map.of())
        .build();
    LarderSettings own = LarderSettings.builder()
        .defaults(Map.of("ai_config.max_text_length", 9))
        .build();
    LarderSettings on =
        LarderSettings.builder().set("ai_config.max_text_length", 9).build();

    for (LarderSettings off : new LarderSettings[] {old, own}) {
      assertThat(off.settings().ai().enabled()).isFalse();
      assertThat(again(off).settings()).isEqualTo(off.settings());
      assertThat(fromProperties(off)).isEqualTo(off.settings().ai());
    }
    assertThat(again(on).settings().ai().enabled()).isTrue();
    assertThat(fromProperties(on).enabled()).isTrue();
  }

  @Test
  void aDirectoryIsNotReplaced() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("conf"));

    assertThatThrownBy(() -> LarderSettings.builder().saveToFile(folder))
        .isInstanceOf(CacheException.class)
        .hasMessageContainingAll("file = " + folder, "must not be a directory");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSecretThatIsNotSetCannotBeSaved() {
    Path file = directory.resolve("saved.json");

    assertThatThrownBy(() -> LarderSettings.builder().saveToFile(file, "frame_hmac_secret"))
        .isInstanceOf(CacheException.class)
        .hasMessageContainingAll("frame_hmac_secret", "must be set");
    assertThat(file).doesNotExist();
  }
}
