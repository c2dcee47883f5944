package dev.shiplog.streams.kit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/**
 * Any object, without what lies outside its metadata: enough for owners and deletion, and small
 * enough to hold for every object there is.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonDeserialize(using = JsonDeserializer.None.class) // HasMetadata's picks a class by kind
public final class MetadataOnly implements HasMetadata {

  private static final long serialVersionUID = 1L;

  private String apiVersion;
  private String kind;
  private ObjectMeta metadata;

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String apiVersion) {
    this.apiVersion = apiVersion;
  }

  @Override
  public String getKind() {
    return kind;
  }

  public void setKind(String kind) {
    this.kind = kind;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
    if (metadata != null) {
      // They are for those who apply, and larger than all other metadata together.
      metadata.setManagedFields(List.of());
    }
  }
}
