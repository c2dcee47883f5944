package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.VolumeReader;
import dev.shiplog.scheduler.model.Volumes;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Something of the view that has to do with volumes. */
@JsonDeserialize(using = VolumeObject.Reader.class)
final class VolumeObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  /** What it tells of the volumes there are, once its key is known; null for what is gone. */
  private final transient BiConsumer<Volumes, Told> tell;

  private record Told(String key, boolean gone) {}

  private VolumeObject(ObjectMeta metadata, BiConsumer<Volumes, Told> tell, String problem) {
    super(metadata, problem);
    this.tell = tell;
  }

  /** What it means for the volumes there are. */
  Consumer<Volumes> change(String key, boolean gone) {
    return volumes -> tell.accept(volumes, new Told(key, gone));
  }

  private static BiConsumer<Volumes, Told> tell(JsonNode json) {
    return switch (json.path("kind").asText()) {
      case "PersistentVolumeClaim" -> keyed(json, VolumeReader::claim, Volumes::putClaim);
      case "PersistentVolume" -> keyed(json, VolumeReader::volume, Volumes::putVolume);
      case "StorageClass" -> keyed(json, VolumeReader::storageClass, Volumes::putClass);
      case "CSIStorageCapacity" -> keyed(json, VolumeReader::capacity, Volumes::putCapacity);
      case "CSINode" -> keyed(json, VolumeReader::limits, Volumes::putLimits);
      case "CSIDriver" -> {
        boolean tells = VolumeReader.tellsCapacity(json);
        yield (volumes, told) -> volumes.putDriver(told.key(), tells && !told.gone());
      }
      default -> (volumes, told) -> {};
    };
  }

  private interface Put<T> {
    void put(Volumes volumes, String key, T value);
  }

  private static <T> BiConsumer<Volumes, Told> keyed(
      JsonNode json, Function<JsonNode, T> read, Put<T> put) {
    T value = read.apply(json);
    return (volumes, told) -> put.put(volumes, told.key(), told.gone() ? null : value);
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<VolumeObject> {
    @Override
    VolumeObject readable(ObjectMeta metadata, JsonNode json) {
      return new VolumeObject(metadata, tell(json), null);
    }

    /** Of what cannot be read that stays which was read before. */
    @Override
    VolumeObject unreadable(ObjectMeta metadata, String problem) {
      return new VolumeObject(metadata, (volumes, told) -> {}, problem);
    }
  }
}
