package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A disk that a pod names in its own spec, and that pods of one node may not share as they like.
 *
 * @param identity the kind of disk and what tells it from others
 * @param monitors who serves it, where disks of one name are the same only if one of them does both
 * @param readOnly whether pods that only read may share it with this one
 */
public record Disk(String identity, List<String> monitors, boolean readOnly) {

  public Disk {
    monitors = List.copyOf(monitors);
  }

  /** Whether one node cannot have both. */
  public boolean conflictsWith(Disk other) {
    boolean same = monitors.isEmpty() || !Collections.disjoint(monitors, other.monitors);
    return identity.equals(other.identity) && same && !(readOnly && other.readOnly);
  }

  /** Those of a pod. */
  static List<Disk> of(JsonNode spec) {
    List<Disk> disks = List.of();
    for (JsonNode volume : spec.path("volumes")) {
      Disk disk = read(volume);
      if (disk != null) {
        disks = disks.isEmpty() ? new ArrayList<>(1) : disks;
        disks.add(disk);
      }
    }
    return disks;
  }

  private static Disk read(JsonNode volume) {
    if (volume.has("gcePersistentDisk")) {
      return shared("gce", volume.get("gcePersistentDisk"), "pdName");
    }
    if (volume.has("iscsi")) {
      return shared("iscsi", volume.get("iscsi"), "iqn");
    }
    if (volume.has("awsElasticBlockStore")) {
      // Nor may two that only read share it.
      String id = volume.get("awsElasticBlockStore").path("volumeID").asText();
      return new Disk("ebs/" + id, List.of(), false);
    }
    return volume.has("rbd") ? rbd(volume.get("rbd")) : null;
  }

  private static Disk shared(String kind, JsonNode source, String name) {
    return new Disk(
        kind + "/" + source.path(name).asText(), List.of(), source.path("readOnly").asBoolean());
  }

  private static Disk rbd(JsonNode source) {
    return new Disk(
        "rbd/" + source.path("pool").asText("rbd") + "/" + source.path("image").asText(),
        Fields.list(source.path("monitors"), JsonNode::asText),
        source.path("readOnly").asBoolean());
  }
}
