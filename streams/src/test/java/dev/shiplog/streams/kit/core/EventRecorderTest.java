package dev.shiplog.streams.kit.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

  private final EventRecorder recorder = new EventRecorder(7);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theFirstTellingMakesAnEventOfTheObject() {
    CommandRequest command = tell("Failed", "no room").orElseThrow();

    assertThat(command.verb()).isEqualTo(Verb.CREATE);
    assertThat(command.target().namespace()).isEqualTo("ns");
    assertThat(command.body().at("/involvedObject/uid").asText()).isEqualTo("uid-p");
    assertThat(command.body().at("/source/component").asText()).isEqualTo("scripted");
    assertThat(command.body().at("/type").asText()).isEqualTo("Warning");
    assertThat(command.body().at("/count").asInt()).isEqualTo(1);
  }

  @Test
  void theSameAgainCountsUpThatEvent() {
    String name = tell("Failed", "no room").orElseThrow().target().name();

    CommandRequest again = tell("Failed", "no room").orElseThrow();

    assertThat(again.verb()).isEqualTo(Verb.PATCH);
    assertThat(again.target().name()).isEqualTo(name);
    assertThat(again.body().at("/count").asInt()).isEqualTo(2);
  }

  @Test
  void anEventThatMayHaveExpiredIsMadeAnew() {
    tell("Failed", "no room");
    now = now.plus(Duration.ofHours(1));

    assertThat(tell("Failed", "no room").orElseThrow().verb()).isEqualTo(Verb.CREATE);
  }

  @Test
  void manyMessagesOfOneReasonBecomeOneEvent() {
    for (int i = 0; i < 10; i++) {
      assertThat(tell("Failed", "message " + i).orElseThrow().verb()).isEqualTo(Verb.CREATE);
    }

    CommandRequest combined = tell("Failed", "message 10").orElseThrow();
    CommandRequest next = tell("Failed", "message 11").orElseThrow();

    assertThat(combined.body().at("/message").asText()).contains("combined", "message 10");
    assertThat(next.verb()).isEqualTo(Verb.PATCH);
    assertThat(next.target().name()).isEqualTo(combined.target().name());
    assertThat(next.body().at("/message").asText()).contains("message 11");
  }

  @Test
  void anObjectCannotFloodTheClusterWithEvents() {
    int told = 0;
    for (int i = 0; i < 1000; i++) {
      told += tell("Failed", "no room").isPresent() ? 1 : 0;
    }

    assertThat(told).isEqualTo(25);
    now = now.plus(Duration.ofMinutes(5));
    assertThat(tell("Failed", "no room")).isPresent();
    assertThat(tell("Failed", "no room")).isEmpty();
  }

  private Optional<CommandRequest> tell(String reason, String message) {
    return recorder.record(
        "system:serviceaccount:kube-system:scripted",
        EventRequest.warning(ResourceTypes.PODS, pod(), reason, message),
        now);
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName("p")
        .withUid("uid-p")
        .endMetadata()
        .build();
  }
}
