package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OverloadTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  @Test
  void everyClusterHasTheUsualFlowSchemasAndLevels() {
    String group = "/apis/flowcontrol.apiserver.k8s.io/v1/";

    assertThat(http.get(group + "flowschemas").json().path("items")).hasSize(13);
    assertThat(http.get(group + "prioritylevelconfigurations").json().path("items")).hasSize(8);
  }

  @Test
  void anAnswerNamesTheSchemaThatSortedTheRequest() {
    Reply reply = http.get(MAPS);

    assertThat(reply.header("X-Kubernetes-PF-FlowSchema-UID")).isNotEmpty();
    assertThat(reply.header("X-Kubernetes-PF-PriorityLevel-UID")).isNotEmpty();
  }

  @Test
  void aPackedBodyIsNotUnpacked() {
    Reply reply = http.post(MAPS, "xx", "Content-Encoding", "gzip");

    assertThat(reply.code()).isEqualTo(415);
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() {
    String large = "x".repeat(BodyReader.LIMIT);

    Reply reply =
        http.post(
            MAPS, AdmissionApi.object("v1", "ConfigMap", "a", "'data':{'a':'" + large + "'}"));

    assertThat(reply.code()).isEqualTo(413);
  }

  @Test
  void whatIsNestedTooDeepIsRefused() {
    String deep = "[".repeat(2000) + "]".repeat(2000);

    Reply reply =
        http.post(MAPS, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":" + deep + "}");

    assertThat(reply.code()).isEqualTo(400);
  }

  @Test
  void aliasesThatStandForTooMuchAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
    }

    Reply reply = http.post(MAPS, bomb.toString(), "Content-Type", "application/yaml");

    assertThat(reply.code()).isEqualTo(400);
  }
}
