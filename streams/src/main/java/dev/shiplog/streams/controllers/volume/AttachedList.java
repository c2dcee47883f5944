package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.VOLUME_ATTACHMENTS;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a node's status says has been attached to it; for one use. */
final class AttachedList {

  private final Node node;
  private final String name;
  private final Views views;

  /** By the volumes' unique names. */
  private final Map<String, PersistentVolume> attached = new TreeMap<>();

  AttachedList(Node node, Views views) {
    this.node = node;
    this.name = node.getMetadata().getName();
    this.views = views;
    views.of(VOLUME_ATTACHMENTS).find(Attachments.BY_NODE, name).stream()
        .filter(it -> Attachments.isAttached(it) && !Binding.isGoing(it))
        .forEach(this::add);
  }

  private void add(VolumeAttachment attachment) {
    Attachments.volume(attachment, views)
        .filter(volume -> volume.getSpec().getCsi() != null)
        .ifPresent(volume -> {
          CSIPersistentVolumeSource csi = volume.getSpec().getCsi();
          if (Attachments.isOurs(attachment, csi)
              && (Attachments.isUsedOn(volume, name, views) || Attachments.isInUse(node, csi))) {
            attached.put(Attachments.uniqueName(csi), volume);
          }
        });
  }

  Reconciliation settle() {
    List<String> listed = listed();
    if (attached.keySet().equals(Set.copyOf(listed))) {
      return Reconciliation.nothing();
    }
    ObjectNode patch = KubernetesJson.object();
    ArrayNode list = patch.putObject("status").putArray("volumesAttached");
    attached.keySet().forEach(volume -> list.addObject().put("name", volume).put("devicePath", ""));
    Reconciliation.Builder result = Reconciliation.builder();
    result.command(Commands.patchSubresource(NODES, "status", node, patch));
    attached.forEach((unique, volume) -> {
      if (!listed.contains(unique)) {
        tell(volume, result);
      }
    });
    return result.build();
  }

  private List<String> listed() {
    return node.getStatus() == null || node.getStatus().getVolumesAttached() == null
        ? List.of()
        : node.getStatus().getVolumesAttached().stream().map(it -> it.getName()).toList();
  }

  private void tell(PersistentVolume volume, Reconciliation.Builder result) {
    Attachments.users(volume, views).stream()
        .filter(pod -> name.equals(pod.getSpec().getNodeName()))
        .forEach(pod ->
            result.event(
                EventRequest.normal(
                    PODS,
                    pod,
                    "SuccessfulAttachVolume",
                    "AttachVolume.Attach succeeded for volume \"%s\" "
                        .formatted(volume.getMetadata().getName()))));
  }
}
