package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LogLevel;
import io.larder.log.Log;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closed stores that still journal something, for a call of theirs was under way. */
final class CircuitMembersTest {

  private final CircuitMembers members =
      new CircuitMembers(Log.of("circuit", LogLevel.DEBUG), failure -> {});

  /** Who looks whether a closed store has a journal. */
  enum Looking {
    AT_ITS_END(parts -> parts.members.remove(parts.late)),
    AFTER_A_REPLAY(parts -> parts.members.replay(() -> Budget.each(1)));

    private final Consumer<CircuitMembersTest> done;

    Looking(Consumer<CircuitMembersTest> done) {
      this.done = done;
    }
  }

  private final Late late = new Late();

  /** Its journal was empty a moment ago, when it was looked at. */
  private final class Late implements CircuitMembers.Member {

    private final Thread call = new Thread(this::journal);
    private volatile boolean looked;
    private volatile boolean journalled;

    private void journal() {
      journalled = true;
      members.add(this);
    }

    @Override
    public boolean hasJournal() {
      boolean answer = journalled;
      if (looked && call.getState() == Thread.State.NEW) {
        call.start();
        end(200);
      }
      return answer;
    }

    void end(long millis) {
      try {
        call.join(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean isClosed() {
      looked = true;
      return true;
    }

    @Override
    public String cacheName() {
      return "late";
    }

    @Override
    public long journalledKeys() {
      return journalled ? 1 : 0;
    }

    @Override
    public boolean journals(Object key) {
      return journalled;
    }

    @Override
    public void after(CircuitMembers.Member closedStore) {}

    @Override
    public void replay(Collection<?> keys, Budget budget) {}

    @Override
    public long nanosUntilDue() {
      return 0;
    }

    @Override
    public boolean journalledClear() {
      return false;
    }

    @Override
    public CircuitMembers.Replayed replay(Supplier<Budget> budgets) {
      return CircuitMembers.Replayed.NOTHING;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsJournalledMeanwhileIsReplayed(Looking looking) {
    members.add(late);
    late.looked = looking == Looking.AT_ITS_END;
    looking.done.accept(this);
    late.end(TimeUnit.SECONDS.toMillis(60));
    assertThat(members.journalledKeys()).isEqualTo(1);
    assertThat(members.anyJournal()).isTrue();
  }
}
