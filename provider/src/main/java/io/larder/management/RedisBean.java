package io.larder.management;

import io.larder.stats.RedisStatus;
import java.util.function.Supplier;

/** {@link RedisMXBean} over a status that is asked anew for each attribute. */
public record RedisBean(Supplier<RedisStatus> status) implements RedisMXBean {

  @Override
  public String getConnection() {
    return status.get().connection().name();
  }

  @Override
  public String getSince() {
    return status.get().since().toString();
  }

  @Override
  public long getJournalledKeys() {
    return status.get().journalledKeys();
  }

  @Override
  public int getJournalledClears() {
    return status.get().journalledClears();
  }
}
