package dev.shiplog.streams.controllers.volume;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/** A finalizer that is there as long as an object may be in use. */
final class Protection {

  private Protection() {}

  static <T extends HasMetadata> Reconciliation settle(
      ResourceType<T> type, T object, String finalizer, boolean used) {
    List<String> finalizers = new ArrayList<>(object.getMetadata().getFinalizers());
    boolean going = object.getMetadata().getDeletionTimestamp() != null;
    boolean changes = going ? !used && finalizers.remove(finalizer) : add(finalizers, finalizer);
    if (!changes) {
      return Reconciliation.nothing();
    }
    ObjectNode patch = KubernetesJson.object();
    ArrayNode list = patch.putObject("metadata").putArray("finalizers");
    finalizers.forEach(list::add);
    return Reconciliation.of(Commands.patchAsSeen(type, object, patch));
  }

  private static boolean add(List<String> finalizers, String finalizer) {
    return !finalizers.contains(finalizer) && finalizers.add(finalizer);
  }
}
