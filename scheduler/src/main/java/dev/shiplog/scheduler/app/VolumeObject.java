package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.VolumeReader;
import dev.shiplog.scheduler.model.Volumes;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.function.Consumer;

/** A claim, a volume or a storage class of the view. */
@JsonDeserialize(using = VolumeObject.Reader.class)
final class VolumeObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  private final String kind;
  private final transient Volumes.Claim claim;
  private final transient Volumes.Volume volume;
  private final boolean waits;

  private VolumeObject(ObjectMeta metadata, JsonNode json, String problem) {
    super(metadata, problem);
    this.kind = problem == null ? json.path("kind").asText() : "";
    this.claim = kind.equals("PersistentVolumeClaim") ? VolumeReader.claim(json) : null;
    this.volume = kind.equals("PersistentVolume") ? VolumeReader.volume(json) : null;
    this.waits = kind.equals("StorageClass") && VolumeReader.waitsForConsumer(json);
  }

  /** What it means for the volumes there are. */
  Consumer<Volumes> change(String key, boolean gone) {
    return switch (kind) {
      case "PersistentVolumeClaim" -> volumes -> volumes.putClaim(key, gone ? null : claim);
      case "PersistentVolume" -> volumes -> volumes.putVolume(key, gone ? null : volume);
      case "StorageClass" -> volumes -> volumes.putClass(key, waits && !gone);
      default -> volumes -> {};
    };
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<VolumeObject> {
    @Override
    VolumeObject readable(ObjectMeta metadata, JsonNode json) {
      return new VolumeObject(metadata, json, null);
    }

    @Override
    VolumeObject unreadable(ObjectMeta metadata, String problem) {
      return new VolumeObject(metadata, null, problem);
    }
  }
}
