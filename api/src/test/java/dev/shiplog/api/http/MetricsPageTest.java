package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of requests and of the journal, as Prometheus reads it. */
@QuarkusTest
class MetricsPageTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp admin;

  @BeforeEach
  void connect() {
    admin = new RawHttp(server.getPort(), "admin-token");
  }

  /** The value of a sample; 0 if it is not there. */
  private double sample(String nameAndLabels) {
    return page()
        .lines()
        .filter(line -> line.startsWith(nameAndLabels + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(0);
  }

  private String page() {
    Reply reply = admin.get("/metrics");
    assertThat(reply.code()).isEqualTo(200);
    return reply.text();
  }

  private static String requests(
      String code, String resource, String scope, String subresource, String verb) {
    return ("apiserver_request_total{code=\"%s\",component=\"apiserver\",dry_run=\"\",group=\"\","
            + "resource=\"%s\",scope=\"%s\",subresource=\"%s\",verb=\"%s\",version=\"v1\"}")
        .formatted(code, resource, scope, subresource, verb);
  }

  @Test
  void requestsAreCountedByVerbResourceScopeAndCode() {
    String listed = requests("200", "configmaps", "namespace", "", "LIST");
    String missed = requests("404", "configmaps", "resource", "", "GET");
    double listedBefore = sample(listed);
    double missedBefore = sample(missed);
    admin.get(MAPS);
    admin.get(MAPS);
    admin.get(MAPS + "/nothing");
    assertThat(sample(listed)).isEqualTo(listedBefore + 2);
    assertThat(sample(missed)).isEqualTo(missedBefore + 1);
  }

  @Test
  void whatIsRefusedIsCountedWhereItWasAskedFor() {
    String refused = requests("403", "secrets", "cluster", "", "LIST");
    double before = sample(refused);
    double denied = sample("authorization_attempts_total{result=\"denied\"}");
    assertThat(new RawHttp(server.getPort(), "user-token").get("/api/v1/secrets").code())
        .isEqualTo(403);
    assertThat(sample(refused)).isEqualTo(before + 1);
    assertThat(sample("authorization_attempts_total{result=\"denied\"}")).isGreaterThan(denied);
  }

  @Test
  void aTokenThatNobodyKnowsIsCounted() {
    String failed = "authentication_attempts{result=\"failure\"}";
    double before = sample(failed);
    assertThat(new RawHttp(server.getPort(), "no-such-token").get(MAPS).code()).isEqualTo(401);
    assertThat(sample(failed)).isEqualTo(before + 1);
  }

  @Test
  void noLabelIsTakenFromWhatAClientMadeUp() {
    admin.get("/api/v1/namespaces/default/madeupthings/x");
    admin.get("/apis/made.up/v9/madeupthings");
    admin.get("/madeuppath");
    admin.get(MAPS + "/x/madeupsubresource");
    assertThat(page()).doesNotContain("madeup").doesNotContain("made.up");
  }

  @Test
  void aWriteShowsInTheCommitsAndInTheObjectsStored() {
    double committed = sample("shiplog_commits_total{result=\"committed\"}");
    double maps = sample("apiserver_storage_objects{resource=\"configmaps\"}");
    admin.post(
        MAPS, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}");
    assertThat(sample("shiplog_commits_total{result=\"committed\"}")).isGreaterThan(committed);
    assertThat(sample("apiserver_storage_objects{resource=\"configmaps\"}")).isEqualTo(maps + 1);
    admin.delete(MAPS + "/m");
  }

  @Test
  void theServerSaysThatItLeadsAndHowFarItIs() {
    assertThat(sample("shiplog_journal_leader")).isEqualTo(1);
    assertThat(sample("shiplog_journal_epoch")).isPositive();
    assertThat(sample("shiplog_revision")).isPositive();
    assertThat(sample("shiplog_journal_append_to_apply_duration_seconds_count")).isPositive();
  }

  @Test
  void thePageIsForThoseWhoMaySeeIt() {
    assertThat(new RawHttp(server.getPort(), "user-token").get("/metrics").code()).isEqualTo(403);
    assertThat(new RawHttp(server.getPort(), "").get("/metrics").code()).isEqualTo(401);
  }

  @Test
  void thePageIsAskedForByGetAndIsText() {
    admin.get(MAPS);
    Reply page = admin.get("/metrics");
    assertThat(page.header("content-type")).startsWith("text/plain; version=0.0.4");
    assertThat(page.text())
        .contains("# TYPE apiserver_request_total counter")
        .contains("# TYPE apiserver_request_duration_seconds histogram")
        .contains("apiserver_current_inflight_requests{request_kind=\"mutating\"}")
        .contains("apiserver_flowcontrol_nominal_limit_seats{priority_level=\"exempt\"}");
  }
}
