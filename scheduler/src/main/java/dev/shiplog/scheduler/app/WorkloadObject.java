package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.SelectorReader;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;

/** A Service or a controller of the view, of which the selector matters. */
@JsonDeserialize(using = WorkloadObject.Reader.class)
final class WorkloadObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  private final Map<String, String> labels;
  private final LabelSelector selector;

  private WorkloadObject(
      ObjectMeta metadata, Map<String, String> labels, LabelSelector selector, String problem) {
    super(metadata, problem);
    this.labels = labels;
    this.selector = selector;
  }

  /** The selector of a resource that selects by a map of labels. */
  Map<String, String> labels() {
    return labels;
  }

  /** The selector of a resource that has a LabelSelector. */
  LabelSelector selector() {
    return selector;
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<WorkloadObject> {
    @Override
    WorkloadObject readable(ObjectMeta metadata, JsonNode json) {
      JsonNode selector = json.path("spec").path("selector");
      return new WorkloadObject(
          metadata, SelectorReader.labels(selector), SelectorReader.labelSelector(selector), null);
    }

    @Override
    WorkloadObject unreadable(ObjectMeta metadata, String problem) {
      return new WorkloadObject(metadata, Map.of(), LabelSelector.NOTHING, problem);
    }
  }
}
