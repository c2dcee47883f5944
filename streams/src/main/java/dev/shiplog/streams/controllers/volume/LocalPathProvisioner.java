package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.STORAGE_CLASSES;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes volumes that are directories of a node. A volume is there at once, on no node yet; the
 * first of its pods that is placed decides where it lies, and from then on it says so and holds its
 * pods to that node. Agents know its source by the driver's name, use it only once it lies on their
 * node, and remove its directory when the volume is gone.
 */
public final class LocalPathProvisioner implements Controller {

  /** Provisioner of storage classes, and driver of the volumes; the agents know it too. */
  public static final String DRIVER = "local-path.shiplog.dev";

  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final List<String> ONE_NODE = List.of("ReadWriteOnce", "ReadWriteOncePod");

  @Override
  public String name() {
    return "local-path-provisioner";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:persistent-volume-binder";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(PERSISTENT_VOLUME_CLAIMS),
        Binding.volumes(),
        Source.mapped(STORAGE_CLASSES, (change, views) -> ofClass(change.key(), views)),
        ClaimUsers.source(),
        Source.readOnly(NODES));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ClaimBinder.KEPT, ClaimUsers.INDEX);
  }

  private static List<String> ofClass(String name, Views views) {
    return views.of(PERSISTENT_VOLUME_CLAIMS).all().stream()
        .filter(claim -> Binding.className(claim).equals(name))
        .map(ObjectKeys::keyOf)
        .toList();
  }

  /** Claims that are there, and those that only volumes of ours remember. */
  @Override
  public Collection<String> allKeys(Views views) {
    return Stream.concat(
            views.of(PERSISTENT_VOLUME_CLAIMS).all().stream().map(ObjectKeys::keyOf),
            views.of(PERSISTENT_VOLUMES).all().stream()
                .filter(LocalPathProvisioner::isOurs)
                .flatMap(volume -> Binding.claimKey(volume).stream()))
        .distinct()
        .toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Reconciliation.Builder result = Reconciliation.builder();
    Collection<PersistentVolume> made =
        views.of(PERSISTENT_VOLUMES).find(ClaimBinder.KEPT, key).stream()
            .filter(LocalPathProvisioner::isOurs)
            .filter(volume -> !Binding.isGoing(volume))
            .toList();
    made.stream()
        .filter(LocalPathProvisioner::isToBeDeleted)
        .forEach(volume -> result.command(Commands.delete(PERSISTENT_VOLUMES, volume)));
    views
        .of(PERSISTENT_VOLUME_CLAIMS)
        .get(key)
        .filter(claim -> !Binding.isGoing(claim))
        .ifPresent(claim ->
            made.stream()
                .filter(volume -> Binding.isKeptFor(volume, claim))
                .findFirst()
                .ifPresentOrElse(
                    volume -> pin(volume, claim, views, result),
                    () -> provision(claim, views, result)));
    return result.build();
  }

  private static boolean isOurs(PersistentVolume volume) {
    return Binding.annotation(volume, Binding.PROVISIONED_BY).filter(DRIVER::equals).isPresent();
  }

  private static boolean isToBeDeleted(PersistentVolume volume) {
    return volume.getStatus() != null
        && "Released".equals(volume.getStatus().getPhase())
        && "Delete".equals(volume.getSpec().getPersistentVolumeReclaimPolicy());
  }

  // --- where a volume lies

  private static void pin(
      PersistentVolume volume,
      PersistentVolumeClaim claim,
      Views views,
      Reconciliation.Builder result) {
    if (volume.getSpec().getNodeAffinity() != null) {
      return;
    }
    ClaimUsers.of(claim, views).stream()
        .filter(pod -> pod.getSpec().getNodeName() != null)
        .min(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .map(pod -> placed(volume, pod.getSpec().getNodeName(), views))
        .flatMap(wanted -> Commands.change(PERSISTENT_VOLUMES, volume, wanted))
        .ifPresent(result::command);
  }

  private static PersistentVolume placed(PersistentVolume volume, String node, Views views) {
    return new PersistentVolumeBuilder(volume)
        .editSpec()
        .withNewNodeAffinity()
        .withNewRequired()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey(HOSTNAME)
        .withOperator("In")
        .withValues(hostname(node, views))
        .endMatchExpression()
        .endNodeSelectorTerm()
        .endRequired()
        .endNodeAffinity()
        .endSpec()
        .build();
  }

  private static String hostname(String node, Views views) {
    return views
        .of(NODES)
        .get(node)
        .map(Node::getMetadata)
        .map(metadata -> metadata.getLabels())
        .map(labels -> labels.get(HOSTNAME))
        .orElse(node);
  }

  // --- new volumes

  private static void provision(
      PersistentVolumeClaim claim, Views views, Reconciliation.Builder result) {
    Optional<StorageClass> storageClass =
        views
            .of(STORAGE_CLASSES)
            .get(Binding.className(claim))
            .filter(found -> DRIVER.equals(found.getProvisioner()));
    Optional<String> node = Binding.annotation(claim, Binding.SELECTED_NODE);
    if (storageClass.isEmpty()
        || !Binding.volumeName(claim).isEmpty()
        || (waits(storageClass.get()) && node.isEmpty())) {
      return;
    }
    Optional<String> problem = problem(claim);
    if (problem.isPresent()) {
      result.event(
          EventRequest.warning(
              PERSISTENT_VOLUME_CLAIMS, claim, "ProvisioningFailed", problem.get()));
      return;
    }
    PersistentVolume made = volume(claim, storageClass.get());
    PersistentVolume volume = node.map(chosen -> placed(made, chosen, views)).orElse(made);
    result.command(Commands.create(PERSISTENT_VOLUMES, volume));
    result.event(
        EventRequest.normal(
            PERSISTENT_VOLUME_CLAIMS,
            claim,
            "ProvisioningSucceeded",
            "Successfully provisioned volume " + volume.getMetadata().getName()));
  }

  /** The node is the scheduler's to choose, and the volume is made there. */
  private static boolean waits(StorageClass storageClass) {
    return "WaitForFirstConsumer".equals(storageClass.getVolumeBindingMode());
  }

  private static Optional<String> problem(PersistentVolumeClaim claim) {
    if (claim.getSpec().getSelector() != null) {
      return Optional.of("a volume is made for the claim, so the claim cannot have a selector");
    }
    if ("Block".equals(claim.getSpec().getVolumeMode())) {
      return Optional.of("volumes of this class are directories, and cannot be block devices");
    }
    return ONE_NODE.containsAll(claim.getSpec().getAccessModes())
        ? Optional.empty()
        : Optional.of(
            "volumes of this class lie on one node: only the access modes "
                + String.join(" and ", ONE_NODE)
                + " are supported");
  }

  private static PersistentVolume volume(PersistentVolumeClaim claim, StorageClass storageClass) {
    var meta = claim.getMetadata();
    String name = "pvc-" + meta.getUid();
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToAnnotations(Binding.PROVISIONED_BY, DRIVER)
        .endMetadata()
        .withNewSpec()
        .withAccessModes(claim.getSpec().getAccessModes())
        .withCapacity(claim.getSpec().getResources().getRequests())
        .withVolumeMode("Filesystem")
        .withStorageClassName(storageClass.getMetadata().getName())
        .withPersistentVolumeReclaimPolicy(
            Objects.requireNonNullElse(storageClass.getReclaimPolicy(), "Delete"))
        .withNewCsi()
        .withDriver(DRIVER)
        .withVolumeHandle(name)
        .endCsi()
        .withNewClaimRef()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .endClaimRef()
        .endSpec()
        .build();
  }
}
