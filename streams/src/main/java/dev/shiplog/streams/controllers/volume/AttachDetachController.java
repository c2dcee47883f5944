package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.CSI_DRIVERS;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.VOLUME_ATTACHMENTS;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks the drivers of volumes, by VolumeAttachments, to attach them to the nodes whose pods use
 * them, and tells those nodes, in {@code status.volumesAttached}, what has been attached.
 *
 * <p>There is a key for each volume, so that one that only one node may have is never asked for
 * twice at a time, and one for each node, whose list nobody else writes. A volume that no pod of
 * the node uses any more goes in this order: the node's kubelet has it in {@code volumesInUse} no
 * longer, the list loses it, the attachment is deleted.
 */
public final class AttachDetachController implements Controller {

  private static final String VOLUME = "volume/";
  private static final String NODE = "node/";

  @Override
  public String name() {
    return "persistentvolume-attach-detach-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:attachdetach-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.mapped(PODS, AttachDetachController::ofPod),
        Source.mapped(
            PERSISTENT_VOLUME_CLAIMS,
            (change, views) -> {
              String volume = Binding.volumeName(change.latest());
              return volume.isEmpty() ? List.of() : List.of(VOLUME + volume);
            }),
        Source.mapped(PERSISTENT_VOLUMES, (change, views) -> List.of(VOLUME + change.key())),
        Source.mapped(VOLUME_ATTACHMENTS, (change, views) -> keysOf(change.latest()).toList()),
        Source.mapped(NODES, AttachDetachController::ofNode),
        Source.readOnly(CSI_DRIVERS));
  }

  private static List<String> ofPod(ObjectChange<Pod> change, Views views) {
    List<String> volumes = Attachments.volumesOf(change.latest(), views).toList();
    if (volumes.isEmpty()) {
      return List.of();
    }
    Stream<String> nodes =
        change.states().map(pod -> pod.getSpec().getNodeName()).filter(AttachDetachController::is);
    return Stream.concat(volumes.stream().map(VOLUME::concat), nodes.map(NODE::concat))
        .distinct()
        .toList();
  }

  private static boolean is(String text) {
    return text != null && !text.isEmpty();
  }

  /** Most nodes have none and report all the time. */
  private static List<String> ofNode(ObjectChange<Node> change, Views views) {
    return views.of(VOLUME_ATTACHMENTS).find(Attachments.BY_NODE, change.key()).stream()
        .flatMap(AttachDetachController::keysOf)
        .distinct()
        .toList();
  }

  private static Stream<String> keysOf(VolumeAttachment attachment) {
    return Stream.concat(
        Attachments.volumeOf(attachment).stream().map(VOLUME::concat),
        Stream.of(NODE + attachment.getSpec().getNodeName()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ClaimUsers.INDEX, Attachments.BY_VOLUME, Attachments.BY_NODE);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    Stream<String> volumes =
        views.of(PERSISTENT_VOLUMES).all().stream()
            .filter(volume -> Attachments.areAttached(volume, views))
            .map(volume -> VOLUME + volume.getMetadata().getName());
    Stream<String> nodes =
        views.of(NODES).all().stream()
            .filter(Attachments::takesPart)
            .map(node -> NODE + node.getMetadata().getName());
    return Stream.concat(volumes, nodes).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    if (key.startsWith(VOLUME)) {
      return views
          .of(PERSISTENT_VOLUMES)
          .get(key.substring(VOLUME.length()))
          .filter(volume -> Attachments.areAttached(volume, views))
          .map(volume -> new AttachStep(volume, views).decide())
          .orElse(Reconciliation.nothing());
    }
    return views
        .of(NODES)
        .get(key.substring(NODE.length()))
        .filter(Attachments::takesPart)
        .map(node -> new AttachedList(node, views).settle())
        .orElse(Reconciliation.nothing());
  }
}
