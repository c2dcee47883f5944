package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodReader;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** A pod of the view. */
@JsonDeserialize(using = PodObject.Reader.class)
final class PodObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  private final Pod pod;

  private PodObject(ObjectMeta metadata, Pod pod, String problem) {
    super(metadata, problem);
    this.pod = pod;
  }

  /** A pod to speak of. */
  static PodObject of(Pod pod) {
    ObjectMeta metadata = new ObjectMeta();
    metadata.setNamespace(pod.namespace());
    metadata.setName(pod.name());
    metadata.setUid(pod.uid());
    metadata.setResourceVersion(Long.toString(pod.revision()));
    return new PodObject(metadata, pod, null);
  }

  /** Null if it has a problem. */
  Pod pod() {
    return pod;
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<PodObject> {
    @Override
    PodObject readable(ObjectMeta metadata, JsonNode json) {
      return new PodObject(metadata, PodReader.read(json), null);
    }

    @Override
    PodObject unreadable(ObjectMeta metadata, String problem) {
      return new PodObject(metadata, null, problem);
    }
  }
}
