package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.matching.ByRevision;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Turns the name of a pod's priority class, or the default class, into numbers. Classes are read
 * again when one of them changed, not for each pod.
 */
public final class PriorityAdmission implements AdmissionPlugin {

  private static final StorageResource CLASSES =
      StorageResource.of("priorityclasses", "scheduling.k8s.io");
  private static final String PREEMPTS = "PreemptLowerPriority";

  private final ByRevision<Map<String, PriorityClass>> classes =
      new ByRevision<>(CLASSES, PriorityAdmission::read);

  private record PriorityClass(String name, int value, String preemption, boolean isDefault) {
    static PriorityClass of(ObjectNode stored) {
      return new PriorityClass(
          Meta.name(stored),
          stored.path("value").asInt(),
          stored.path("preemptionPolicy").asText(PREEMPTS),
          stored.path("globalDefault").asBoolean(false));
    }
  }

  @Override
  public String name() {
    return "Priority";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.creates("pods") || request.writes("priorityclasses.scheduling.k8s.io");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    if (request.isAbout("pods")) {
      ObjectNode spec = Trees.child(request.object(), "spec");
      String name = Trees.text(spec, "priorityClassName");
      complete(
          request,
          spec,
          name.isEmpty() ? globalDefault(request.state()) : Optional.of(named(request, name)));
    }
    return Admission.DONE;
  }

  private static void complete(
      AdmissionRequest request, ObjectNode spec, Optional<PriorityClass> priority) {
    int value = priority.map(PriorityClass::value).orElse(0);
    String preemption = priority.map(PriorityClass::preemption).orElse(PREEMPTS);
    if (spec.hasNonNull("priority") && spec.get("priority").asInt() != value) {
      throw request
          .target()
          .forbidden(
              "the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name"
                  .formatted(spec.get("priority").asInt(), value));
    }
    if (spec.hasNonNull("preemptionPolicy")
        && !spec.get("preemptionPolicy").asText().equals(preemption)) {
      throw request
          .target()
          .forbidden(
              "the string value of PreemptionPolicy (%s) must not be provided in pod spec; priority admission controller computed %s from the given PriorityClass name"
                  .formatted(spec.get("preemptionPolicy").asText(), preemption));
    }
    priority.ifPresent(c -> spec.put("priorityClassName", c.name()));
    spec.put("priority", value).put("preemptionPolicy", preemption);
  }

  /** One class alone is for all pods that name none. */
  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    boolean claims =
        !request.isAbout("pods") && request.object().path("globalDefault").asBoolean(false);
    if (claims) {
      globalDefault(request.state())
          .map(PriorityClass::name)
          .filter(name -> !name.equals(request.target().name()))
          .ifPresent(name -> {
            throw request
                .target()
                .forbidden(
                    "PriorityClass %s is already marked as default. Only one default can exist"
                        .formatted(name));
          });
    }
    return Admission.DONE;
  }

  private PriorityClass named(AdmissionRequest request, String name) {
    PriorityClass known = classes.in(request.state()).get(name);
    if (known == null) {
      throw request.target().forbidden("no PriorityClass with name " + name + " was found");
    }
    return known;
  }

  private Optional<PriorityClass> globalDefault(Snapshot state) {
    return classes.in(state).values().stream()
        .filter(PriorityClass::isDefault)
        .min(Comparator.comparingInt(PriorityClass::value));
  }

  private static Map<String, PriorityClass> read(List<StoredObject> stored) {
    Map<String, PriorityClass> read = new LinkedHashMap<>();
    for (StoredObject object : stored) {
      PriorityClass one = PriorityClass.of(object.content());
      read.put(one.name(), one);
    }
    return Collections.unmodifiableMap(read);
  }
}
