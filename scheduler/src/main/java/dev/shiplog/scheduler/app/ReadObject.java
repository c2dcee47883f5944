package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;

/**
 * An object of a view of which only that is kept what the scheduler reads; of its metadata, what
 * the kit does. Reading never fails on a valid JSON object: what makes it useless to the scheduler
 * is a {@link #problem} of the object, not of the scheduler.
 */
abstract class ReadObject implements HasMetadata {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private ObjectMeta metadata;

  ReadObject(ObjectMeta metadata, String problem) {
    this.metadata = metadata;
    this.problem = problem;
  }

  /** Why it cannot be read; null if it can. */
  final String problem() {
    return problem;
  }

  @Override
  public final ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public final void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  @Override
  public final String getApiVersion() {
    return null;
  }

  @Override
  public final void setApiVersion(String version) {
    throw new UnsupportedOperationException("only read");
  }

  private static ObjectMeta identity(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    ObjectMeta identity = new ObjectMeta();
    identity.setNamespace(metadata.path("namespace").asText(null));
    identity.setName(metadata.path("name").asText());
    identity.setUid(metadata.path("uid").asText());
    identity.setResourceVersion(metadata.path("resourceVersion").asText(null));
    return identity;
  }

  /** Reads an object in one go with its metadata. */
  abstract static class Reader<T extends ReadObject> extends JsonDeserializer<T> {

    @Override
    public final T deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode json = parser.readValueAsTree();
      try {
        return readable(identity(json), json);
      } catch (IllegalArgumentException e) {
        return unreadable(identity(json), e.getMessage());
      }
    }

    /**
     * Reads what the scheduler needs.
     *
     * @throws IllegalArgumentException if a field holds what no valid object can
     */
    abstract T readable(ObjectMeta metadata, JsonNode json);

    abstract T unreadable(ObjectMeta metadata, String problem);
  }
}
