package dev.shiplog.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** States that hold objects of flow control. */
public final class FlowStates {

  private static final ObjectCodec CODEC = new ObjectCodec((r, o) -> Map.of(), List.of());

  private FlowStates() {}

  public static State of(List<ObjectNode> objects) {
    State state = State.EMPTY;
    long revision = 0;
    for (ObjectNode object : objects) {
      String plural = object.path("kind").asText().toLowerCase(Locale.ROOT) + "s";
      StorageResource resource = StorageResource.of(plural, "flowcontrol.apiserver.k8s.io");
      ObjectKey key = new ObjectKey(resource, "", object.at("/metadata/name").asText());
      state = state.plus(CODEC.encode(key, key.text(), object).at(++revision));
    }
    return state;
  }
}
