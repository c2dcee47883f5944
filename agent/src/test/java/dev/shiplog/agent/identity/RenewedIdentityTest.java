package dev.shiplog.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterUnavailableException;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates here live for a day. */
final class RenewedIdentityTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;

  private final ManualTimers timers = new ManualTimers(START);
  private final Deque<Identity> offered = new ArrayDeque<>();
  private final List<Identity> told = new ArrayList<>();
  private RenewedIdentity renewed;
  private Identity first;

  @BeforeEach
  void start() {
    first = identity(START);
    renewed =
        new RenewedIdentity(
            directory.resolve("pki/node.pem"),
            first,
            this::next,
            new AgentServices(
                new InMemoryCluster(),
                timers,
                Runnable::run,
                new Random(1),
                (what, cause) -> {
                  throw new AssertionError(what, cause);
                }));
    renewed.onChange(told::add);
    renewed.start();
  }

  private Identity next() {
    if (offered.isEmpty()) {
      throw new ClusterUnavailableException("nobody is there", null);
    }
    return offered.pop();
  }

  private static Identity identity(Instant from) {
    return CertificateRequests.unconfirmed(Wanted.client("n1"), from);
  }

  @Test
  void itStaysUntilMostOfItsLifeIsOver() {
    offered.add(identity(START.plus(Duration.ofHours(16))));

    timers.advance(Duration.ofHours(16));

    assertThat(renewed.current()).isEqualTo(first);
  }

  @Test
  void itIsReplacedInTimeInTheFileAndForThoseWhoListen() {
    Identity second = identity(START.plus(Duration.ofHours(20)));
    offered.add(second);

    timers.advance(Duration.ofHours(22));

    assertThat(renewed.current()).isEqualTo(second);
    assertThat(Identity.read(renewed.file())).contains(second);
    assertThat(told).containsExactly(second);
  }

  @Test
  void anIdentityThatCannotBeHadIsAskedForAgain() {
    Identity second = identity(START.plus(Duration.ofHours(22)));

    timers.advance(Duration.ofHours(22));
    assertThat(renewed.current()).isEqualTo(first);
    offered.add(second);
    timers.advance(RenewedIdentity.AGAIN_AFTER);

    assertThat(renewed.current()).isEqualTo(second);
  }

  @Test
  void whatReplacedItIsRenewedInItsTurn() {
    Identity third = identity(START.plus(Duration.ofHours(44)));
    offered.add(identity(START.plus(Duration.ofHours(20))));
    offered.add(third);

    timers.advance(Duration.ofHours(22));
    timers.advance(Duration.ofHours(22));

    assertThat(renewed.current()).isEqualTo(third);
  }

  @Test
  void onceClosedItAsksNoMore() {
    offered.add(identity(START));

    renewed.close();
    timers.advance(Duration.ofHours(24));

    assertThat(renewed.current()).isEqualTo(first);
  }
}
