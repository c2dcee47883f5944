package dev.shiplog.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TokenSourceTest {

  private final ManualTimers timers = new ManualTimers(Instant.parse("2026-01-01T00:00:00Z"));
  private final TokenSource source = new TokenSource(new InMemoryCluster(), timers);

  @Test
  void aTokenIsRenewedAfterFourFifthsOfItsLife() {
    String first = token();

    timers.advance(Duration.ofMinutes(47));
    assertThat(token()).isEqualTo(first);
    timers.advance(Duration.ofMinutes(1));

    assertThat(token()).isNotEqualTo(first);
  }

  @Test
  void aTokenIsRenewedInTimeWhenTheClockIsSetBack() {
    String first = token();

    timers.setClock(Duration.ofHours(-1));
    timers.advance(Duration.ofMinutes(48));

    assertThat(token()).isNotEqualTo(first);
  }

  private String token() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("web")
            .withUid("uid-of-web")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    return source.token(pod, null, 3600L).token();
  }
}
