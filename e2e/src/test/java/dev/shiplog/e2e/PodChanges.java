package dev.shiplog.e2e;

import static dev.shiplog.e2e.PodFiles.NAMESPACE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/** What becomes of pods, and of what they refer to, while they run or wait. */
final class PodChanges {

  private final Kubectl kubectl;

  PodChanges(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /** Asks for all changes; nothing is waited for. */
  void make(Collection<JsonNode> pods) {
    kubectl.apply(PodFiles.laterManifest());
    kubectl.ok("delete configmap/going secret/going -n " + NAMESPACE);
    pods.forEach(this::change);
  }

  /** Whether its containers have the resources that its specification names. */
  static boolean areAsLargeAsWanted(JsonNode pod) {
    JsonNode statuses = pod.at("/status/containerStatuses");
    for (JsonNode container : pod.at("/spec/containers")) {
      for (JsonNode status : statuses) {
        if (status.path("name").equals(container.path("name"))
            && !status.path("resources").equals(container.path("resources"))) {
          return false;
        }
      }
    }
    return pod.at("/status/observedGeneration").equals(pod.at("/metadata/generation"));
  }

  private void change(JsonNode pod) {
    if (PodFiles.says(pod, "change/metadata")) {
      JsonNode change = PodFiles.read(PodFiles.said(pod, "change/metadata"));
      patch(pod, "--type=merge", "{\"metadata\":" + change + "}");
    }
    if (PodFiles.says(pod, "change/resources")) {
      resize(pod, PodFiles.read(PodFiles.said(pod, "change/resources")));
    }
  }

  private void resize(JsonNode pod, JsonNode containers) {
    if (PodFiles.said(pod, "change/by").equals("replace")) {
      List<String> replace = List.of("replace", "--subresource=resize", "-f", "-");
      kubectl.run(replace, resized(pod, containers).toString()).succeeded();
    } else {
      patch(pod, "--subresource=resize", "{\"spec\":{\"containers\":" + containers + "}}");
    }
  }

  private void patch(JsonNode pod, String how, String patch) {
    String name = PodFiles.name(pod);
    kubectl.run(List.of("patch", "pod", name, "-n", NAMESPACE, how, "-p", patch)).succeeded();
  }

  /** Without a revision, since its node goes on to write its status. */
  private static JsonNode resized(JsonNode pod, JsonNode containers) {
    ObjectNode changed = pod.deepCopy();
    ((ObjectNode) changed.path("metadata")).remove("resourceVersion");
    for (int i = 0; i < containers.size(); i++) {
      ((ObjectNode) changed.at("/spec/containers/" + i))
          .set("resources", containers.path(i).path("resources"));
    }
    return changed;
  }
}
