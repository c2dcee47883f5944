package dev.shiplog.agent.csi;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.csi.grpc.Csi.NodePublishVolumeRequest;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.Csi.NodeUnpublishVolumeRequest;
import dev.shiplog.agent.host.Poll;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.work.KeyLocks;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has drivers mount volumes for pods, and take them away again. Blocks while drivers and the API
 * server are asked; safe for use by many threads: one at a time is about one volume. What does not
 * work out is a {@link PodConfigException}; every call may be repeated.
 *
 * <p>What was asked of a driver is written down before, so that a later agent can undo it. Whether
 * it succeeded is known only to the agent that asked: a new one asks again, which costs a driver
 * nothing where all is in place, and mends what a reboot of the machine took away.
 */
public final class CsiMounts {

  /** The node's status is written as soon as a volume is in use that it does not name. */
  private static final Duration REPORTED_WITHIN = Duration.ofSeconds(3);

  private final CsiPaths paths;
  private final Drivers drivers;
  private final VolumesInUse inUse;
  private final ClusterClient cluster;
  private final Attachments attachments;
  private final VolumeContext context;
  private final Staging staging;
  private final Expansion expansion;
  private final KeyLocks locks = new KeyLocks();
  private final Set<Path> published = ConcurrentHashMap.newKeySet();

  CsiMounts(
      CsiPaths paths,
      Drivers drivers,
      VolumesInUse inUse,
      ClusterClient cluster,
      Attachments attachments,
      VolumeContext context) {
    this.paths = paths;
    this.drivers = drivers;
    this.inUse = inUse;
    this.cluster = cluster;
    this.attachments = attachments;
    this.context = context;
    staging = new Staging(paths, context);
    expansion = new Expansion(cluster.storage(), context);
  }

  /** Whether a path is one of those where drivers mount a volume for a pod. */
  public static boolean isTarget(Path path) {
    return CsiPaths.isTarget(path);
  }

  /** Gives what is below a directory to the pod's group. */
  @FunctionalInterface
  public interface GroupOwner {
    void give(Path directory) throws IOException;
  }

  /**
   * Has the volume mounted for the pod, or brings up to date what is mounted.
   *
   * @param groupOwner called once for a volume that the pod's group is to own
   * @return where it is mounted
   */
  public Path mount(Pod pod, CsiVolume volume, GroupOwner groupOwner) {
    return locks.locked(volume.uniqueName(), () -> io(() -> mountAlone(pod, volume, groupOwner)));
  }

  private Path mountAlone(Pod pod, CsiVolume volume, GroupOwner groupOwner) throws IOException {
    Driver driver = drivers.require(volume.driver());
    DriverTraits traits =
        new DriverTraits(volume.driver(), cluster.storage().csiDriver(volume.driver()));
    Path directory = paths.podVolume(pod.getMetadata().getUid(), volume.specName());
    Path target = CsiPaths.target(directory);
    boolean isNew = !published.contains(target);
    if (isNew) {
      require(pod, volume, traits);
    }
    if (isNew || traits.requiresRepublish()) {
      publish(pod, volume, driver, traits);
    }
    if (isNew) {
      if (traits.givesToGroup(volume) && !driver.can(RPC.Type.VOLUME_MOUNT_GROUP)) {
        groupOwner.give(target);
      }
      published.add(target);
    }
    expansion.fillIfGrown(volume, driver, pod, target, staging.path(volume, driver));
    return target;
  }

  private void require(Pod pod, CsiVolume volume, DriverTraits traits) throws IOException {
    traits.requireMode(volume);
    String podUid = pod.getMetadata().getUid();
    if (volume.accessMode().equals("ReadWriteOncePod")
        && staging.isUsed(volume.uniqueName(), podUid)) {
      throw new PodConfigException(
          "volume uses the ReadWriteOncePod access mode and is already in use by another pod");
    }
    if (isAttached(volume, traits)) {
      requireReported(volume, podUid);
    }
  }

  private static boolean isAttached(CsiVolume volume, DriverTraits traits) {
    return !volume.isEphemeral() && traits.attachRequired();
  }

  private void requireReported(CsiVolume volume, String podUid) {
    if (!Poll.until(REPORTED_WITHIN, () -> inUse.use(volume.uniqueName(), podUid))) {
      throw new PodConfigException(
          "volume %s waits for the node's status to tell that it is in use"
              .formatted(volume.handle()));
    }
  }

  private void publish(Pod pod, CsiVolume volume, Driver driver, DriverTraits traits)
      throws IOException {
    boolean attached = isAttached(volume, traits);
    Map<String, String> attachment = attached ? attachments.require(volume) : Map.of();
    NodePublishVolumeRequest.Builder request =
        NodePublishVolumeRequest.newBuilder()
            .setVolumeId(volume.handle())
            .putAllPublishContext(attachment)
            .setVolumeCapability(Capabilities.of(volume, pod, driver))
            .setReadonly(volume.readOnly())
            .putAllSecrets(context.secrets(volume.publishSecret()))
            .putAllVolumeContext(context.of(pod, volume, traits));
    VolumeRecord record = VolumeRecord.of(volume, attached);
    Path directory = paths.podVolume(pod.getMetadata().getUid(), volume.specName());
    record.write(directory);
    staging
        .stage(volume, record, driver, pod, attachment)
        .ifPresent(path -> request.setStagingTargetPath(path.toString()));
    driver.publish(request.setTargetPath(CsiPaths.target(directory).toString()).build());
  }

  /** How full a volume is that is mounted there for a pod, if its driver tells. */
  public Optional<FsStats> stats(Path target) {
    return new VolumeFill(paths, drivers).of(target);
  }

  /** Has everything taken away that was mounted for the pod; its containers are gone. */
  public void unmountAll(String podUid) {
    io(() -> {
      for (Path directory : paths.volumesOf(podUid)) {
        unmount(directory);
      }
      return null;
    });
    inUse.release(podUid);
  }

  private void unmount(Path directory) throws IOException {
    var record = VolumeRecord.read(directory);
    if (record.isEmpty()) {
      VolumeRecord.remove(directory);
      return;
    }
    locks.locked(record.get().key(), () -> io(() -> unmountAlone(directory, record.get())));
  }

  private Void unmountAlone(Path directory, VolumeRecord record) throws IOException {
    Driver driver = drivers.require(record.driver());
    Path target = CsiPaths.target(directory);
    driver.unpublish(
        NodeUnpublishVolumeRequest.newBuilder()
            .setVolumeId(record.handle())
            .setTargetPath(target.toString())
            .build());
    published.remove(target);
    removeEmpty(target);
    VolumeRecord.remove(directory);
    staging.unstageIfUnused(record, driver);
    return null;
  }

  /** Drivers are to remove it, but many leave it empty. */
  static void removeEmpty(Path mountPoint) throws IOException {
    try {
      Files.deleteIfExists(mountPoint);
    } catch (DirectoryNotEmptyException e) {
      throw new PodConfigException(mountPoint + " is not empty after it was unmounted", e);
    }
  }

  /** Takes away what was staged for pods of which an agent that died knew the end. */
  public void unstageAbandoned() {
    io(() -> {
      for (Path directory : paths.allStaged()) {
        var record = VolumeRecord.read(directory);
        if (record.isPresent()) {
          String key = record.get().key();
          locks.locked(key, () -> io(() -> unstage(record.get())));
        }
      }
      return null;
    });
  }

  private Void unstage(VolumeRecord record) throws IOException {
    staging.unstageIfUnused(record, drivers.require(record.driver()));
    return null;
  }

  /** Something on the disk. */
  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException;
  }

  private static <T> T io(Action<T> action) {
    try {
      return action.run();
    } catch (IOException | UncheckedIOException e) {
      throw new PodConfigException(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
