package dev.shiplog.api.access.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.access.AuthorizerChain;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.access.Patience;
import dev.shiplog.api.http.WebhookServer;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks that know senders and decide, over HTTPS with a certificate of their own. */
final class AccessWebhooksTest {

  private static final Attributes GET_POD =
      new Attributes("get", "", "v1", "pods", "", "team", "p", "");
  private static final UserInfo JANE = UserInfo.of("jane", "developers");

  @TempDir private Path directory;

  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private WebhookServer server;
  private WebhookConnection connection;
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");

  @BeforeEach
  void serve() throws Exception {
    server = new WebhookServer("webhook.example.com");
    connection = WebhookConnection.read(kubeconfig("/review"), vertx);
  }

  @AfterEach
  void stop() {
    connection.close();
    server.close();
    var _ = vertx.close();
  }

  private Path kubeconfig(String path) throws IOException {
    Path file = directory.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: w, cluster: {server: "%s", certificate-authority-data: %s}}]
        users: [{name: u, user: {token: secret}}]
        contexts: [{name: c, context: {cluster: w, user: u}}]
        current-context: c
        """
            .formatted(server.url(path), server.caBundle()));
    return file;
  }

  /** Has the webhook answer reviews so. */
  private void answer(Consumer<ObjectNode> status) {
    server.reply(
        "/review",
        review -> {
          asked.add(review);
          ObjectNode answered = Json.MAPPER.createObjectNode();
          status.accept(answered.putObject("status"));
          return answered;
        });
  }

  private SubjectWebhook authorizer(boolean failureDenies, String... conditions) {
    return new SubjectWebhook(
        connection,
        new SubjectWebhook.Settings(
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            failureDenies,
            new ReviewConditions(List.of(conditions))),
        () -> now);
  }

  private static Decision decide(Authorizer authorizer) {
    return Patience.await(() -> authorizer.authorize(JANE, GET_POD));
  }

  private TokenWebhook webhook() {
    return new TokenWebhook(connection, List.of("here"), Duration.ofMinutes(2), () -> now);
  }

  @Test
  void aTokenNamesWhomTheWebhookKnows() {
    answer(status -> {
      ObjectNode user = status.put("authenticated", true).putObject("user");
      user.put("username", "jane").put("uid", "42").putArray("groups").add("developers");
      user.putObject("extra").putArray("example.com/a").add("b");
    });
    TokenWebhook webhook = webhook();

    assertThat(Patience.await(() -> webhook.authenticate(Credentials.ofToken("t"))))
        .contains(
            new UserInfo(
                "jane", "42", List.of("developers"), Map.of("example.com/a", List.of("b"))));
    assertThat(asked.getFirst().at("/spec").toString())
        .isEqualTo("{\"token\":\"t\",\"audiences\":[\"here\"]}");
    assertThat(asked.getFirst().at("/apiVersion").asText()).isEqualTo("authentication.k8s.io/v1");
  }

  @Test
  void anAnswerIsGoodForItsTimeAndNoLonger() {
    answer(status -> status.put("authenticated", true).putObject("user").put("username", "jane"));
    TokenWebhook webhook = webhook();

    for (int i = 0; i < 5; i++) {
      assertThat(Patience.await(() -> webhook.authenticate(Credentials.ofToken("t")))).isPresent();
    }
    assertThat(asked).hasSize(1);
    now = now.plus(Duration.ofMinutes(3));
    assertThat(Patience.await(() -> webhook.authenticate(Credentials.ofToken("t")))).isPresent();
    assertThat(asked).hasSize(2);
  }

  @Test
  void aTokenForSomebodyElsesServerIsNotTaken() {
    answer(status -> {
      status.put("authenticated", true).putObject("user").put("username", "jane");
      status.putArray("audiences").add("elsewhere");
    });
    TokenWebhook webhook = webhook();

    assertThat(Patience.await(() -> webhook.authenticate(Credentials.ofToken("t")))).isEmpty();
    assertThat(Patience.await(() -> webhook.authenticate(Credentials.ofToken("t", "elsewhere"))))
        .isPresent();
  }

  @Test
  void nobodyIsKnownWhereTheWebhookFails() {
    server.reply("/review", review -> null);
    TokenWebhook webhook = webhook();

    assertThat(Patience.await(() -> webhook.authenticate(Credentials.ofToken("t")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, false, true, false", "false, false, false, false", "false, true, false, true"})
  void theWebhookAllowsHasNoOpinionOrRefuses(
      boolean allowed, boolean denied, boolean isAllowed, boolean isRefused) {
    answer(status -> status.put("allowed", allowed).put("denied", denied).put("reason", "why"));

    assertThat(decide(authorizer(false))).isEqualTo(new Decision(isAllowed, isRefused, "why"));
    JsonNode spec = asked.getFirst().path("spec");
    assertThat(spec.at("/resourceAttributes/resource").asText()).isEqualTo("pods");
    assertThat(spec.at("/resourceAttributes/namespace").asText()).isEqualTo("team");
    assertThat(spec.at("/user").asText()).isEqualTo("jane");
    assertThat(spec.at("/groups/0").asText()).isEqualTo("developers");
  }

  @Test
  void aRefusalOutranksWhoWouldAllow() {
    answer(status -> status.put("allowed", false).put("denied", true));
    Authorizer chain =
        new AuthorizerChain(
            List.of(authorizer(false), (user, attributes) -> Decision.allow("anything")));

    assertThat(decide(chain).allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFailurePolicyDecidesWhereItFails(boolean denies) {
    server.reply("/review", review -> null);

    assertThat(decide(authorizer(denies)).refused()).isEqualTo(denies);
    assertThat(decide(authorizer(denies)).allowed()).isFalse();
  }

  @Test
  void itIsAskedOnlyWhereAllConditionsHold() {
    answer(status -> status.put("allowed", true));

    assertThat(
            decide(authorizer(true, "request.user == 'jane'", "has(request.resourceAttributes)")))
        .matches(Decision::allowed);
    assertThat(decide(authorizer(true, "request.user != 'jane'"))).isEqualTo(Decision.deny(""));
    assertThat(decide(authorizer(true, "request.nothing == 1")).refused()).isTrue();
    assertThat(asked).hasSize(1);
  }

  @Test
  void aYesIsGoodLongerThanANo() {
    answer(status -> status.put("allowed", asked.size() > 1));
    SubjectWebhook webhook = authorizer(false);

    assertThat(decide(webhook).allowed()).isFalse();
    now = now.plusSeconds(31);
    assertThat(decide(webhook).allowed()).isTrue();
    now = now.plusSeconds(31);
    assertThat(decide(webhook).allowed()).isTrue();
    assertThat(asked).hasSize(2);
  }

  @Test
  void theFileSaysWhoDecidesInWhichOrder() throws Exception {
    AuthorizationConfiguration read =
        AuthorizationConfiguration.read(
            file(
                """
                - {type: Node, name: node}
                - type: Webhook
                  name: outside
                  webhook:
                    authorizedTTL: 5m
                    unauthorizedTTL: 30s
                    timeout: 3s
                    subjectAccessReviewVersion: v1
                    matchConditionSubjectAccessReviewVersion: v1
                    failurePolicy: Deny
                    connectionInfo: {type: KubeConfigFile, kubeConfigFile: /etc/webhook}
                    matchConditions: [{expression: has(request.resourceAttributes)}]
                - {type: RBAC, name: rbac}
                """));

    assertThat(read.authorizers())
        .extracting(AuthorizationConfiguration.Entry::type)
        .containsExactly("Node", "Webhook", "RBAC");
    SubjectWebhook.Settings settings = read.authorizers().get(1).webhook().settings();
    assertThat(settings.allowedLasts()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.failureDenies()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{type: ABAC, name: a}]",
        "[{type: Webhook, name: w}]",
        "[{type: RBAC, name: r, extra: 1}]",
        "[{type: Webhook, name: w, webhook: {timeout: 3s, authorizedTTL: 1m, unauthorizedTTL: 1m,"
            + " subjectAccessReviewVersion: v1, failurePolicy: Ignore}}]"
      })
  void aFileThatMakesNoSenseIsRefused(String authorizers) throws Exception {
    Path file = file(authorizers);

    assertThatThrownBy(() -> AuthorizationConfiguration.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("authorization.yaml");
  }

  private Path file(String authorizers) throws IOException {
    Path file = directory.resolve("authorization.yaml");
    Files.writeString(
        file,
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n"
            + authorizers.indent(2));
    return file;
  }
}
