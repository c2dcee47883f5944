package dev.shiplog.api.admission.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.admission.Listed;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Keeps pods and claims within the LimitRanges of their namespace. */
public final class LimitRanger implements AdmissionPlugin {

  private static final StorageResource RANGES = StorageResource.of("limitranges", "");
  private static final String PODS = "pods";
  private static final String CLAIMS = "persistentvolumeclaims";

  @Override
  public String name() {
    return "LimitRanger";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return concerns(request) && !ranges(request).isEmpty();
  }

  /** A pod's resources change by {@code resize} alone once it is made. */
  private static boolean concerns(AdmissionRequest request) {
    return request.creates(PODS)
        || (request.operation() == Operation.UPDATE && request.isAbout(PODS, "resize"))
        || request.writes(CLAIMS);
  }

  private static List<StoredObject> ranges(AdmissionRequest request) {
    return request.state().count(RANGES, "") == 0
        ? List.of()
        : Listed.in(request.state(), RANGES, request.target().namespace()).toList();
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    if (request.creates(PODS)) {
      for (ObjectNode limit : limits(request, "Container")) {
        ContainerDefaults.apply(request.object(), limit);
      }
    }
    return Admission.DONE;
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    List<String> broken = new ArrayList<>();
    if (request.target().type().plural().equals(CLAIMS)) {
      JsonNode requests = Trees.at(request.object(), "spec", "resources", "requests");
      for (ObjectNode limit : limits(request, "PersistentVolumeClaim")) {
        new LimitCheck(limit, broken).ofRequests(requests);
      }
    } else {
      pod(request, broken);
    }
    if (!broken.isEmpty()) {
      throw request
          .target()
          .forbidden(
              broken.size() == 1 ? broken.getFirst() : "[" + String.join(", ", broken) + "]");
    }
    return Admission.DONE;
  }

  private static void pod(AdmissionRequest request, List<String> broken) {
    JsonNode spec = request.object().path("spec");
    for (ObjectNode limit : limits(request, "Container")) {
      LimitCheck check = new LimitCheck(limit, broken);
      for (String list : List.of("containers", "initContainers")) {
        for (JsonNode container : spec.path(list)) {
          JsonNode resources = container.path("resources");
          check.of(Amounts.of(resources.path("requests")), Amounts.of(resources.path("limits")));
        }
      }
    }
    for (ObjectNode limit : limits(request, "Pod")) {
      new LimitCheck(limit, broken)
          .of(Amounts.ofPod(spec, "requests"), Amounts.ofPod(spec, "limits"));
    }
  }

  private static List<ObjectNode> limits(AdmissionRequest request, String type) {
    List<ObjectNode> found = new ArrayList<>();
    for (StoredObject range : ranges(request)) {
      for (ObjectNode limit : Trees.objects(range.tree(), "spec", "limits")) {
        if (Trees.text(limit, "type").equals(type)) {
          found.add(limit);
        }
      }
    }
    return found;
  }
}
