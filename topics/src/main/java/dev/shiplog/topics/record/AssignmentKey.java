package dev.shiplog.topics.record;

import dev.shiplog.topics.catalogue.Partition;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Key of an assignment: a pod, and the node it is bound to. The value is the pod as stored; a
 * tombstone says that the pod is gone from the node.
 */
public record AssignmentKey(String node, String namespace, String pod) {

  /**
   * The inverse of {@link #text}.
   *
   * @throws IllegalArgumentException if the text is no such key
   */
  public static AssignmentKey parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not node/namespace/pod: " + text);
    }
    return new AssignmentKey(parts[0], parts[1], parts[2]);
  }

  public String text() {
    return node + "/" + namespace + "/" + pod;
  }

  /** The partition that holds a node's pods, of a topic with so many partitions. */
  public static Partition partitionOf(String topic, String node, int partitions) {
    CRC32C crc = new CRC32C();
    crc.update(node.getBytes(StandardCharsets.UTF_8));
    return new Partition(topic, (int) (crc.getValue() % partitions));
  }
}
