package dev.shiplog.streams.controllers.pod;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which objects belong to a controller: those that name it and match its selector. Those that match
 * and have no controller are adopted; those that no longer match are released.
 *
 * @param owned what belongs to it now
 * @param commands adoptions and releases that are due
 */
public record Claims<T extends HasMetadata>(List<T> owned, List<CommandRequest> commands) {

  /** Index of the objects without a controller, by namespace. Declare it per resource. */
  public static <T extends HasMetadata> Index<T> orphans(ResourceType<T> type) {
    return new Index<>(
        type,
        "orphans",
        object ->
            Owners.controllerOf(object).isPresent()
                ? List.of()
                : List.of(object.getMetadata().getNamespace()));
  }

  /**
   * Finds what belongs to an owner.
   *
   * @param orphans index of the dependents; see {@link #orphans}
   * @param selects the owner's selector
   */
  public static <T extends HasMetadata> Claims<T> of(
      ResourceType<?> ownerType,
      HasMetadata owner,
      ResourceView<T> dependents,
      Index<T> orphans,
      Predicate<HasMetadata> selects) {
    List<T> owned = new ArrayList<>();
    List<CommandRequest> commands = new ArrayList<>();
    boolean ownerStays = owner.getMetadata().getDeletionTimestamp() == null;
    for (T dependent : dependents.controlledBy(owner.getMetadata().getUid())) {
      if (selects.test(dependent)) {
        owned.add(dependent);
      } else if (ownerStays) {
        commands.add(release(dependents.type(), dependent, owner));
      }
    }
    if (ownerStays) {
      dependents.find(orphans, owner.getMetadata().getNamespace()).stream()
          .filter(selects)
          .filter(dependent -> dependent.getMetadata().getDeletionTimestamp() == null)
          .forEach(orphan -> commands.add(adopt(dependents.type(), orphan, ownerType, owner)));
    }
    return new Claims<>(owned, commands);
  }

  private static CommandRequest adopt(
      ResourceType<?> type, HasMetadata orphan, ResourceType<?> ownerType, HasMetadata owner) {
    List<OwnerReference> references = new ArrayList<>(orphan.getMetadata().getOwnerReferences());
    references.removeIf(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
    references.add(Owners.controllerReference(ownerType, owner));
    return withOwners(type, orphan, references);
  }

  private static CommandRequest release(
      ResourceType<?> type, HasMetadata dependent, HasMetadata owner) {
    List<OwnerReference> references = new ArrayList<>(dependent.getMetadata().getOwnerReferences());
    references.removeIf(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
    return withOwners(type, dependent, references);
  }

  /** Replaces the whole list, so the object must be as seen. */
  private static CommandRequest withOwners(
      ResourceType<?> type, HasMetadata object, List<OwnerReference> references) {
    ObjectNode patch = KubernetesJson.object();
    ArrayNode list = patch.putObject("metadata").putArray("ownerReferences");
    references.forEach(reference -> list.add(KubernetesJson.tree(reference)));
    return Commands.patchAsSeen(type, object, patch);
  }
}
