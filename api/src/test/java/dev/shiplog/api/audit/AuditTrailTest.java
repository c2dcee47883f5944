package dev.shiplog.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.record.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of requests that changed nothing, and what becomes of it where the log is slow. */
final class AuditTrailTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final UserInfo JANE = UserInfo.of("jane", "developers");

  private final List<JsonNode> events = new ArrayList<>();
  private final List<CompletableFuture<Long>> underWay = new ArrayList<>();
  private final AuditTrail trail =
      new AuditTrail(
          AuditPolicy.standard(), HeldLog::new, new TopicNames("t"), "server-1", () -> NOW);

  /** Answers when the test says so. */
  private final class HeldLog implements LogWriter {
    @Override
    public CompletableFuture<Long> append(Partition partition, LogRecord record) {
      assertThat(partition).isEqualTo(Partition.only("t.audit"));
      events.add(Json.read(record.value(), JsonNode.class));
      CompletableFuture<Long> appended = new CompletableFuture<>();
      underWay.add(appended);
      return appended;
    }

    @Override
    public void close() {}
  }

  private static SeenRequest request(String verb, String resource, boolean dryRun) {
    return seen(JANE, new Attributes(verb, "", "v1", resource, "", "team", "x", ""), dryRun);
  }

  private static SeenRequest seen(UserInfo sender, Attributes asked, boolean dryRun) {
    return new SeenRequest(
        "id", "/uri", sender, Optional.empty(), asked, List.of("10.0.0.1"), "c", 0, dryRun);
  }

  @ParameterizedTest
  @CsvSource({
    "get, secrets, 200, true",
    "list, secrets, 200, true",
    "get, configmaps, 200, false",
    "get, configmaps, 403, true",
    "get, configmaps, 404, false",
    "update, configmaps, 409, true",
    "create, configmaps, 422, true",
    "create, configmaps, 201, false",
    "delete, configmaps, 200, false"
  })
  void refusalsAndLooksAtSecretsAreToldAndChangesAreLeftToTheJournal(
      String verb, String resource, int code, boolean told) {
    trail.answered(request(verb, resource, false), code);

    assertThat(events).hasSize(told ? 1 : 0);
  }

  @Test
  void aDryRunThatWouldChangeSomethingIsTold() {
    trail.answered(request("create", "configmaps", true), 201);

    assertThat(events).hasSize(1);
  }

  @Test
  void anEventSaysWhoAskedWhatAndWhatCameOfIt() {
    trail.answered(request("get", "secrets", false), 403);

    JsonNode event = events.getFirst();
    assertThat(event.path("apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
    assertThat(event.path("level").asText()).isEqualTo("Metadata");
    assertThat(event.path("stage").asText()).isEqualTo("ResponseComplete");
    assertThat(event.at("/user/username").asText()).isEqualTo("jane");
    assertThat(event.at("/objectRef/resource").asText()).isEqualTo("secrets");
    assertThat(event.at("/objectRef/namespace").asText()).isEqualTo("team");
    assertThat(event.at("/responseStatus/code").asInt()).isEqualTo(403);
    assertThat(event.at("/sourceIPs/0").asText()).isEqualTo("10.0.0.1");
    assertThat(event.path("annotations").path("authorization.k8s.io/decision").asText())
        .isEqualTo("forbid");
  }

  @Test
  void whoActsAsSomebodyElseIsNamedBesideWhomTheyActAs() {
    trail.answered(
        new SeenRequest(
            "id",
            "/uri",
            JANE,
            Optional.of(UserInfo.of("root")),
            new Attributes("get", "", "v1", "secrets", "", "team", "x", ""),
            List.of(),
            "",
            0,
            false),
        200);

    assertThat(events.getFirst().at("/user/username").asText()).isEqualTo("jane");
    assertThat(events.getFirst().at("/impersonatedUser/username").asText()).isEqualTo("root");
  }

  @Test
  void nobodysRequestsAreToldUnlessTheyAreAboutHealth() {
    trail.answered(
        seen(Authentication.ANONYMOUS, Attributes.ofPath("get", "/version"), false), 401);
    trail.answered(
        seen(Authentication.ANONYMOUS, Attributes.ofPath("post", "/healthz"), false), 403);

    assertThat(events).hasSize(1);
  }

  @Test
  void whatComesWhileTheLogIsSlowIsLostAndCounted() {
    for (int i = 0; i < 1_500; i++) {
      trail.answered(request("get", "secrets", false), 200);
    }

    assertThat(events).hasSize(1_000);
    assertThat(trail.lost()).isEqualTo(500);
    underWay.forEach(appended -> appended.complete(1L));
    trail.answered(request("get", "secrets", false), 200);
    assertThat(events).hasSize(1_001);
    assertThat(trail.written()).isEqualTo(1_000);
  }

  @Test
  void anAppendThatFailsIsCountedAsLost() {
    trail.answered(request("get", "secrets", false), 200);
    underWay.getFirst().completeExceptionally(new LogUnavailableException("away"));

    assertThat(trail.lost()).isEqualTo(1);
    assertThat(trail.written()).isZero();
  }
}
