package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Turns the name of a pod's priority class, or the default class, into numbers. */
public final class PriorityAdmission implements AdmissionPlugin {

  private static final StorageResource CLASSES =
      StorageResource.of("priorityclasses", "scheduling.k8s.io");
  private static final String PREEMPTS = "PreemptLowerPriority";

  @Override
  public String name() {
    return "Priority";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() == Operation.CREATE && request.isAbout("pods");
  }

  @Override
  public CompletableFuture<Void> admit(AdmissionRequest request) {
    ObjectNode spec = request.object().withObject("/spec");
    String name = spec.path("priorityClassName").asText("");
    Optional<ObjectNode> priority =
        name.isEmpty() ? globalDefault(request.state()) : Optional.of(named(request, name));
    int value = priority.map(c -> c.path("value").asInt()).orElse(0);
    String preemption =
        priority.map(c -> c.path("preemptionPolicy").asText(PREEMPTS)).orElse(PREEMPTS);
    if (spec.hasNonNull("priority") && spec.get("priority").asInt() != value) {
      throw request
          .target()
          .forbidden(
              "the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name"
                  .formatted(spec.get("priority").asInt(), value));
    }
    priority.ifPresent(
        c -> spec.put("priorityClassName", c.path("metadata").path("name").asText()));
    spec.put("priority", value);
    if (!spec.hasNonNull("preemptionPolicy")) {
      spec.put("preemptionPolicy", preemption);
    }
    return Admission.DONE;
  }

  private static ObjectNode named(AdmissionRequest request, String name) {
    return request
        .state()
        .get(new ObjectKey(CLASSES, "", name))
        .map(StoredObject::tree)
        .orElseThrow(
            () -> request.target().forbidden("no PriorityClass with name " + name + " was found"));
  }

  private static Optional<ObjectNode> globalDefault(Snapshot state) {
    return all(state)
        .map(StoredObject::tree)
        .filter(c -> c.path("globalDefault").asBoolean(false))
        .min(Comparator.comparingInt(c -> c.path("value").asInt()));
  }

  private static Stream<StoredObject> all(Snapshot state) {
    Iterator<StoredObject> classes = state.list(CLASSES, "", "");
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(classes, 0), false);
  }
}
