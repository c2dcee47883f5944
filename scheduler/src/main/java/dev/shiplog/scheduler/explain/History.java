package dev.shiplog.scheduler.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Objects as they were. */
@FunctionalInterface
public interface History {

  /** Stands for the newest revision. */
  long NOW = 0;

  /**
   * All objects of a resource.
   *
   * @param path of the resource in the API, for example {@code /api/v1/nodes}
   * @param revision at which; {@link #NOW} for the newest
   */
  List<JsonNode> list(String path, long revision);
}
