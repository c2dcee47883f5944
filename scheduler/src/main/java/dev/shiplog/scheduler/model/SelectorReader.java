package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Reads the selectors of workloads as they are stored. */
public final class SelectorReader {

  private SelectorReader() {}

  /** A map of labels, as Services and ReplicationControllers have; empty where it is missing. */
  public static Map<String, String> labels(JsonNode selector) {
    return Fields.strings(selector);
  }

  /**
   * A meta/v1 LabelSelector; one that is missing selects nothing.
   *
   * @throws IllegalArgumentException if it holds what no valid selector can
   */
  public static LabelSelector labelSelector(JsonNode selector) {
    return Fields.labelSelector(selector);
  }
}
