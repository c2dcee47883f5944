package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Jobs: unless told otherwise, a Job selects its pods by its own uid. */
final class JobRules implements ResourceRules {

  private static final String PREFIX = "batch.kubernetes.io/";

  @Override
  public void prepareForCreate(ObjectNode job) {
    ObjectNode spec = job.withObject("/spec");
    if (spec.path("manualSelector").asBoolean(false)) {
      return;
    }
    String uid = Meta.uid(job);
    ObjectNode labels = spec.withObject("/template/metadata/labels");
    for (String prefix : List.of("", PREFIX)) {
      labels.put(prefix + "controller-uid", uid);
      labels.put(prefix + "job-name", Meta.name(job));
    }
    spec.withObject("/selector/matchLabels").put(PREFIX + "controller-uid", uid);
  }
}
