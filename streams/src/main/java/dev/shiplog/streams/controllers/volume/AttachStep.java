package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.VOLUME_ATTACHMENTS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.AttachedVolume;
import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is to be done about the attachments of one volume; for one use. */
final class AttachStep {

  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  private final PersistentVolume volume;
  private final CSIPersistentVolumeSource csi;
  private final Views views;
  private final List<Pod> users;
  private final List<VolumeAttachment> attachments;
  private final Reconciliation.Builder result = Reconciliation.builder();

  AttachStep(PersistentVolume volume, Views views) {
    this.volume = volume;
    this.csi = volume.getSpec().getCsi();
    this.views = views;
    this.users = Attachments.users(volume, views);
    this.attachments =
        views
            .of(VOLUME_ATTACHMENTS)
            .find(Attachments.BY_VOLUME, volume.getMetadata().getName())
            .stream()
            .filter(attachment -> Attachments.isOurs(attachment, csi))
            .toList();
  }

  Reconciliation decide() {
    attachments.forEach(this::look);
    Set<String> attached =
        attachments.stream().map(it -> it.getSpec().getNodeName()).collect(Collectors.toSet());
    List<String> taken = new ArrayList<>(attached);
    for (String node : wantedNodes()) {
      if (!attached.contains(node)) {
        attach(node, taken);
      }
    }
    return result.build();
  }

  private Set<String> wantedNodes() {
    return users.stream()
        .map(pod -> pod.getSpec().getNodeName())
        .filter(node -> views.of(NODES).get(node).filter(Attachments::takesPart).isPresent())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void attach(String node, List<String> taken) {
    if (isForOneNode() && !taken.isEmpty()) {
      tellUsers(node, "Multi-Attach error for volume", whoHasIt(node));
      return;
    }
    taken.add(node);
    result.command(Commands.create(VOLUME_ATTACHMENTS, Attachments.of(volume, node)));
  }

  /** Where nothing is said about how it may be used, nobody is kept from it. */
  private boolean isForOneNode() {
    List<String> modes = volume.getSpec().getAccessModes();
    return !modes.isEmpty() && !modes.contains("ReadWriteMany") && !modes.contains("ReadOnlyMany");
  }

  private String whoHasIt(String node) {
    List<String> others =
        users.stream()
            .filter(pod -> !node.equals(pod.getSpec().getNodeName()))
            .map(pod -> pod.getMetadata().getName())
            .sorted()
            .toList();
    return others.isEmpty()
        ? " Volume is already exclusively attached to one node and can't be attached to another"
        : " Volume is already used by pod(s) " + String.join(", ", others);
  }

  private void look(VolumeAttachment attachment) {
    String node = attachment.getSpec().getNodeName();
    if (users.stream().anyMatch(pod -> node.equals(pod.getSpec().getNodeName()))) {
      tellOfError(attachment);
    } else if (!Binding.isGoing(attachment) && mayGo(node)) {
      result.command(Commands.delete(VOLUME_ATTACHMENTS, attachment));
    }
  }

  private void tellOfError(VolumeAttachment attachment) {
    if (attachment.getStatus() != null && attachment.getStatus().getAttachError() != null) {
      tellUsers(
          attachment.getSpec().getNodeName(),
          "AttachVolume.Attach failed for volume",
          ": " + attachment.getStatus().getAttachError().getMessage());
    }
  }

  /** A node that is gone, or that somebody vouches for being off, has nothing mounted. */
  private boolean mayGo(String name) {
    Optional<Node> node = views.of(NODES).get(name);
    if (node.isEmpty() || isOutOfService(node.get())) {
      return true;
    }
    return !Attachments.isInUse(node.get(), csi) && !isListed(node.get());
  }

  private static boolean isOutOfService(Node node) {
    return node.getSpec() != null
        && node.getSpec().getTaints() != null
        && node.getSpec().getTaints().stream()
            .anyMatch(taint -> taint.getKey().equals(OUT_OF_SERVICE));
  }

  private boolean isListed(Node node) {
    List<AttachedVolume> listed =
        node.getStatus() == null ? null : node.getStatus().getVolumesAttached();
    return listed != null
        && listed.stream().anyMatch(it -> it.getName().equals(Attachments.uniqueName(csi)));
  }

  private void tellUsers(String node, String what, String detail) {
    users.stream()
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .forEach(pod ->
            result.event(
                EventRequest.warning(
                    PODS,
                    pod,
                    "FailedAttachVolume",
                    "%s \"%s\"%s".formatted(what, volume.getMetadata().getName(), detail))));
  }
}
