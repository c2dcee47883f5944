package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EvictionTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  private void pod(String name, String phase, boolean ready) {
    http.post(
        "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    Reply created =
        http.post(
            PODS,
            "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"budget\":\"%s\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"
                .formatted(name, name));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    Reply status =
        http.send(
            "PATCH",
            PODS + "/" + name + "/status",
            "{\"status\":{\"phase\":\"%s\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}"
                .formatted(phase, ready ? "True" : "False"),
            "Content-Type",
            "application/merge-patch+json");
    assertThat(status.code()).as(status.text()).isEqualTo(200);
  }

  private void budget(String name, int allowed, int observed) {
    http.post(
        BUDGETS,
        "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"minAvailable\":1,\"selector\":{\"matchLabels\":{\"budget\":\"%s\"}}}}"
            .formatted(name, name));
    Reply status =
        http.send(
            "PATCH",
            BUDGETS + "/" + name + "/status",
            "{\"status\":{\"observedGeneration\":%d,\"disruptionsAllowed\":%d,\"desiredHealthy\":1,\"currentHealthy\":0,\"expectedPods\":1}}"
                .formatted(observed, allowed),
            "Content-Type",
            "application/merge-patch+json");
    assertThat(status.code()).as(status.text()).isEqualTo(200);
  }

  private Reply evict(String name, String query) {
    return http.post(
        PODS + "/" + name + "/eviction" + query,
        "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"%s\"}}"
            .formatted(name));
  }

  private boolean goes(String name) {
    Reply pod = http.get(PODS + "/" + name);
    return pod.code() == 404 || pod.json().path("metadata").has("deletionTimestamp");
  }

  @Test
  void aBudgetWithoutDisruptionsLeftRefuses() {
    pod("guarded", "Running", true);
    budget("guarded", 0, 1);

    Reply reply = evict("guarded", "");

    assertThat(reply.code()).isEqualTo(429);
    assertThat(reply.json().at("/details/causes/0/reason").asText()).isEqualTo("DisruptionBudget");
    assertThat(reply.text()).contains("needs 1 healthy pods and has 0 currently");
    assertThat(goes("guarded")).isFalse();
  }

  @Test
  void anEvictionTakesADisruptionFromTheBudget() {
    pod("evicted", "Running", true);
    budget("evicted", 1, 1);

    assertThat(evict("evicted", "").code()).isEqualTo(201);

    var status = http.get(BUDGETS + "/evicted").json().path("status");
    assertThat(status.path("disruptionsAllowed").asInt()).isZero();
    assertThat(status.path("disruptedPods").has("evicted")).isTrue();
    assertThat(goes("evicted")).isTrue();
  }

  @Test
  void aDryRunTakesNothing() {
    pod("rehearsed", "Running", true);
    budget("rehearsed", 1, 1);

    assertThat(evict("rehearsed", "?dryRun=All").code()).isEqualTo(201);

    assertThat(http.get(BUDGETS + "/rehearsed").json().at("/status/disruptionsAllowed").asInt())
        .isEqualTo(1);
    assertThat(goes("rehearsed")).isFalse();
  }

  @Test
  void aBudgetThatIsNotSeenToYetAsksToComeBack() {
    pod("early", "Running", true);
    budget("early", 1, 0);

    Reply reply = evict("early", "");

    assertThat(reply.code()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).isEqualTo("10");
  }

  @Test
  void aPodThatDoesNotRunNeedsNoBudget() {
    pod("ended", "Succeeded", false);
    budget("ended", 0, 1);

    assertThat(evict("ended", "").code()).isEqualTo(201);
    assertThat(goes("ended")).isTrue();
  }

  @Test
  void anEvictionOfWhatIsNotThereIsNotFound() {
    assertThat(evict("nobody", "").code()).isEqualTo(404);
  }
}
