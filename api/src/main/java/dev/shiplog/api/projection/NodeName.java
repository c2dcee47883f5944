package dev.shiplog.api.projection;

import dev.shiplog.topics.record.JsonBytes;

/** Finds {@code spec.nodeName} in a pod without building a tree. */
final class NodeName {

  private NodeName() {}

  /** The node a stored pod is bound to; empty if it is not bound. */
  static String of(byte[] pod) {
    return JsonBytes.text(pod, "spec", "nodeName").orElse("");
  }
}
