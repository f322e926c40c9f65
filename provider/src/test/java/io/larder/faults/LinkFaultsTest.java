package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Peer;
import io.larder.stats.Health;
import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The links of processes to Redis are slow, cut, dropped, or lose single messages. */
@ExtendWith(Trials.class)
final class LinkFaultsTest {

  static final String LOST_MESSAGE = "a lost message is noticed, the slowest of 5";

  private RedisServer redis;
  private final List<TcpProxy> links = new ArrayList<>();

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void stop() {
    links.forEach(TcpProxy::close);
    redis.close();
  }

  private void begin(Trial trial) {
    for (int i = 0; i < trial.fleet().size(); i++) {
      links.add(TcpProxy.to(redis));
    }
    trial.begin(number -> links.get(number).url());
  }

  @Test
  void slow(Trial trial) {
    begin(trial);
    links.get(0).slow(20);
    links.get(1).narrow(200_000);
    Trial.last(1_500);
    assertThat(trial.fleet().wellness(0).get(0).health()).isNotEqualTo(Health.Status.HEALTHY);
    trial.tellsOfNothing(2);
    links.forEach(TcpProxy::mend);
    trial.heals();
    trial.finish();
  }

  @Test
  void repliesCut(Trial trial) {
    begin(trial);
    links.get(1).cutReplies();
    Trial.last(2_500);
    trial.tellsOfOutage(1);
    trial.tellsOfNothing(0, 2);
    links.get(1).mend();
    trial.heals();
    trial.finish();
  }

  @Test
  void requestsCut(Trial trial) {
    begin(trial);
    links.get(1).cutRequests();
    Trial.last(2_500);
    trial.tellsOfOutage(1);
    trial.tellsOfNothing(0, 2);
    links.get(1).mend();
    trial.heals();
    trial.finish();
  }

  @Test
  void bothWaysCut(Trial trial) {
    begin(trial);
    links.get(0).cut();
    Trial.last(500);
    links.get(1).cut();
    Trial.last(2_500);
    trial.tellsOfOutage(0, 1);
    trial.tellsOfNothing(2);
    links.forEach(TcpProxy::mend);
    trial.heals();
    trial.finish();
  }

  @Test
  void connectionsDroppedAndRefused(Trial trial) {
    begin(trial);
    links.get(0).drop();
    links.get(1).refuse();
    Trial.last(1_000);
    trial.tellsOfOutage(1);
    trial.tellsOfNothing(0);
    links.get(2).drop();
    links.get(1).mend();
    trial.heals();
    trial.finish();
  }

  /** Old connections are silent for ever, of one process while new ones fail, too. */
  @Test
  void connectionsForgotten(Trial trial) {
    begin(trial);
    links.get(0).forgetConnections();
    links.get(1).cut();
    links.get(1).forgetConnections();
    Trial.last(2_500);
    trial.tellsOfOutage(1);
    trial.tellsOfNothing(2);
    links.get(1).mend();
    trial.heals();
    trial.finish();
  }

  /** What a connection had carried when it ended reaches Redis in time, or too late to count. */
  @Test
  void writesArriveAfterTheirConnectionHasEnded(Trial trial) {
    begin(trial);
    for (int i = 0; i < 6; i++) {
      int harmed = i % links.size();
      TcpProxy link = links.get(harmed);
      int before = link.late();
      link.hold();
      Redises.await(() -> link.kept() > 0);
      Trial.pass(40);
      link.hangUp();
      if (i % 2 == 0) {
        Trial.pass(100);
      } else {
        Trial.pass(Trial.TIMEOUT_MILLIS + 200);
        trial.tellsOfNothing((harmed + 1) % links.size());
      }
      link.release();
      Redises.await(() -> link.late() > before);
      trial.tellsOfNothing(harmed);
    }
    trial.heals();
    trial.finish();
  }

  @Test
  void singleMessagesLost(Trial trial) {
    begin(trial.patient().compared());
    for (int i = 0; i < 10; i++) {
      TcpProxy link = links.get(i % links.size());
      int before = link.swallowed();
      link.swallowMessages(1);
      Redises.await(() -> link.swallowed() > before);
      Trial.pass(100);
      trial.tellsOfNothing(i % links.size());
    }
    trial.heals();
    trial.finish();
  }

  /** No other message of the bucket comes: only the comparison can tell. */
  @Test
  void aLostMessageIsNoticed(Trial trial) {
    TcpProxy link = TcpProxy.to(redis);
    links.add(link);
    Peer writer = trial.fleet().process(0);
    Peer reader = trial.fleet().process(1);
    String settings = "manager namespace=lost operation_timeout_ms=10000 connection_timeout=30";
    writer.ask(settings + " redis_url=" + redis.url());
    reader.ask(settings + " redis_url=" + link.url());
    writer.ask("open c");
    reader.ask("open c");
    long longest = 0;
    int stale = 0;
    long stalled = trial.figures().stalls().millis();
    for (int i = 0; i < 5; i++) {
      String old = "old" + i;
      writer.ask("do c PUT k " + old);
      Redises.await(() -> reader.ask("readable c k").equals("true"));
      link.swallowMessages(1);
      writer.ask("do c PUT k new" + i);
      long changed = System.nanoTime();
      while (reader.ask("get c k").equals(old)) {
        stale++;
        Trial.pass(1);
      }
      longest = Math.max(longest, System.nanoTime() - changed);
    }
    // Once the comparison, which comes each second, may have been the first.
    assertThat(stale).as("answers after a message that was lost").isPositive();
    assertThat(link.swallowed()).isEqualTo(5);
    trial.judged(stale + 10, 10);
    trial.figures().figure(LOST_MESSAGE, longest);
    stalled = trial.figures().stalls().millis() - stalled;
    assertThat(longest)
        .isLessThan(TimeUnit.MILLISECONDS.toNanos(1_500 + Trial.SLACK_MILLIS + stalled));
  }
}
