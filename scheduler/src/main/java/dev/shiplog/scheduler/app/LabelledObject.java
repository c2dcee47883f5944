package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.SelectorReader;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;

/** An object of the view of which only the labels matter: a namespace. */
@JsonDeserialize(using = LabelledObject.Reader.class)
final class LabelledObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  private final Map<String, String> labels;

  private LabelledObject(ObjectMeta metadata, Map<String, String> labels, String problem) {
    super(metadata, problem);
    this.labels = labels;
  }

  Map<String, String> labels() {
    return labels;
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<LabelledObject> {
    @Override
    LabelledObject readable(ObjectMeta metadata, JsonNode json) {
      JsonNode labels = json.path("metadata").path("labels");
      return new LabelledObject(metadata, SelectorReader.labels(labels), null);
    }

    @Override
    LabelledObject unreadable(ObjectMeta metadata, String problem) {
      return new LabelledObject(metadata, Map.of(), problem);
    }
  }
}
