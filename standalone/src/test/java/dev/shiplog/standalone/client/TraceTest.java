package dev.shiplog.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TraceTest {

  private final Trace trace =
      new Trace(change("0.000", "Create", "Deployment", "web", "d", "", "admin", "{}", "{}"));

  private static JsonNode change(
      String second,
      String operation,
      String kind,
      String name,
      String uid,
      String owner,
      String user,
      String before,
      String after) {
    String owners = owner.isEmpty() ? "" : "{\"uid\":\"%s\"}".formatted(owner);
    String text =
        """
        {"operation":"%s","time":"2026-01-01T00:00:0%sZ",
         "object":{"kind":"%s","name":"%s","uid":"%s"},
         "request":{"user":{"username":"%s"}},
         "before":{"status":%s},
         "after":{"metadata":{"ownerReferences":[%s]},"status":%s}}
        """
            .formatted(operation, second, kind, name, uid, user, before, owners, after);
    return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  private void create(String second, String kind, String name, String owner, String controller) {
    String user = "system:serviceaccount:kube-system:" + controller;
    trace.take(change(second, "Create", kind, name, name, owner, user, "{}", "{}"));
  }

  @Test
  void whatAnObjectOwnsStandsBelowItWithItsTimes() {
    create("0.012", "ReplicaSet", "web-1", "d", "deployment-controller");
    create("0.030", "Pod", "web-1-a", "web-1", "replicaset-controller");
    create("1.000", "Pod", "web-1-b", "web-1", "replicaset-controller");

    assertThat(trace.lines())
        .containsExactly(
            "deployment/web",
            "     +0.000 s  create, by admin",
            "    replicaset/web-1",
            "         +0.012 s  create, by deployment-controller",
            "        pod/web-1-a",
            "             +0.030 s  create, by replicaset-controller",
            "        pod/web-1-b",
            "             +1.000 s  create, by replicaset-controller");
  }

  @Test
  void whatBelongsToNoneOfThemIsLeftOut() {
    create("0.010", "Pod", "other", "stranger", "replicaset-controller");
    create("0.020", "ConfigMap", "alone", "", "nobody");

    assertThat(trace.lines()).hasSize(2);
  }

  @Test
  void aChangeOfTheStatusSaysWhatCameToBe() {
    trace.take(
        change(
            "0.500",
            "Update",
            "Deployment",
            "web",
            "d",
            "",
            "system:node:n1",
            "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]}",
            "{\"a\":1,\"b\":2,\"c\":3,\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],"
                + "\"containerStatuses\":[{\"name\":\"c\",\"state\":{\"running\":{}}}]}"));

    assertThat(trace.lines().getLast())
        .contains("phase: Pending → Running", "containers started: c", "conditions: Ready")
        .endsWith("by node:n1");
  }
}
