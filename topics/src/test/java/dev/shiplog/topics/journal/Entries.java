package dev.shiplog.topics.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One entry of each kind, every field filled with something of its own. */
final class Entries {

  private static final StorageResource DEPLOYMENTS = StorageResource.of("deployments", "apps");
  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final StorageResource WIDGETS =
      new StorageResource("widgets", "example.org", "c0ffee");

  private Entries() {}

  static Entry.Claim claim() {
    return new Entry.Claim(
        300, "api-1", "https://10.0.0.1:6443", 1_767_225_600_123L, "cluster-1", 9_000_000_000L);
  }

  static Entry.Heartbeat heartbeat() {
    return new Entry.Heartbeat(300, 127, 1_767_225_600_124L);
  }

  static Entry.Commit commit(long epoch, long sequence) {
    return new Entry.Commit(
        epoch,
        sequence,
        1_767_225_600_125L,
        byHand(),
        List.of(
            new Change(DEPLOYMENTS, "default/web", 1001, null, json("{\"spec\":{\"é\":\"☃\"}}")),
            new Change(NODES, "node-1", 1002, json("{\"a\":1}"), json("{\"a\":2}")),
            new Change(
                WIDGETS, "default/w", 1003, new SealedValue((byte) 2, new byte[] {0, -1}), null)));
  }

  static Entry.Skip skip(long epoch, long sequence) {
    return new Entry.Skip(
        epoch,
        sequence,
        1_767_225_600_126L,
        byCommand(),
        new CommandResult(409, "AlreadyExists", "pods \"web-0\" already exists", "pods", 77));
  }

  static Entry.Mark mark() {
    return new Entry.Mark("api-2", -5);
  }

  private static Origin byHand() {
    return new Origin(
        "audit-1",
        "patch",
        "/apis/apps/v1/namespaces/default/deployments/web?fieldManager=kubectl",
        new UserInfo(
            "jane",
            "u-1",
            List.of("dev", "system:authenticated"),
            Map.of("scopes", List.of("a", "b"), "agent", List.of("c"))),
        List.of("192.0.2.7", "10.0.0.9"),
        "kubectl/v1.34",
        1_767_225_600_100L,
        Optional.empty());
  }

  private static Origin byCommand() {
    return new Origin(
        "audit-2",
        "create",
        "",
        UserInfo.of("system:serviceaccount:kube-system:replicaset-controller"),
        List.of(),
        "",
        1_767_225_600_101L,
        Optional.of(
            new CommandRef("topic-id", 0, 4711, "c-9", "controllers", 3, "pods./default/web-0")));
  }

  private static SealedValue json(String json) {
    return SealedValue.plain(json.getBytes(UTF_8));
  }
}
