package dev.shiplog.agent.files;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.host.Poll;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.LocalVolumeSource;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The volumes behind claims: directories that this node keeps, paths of the host, local disks. A
 * volume is used if it is bound to the very claim, and lies on this node. Blocks while it asks the
 * API server; safe for use by many threads.
 */
final class ClaimVolumes {

  private static final Logger LOG = Logger.getLogger(ClaimVolumes.class);

  /**
   * The driver of volumes that are directories of a node; the provisioner of that name makes them.
   */
  private static final String LOCAL_PATH = "local-path.shiplog.dev";

  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final int ANYONE_WRITES = 0777;

  /** The provisioner places a volume as soon as the first of its pods is bound to a node. */
  private static final Duration PLACED_WITHIN = Duration.ofSeconds(3);

  private final String node;
  private final Path kept;
  private final ClusterClient cluster;

  /**
   * A node's volumes.
   *
   * @param node the node's name
   * @param data the node's data directory
   */
  ClaimVolumes(String node, Path data, ClusterClient cluster) {
    this.node = node;
    this.kept = data.resolve("local-volumes");
    this.cluster = cluster;
  }

  /**
   * What a claim leads to.
   *
   * @param ofGroup whether it can be given to the pod's group
   */
  record Found(Path path, boolean ofGroup) {}

  /** A claim with the volume that is bound to it. */
  record Bound(PersistentVolume volume, PersistentVolumeClaim claim) {

    /** Whether a storage driver is to mount it. */
    boolean isOfDriver() {
      var csi = volume.getSpec().getCsi();
      return csi != null && !csi.getDriver().equals(LOCAL_PATH);
    }

    boolean isHostPath() {
      return volume.getSpec().getHostPath() != null;
    }

    /** Whether it is a device rather than a file system. */
    boolean isBlockDevice() {
      return "Block".equals(volume.getSpec().getVolumeMode());
    }
  }

  /** Finds the volume that is bound to the claim. */
  Bound find(String namespace, String claimName) {
    PersistentVolumeClaim claim =
        cluster
            .persistentVolumeClaim(namespace, claimName)
            .orElseThrow(() ->
                new PodConfigException("persistentvolumeclaim \"" + claimName + "\" not found"));
    Bound bound = new Bound(volumeOf(claim), claim);
    if (bound.isOfDriver()) {
      requireHere(bound.volume());
    }
    return bound;
  }

  /** Makes a volume that is no driver's, if the node is to. */
  Found prepare(Bound bound) throws IOException {
    PersistentVolume volume = bound.volume();
    var spec = volume.getSpec();
    if (bound.isBlockDevice()) {
      requireHere(volume);
      return new Found(device(spec.getLocal()), false);
    }
    if (spec.getCsi() != null) {
      requireHere(placed(volume));
      return new Found(keep(spec.getCsi().getVolumeHandle()), true);
    }
    requireHere(volume);
    if (bound.isHostPath()) {
      return new Found(hostPath(spec.getHostPath()), false);
    }
    if (spec.getLocal() != null) {
      return new Found(local(Path.of(spec.getLocal().getPath())), true);
    }
    throw new PodConfigException(
        "this node has no driver for the volume " + volume.getMetadata().getName());
  }

  private PersistentVolume volumeOf(PersistentVolumeClaim claim) {
    String name = claim.getSpec().getVolumeName();
    if (name == null || name.isEmpty()) {
      throw new PodConfigException(
          "persistentvolumeclaim \"" + claim.getMetadata().getName() + "\" is not bound");
    }
    PersistentVolume volume =
        cluster
            .persistentVolume(name)
            .orElseThrow(
                () -> new PodConfigException("persistentvolume \"" + name + "\" not found"));
    var owner = volume.getSpec().getClaimRef();
    if (owner == null || !Objects.equals(owner.getUid(), claim.getMetadata().getUid())) {
      throw new PodConfigException(
          "persistentvolume \"" + name + "\" is not bound to the pod's claim");
    }
    return volume;
  }

  private PersistentVolume placed(PersistentVolume volume) {
    String name = volume.getMetadata().getName();
    PersistentVolume[] seen = {volume};
    boolean placed =
        Poll.until(
            PLACED_WITHIN,
            () -> {
              if (seen[0].getSpec().getNodeAffinity() == null) {
                seen[0] = cluster.persistentVolume(name).orElse(seen[0]);
              }
              return seen[0].getSpec().getNodeAffinity() != null;
            });
    if (!placed) {
      throw new PodConfigException(
          "persistentvolume \"" + name + "\" waits for its provisioner to place it on a node");
    }
    return seen[0];
  }

  private void requireHere(PersistentVolume volume) {
    if (!liesHere(volume)) {
      throw new PodConfigException(
          "persistentvolume \"" + volume.getMetadata().getName() + "\" lies on another node");
    }
  }

  /** The scheduler has seen to all other labels. */
  private boolean liesHere(PersistentVolume volume) {
    var affinity = volume.getSpec().getNodeAffinity();
    List<NodeSelectorTerm> terms =
        affinity == null || affinity.getRequired() == null
            ? List.of()
            : affinity.getRequired().getNodeSelectorTerms();
    return terms.isEmpty()
        || terms.stream()
            .anyMatch(term -> term.getMatchExpressions().stream().allMatch(this::holdsHere));
  }

  private boolean holdsHere(NodeSelectorRequirement requirement) {
    return !requirement.getKey().equals(HOSTNAME)
        || !requirement.getOperator().equals("In")
        || requirement.getValues().contains(node);
  }

  private Path keep(String handle) throws IOException {
    Path path = kept.resolve(handle).normalize();
    if (!kept.equals(path.getParent())) {
      throw new PodConfigException("a volume cannot have the handle \"" + handle + "\"");
    }
    if (Files.notExists(path)) {
      Files.createDirectories(path);
      Permissions.set(path, ANYONE_WRITES);
    }
    return path;
  }

  private static Path hostPath(HostPathVolumeSource source) throws IOException {
    return HostPathVolume.prepare(source);
  }

  private static Path device(LocalVolumeSource source) throws IOException {
    if (source == null) {
      throw new PodConfigException("only local volumes and those of drivers can be block devices");
    }
    Path path = Path.of(source.getPath());
    if (!HostPathVolume.isBlockDevice(path)) {
      throw new PodConfigException("the local volume's path " + path + " is not a block device");
    }
    return path;
  }

  private static Path local(Path path) {
    if (!Files.isDirectory(path)) {
      throw new PodConfigException("the local volume's path " + path + " is not a directory");
    }
    return path;
  }

  /** Whether the path is a volume that lies in a directory of this node. */
  boolean isKept(Path path) {
    return kept.equals(path.getParent());
  }

  /** Removes the directories of volumes that the cluster has no more. */
  void removeAbandoned() throws IOException {
    if (Files.notExists(kept)) {
      return;
    }
    List<Path> directories;
    try (Stream<Path> all = Files.list(kept)) {
      directories = all.toList();
    }
    for (Path directory : directories) {
      String name = directory.getFileName().toString();
      if (isGone(name)) {
        FileTrees.delete(directory);
        LOG.infof("Removed the directory of the deleted volume %s", name);
      }
    }
  }

  /** One that this node may not ask for is there, and lies elsewhere. */
  private boolean isGone(String volume) {
    try {
      return cluster.persistentVolume(volume).isEmpty();
    } catch (ClusterRefusedException e) {
      LOG.debugf("Volume %s stays: %s", volume, e.getMessage());
      return false;
    }
  }
}
