package dev.shiplog.agent.files;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.container.PodFields;
import dev.shiplog.agent.container.PodNames;
import dev.shiplog.agent.container.ResourceFields;
import dev.shiplog.agent.csi.CsiMounts;
import dev.shiplog.agent.csi.CsiVolume;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.agent.work.KeyLocks;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files in the node's data directory, for runtimes with real containers. */
public final class DirectoryPodFiles implements PodFiles {

  private static final int MAX_TERMINATION_MESSAGE = 4096;
  private static final int ANYONE_WRITES = 0777;
  private static final int ANYONE_WRITES_FILE = 0666;
  private static final int PUBLIC_FILE = 0644;

  private final NodeSettings node;
  private final PodDirectories directories;
  private final ConfigSource config;
  private final TokenSource tokens;
  private final ClaimVolumes claims;
  private final CsiMounts drivers;
  private final VolumeEntries entries;
  private final MeasuredVolumes measured;
  private final KeyLocks locks = new KeyLocks();

  /**
   * The files of a node's pods.
   *
   * @param storage the node's storage drivers
   */
  public DirectoryPodFiles(
      NodeSettings node,
      ConfigSource config,
      ClusterClient cluster,
      Timers timers,
      NodeStorage storage) {
    this.node = node;
    this.directories = new PodDirectories(node.dataDirectory(), node.podLogsDirectory());
    this.config = config;
    this.tokens = new TokenSource(cluster, timers);
    this.claims = new ClaimVolumes(node.name(), node.dataDirectory(), cluster);
    this.drivers = storage.mounts(config, tokens::token);
    this.entries = new VolumeEntries(directories);
    this.measured = new MeasuredVolumes(entries, claims::isKept, new VolumeMeter(drivers::stats));
  }

  @Override
  public void prepareVolumes(Pod pod, List<String> podIps) {
    locks.locked(
        pod.getMetadata().getUid(),
        () -> {
          VolumeEntries.of(pod).forEach(volume -> prepareOrSay(pod, podIps, volume));
          return null;
        });
  }

  private void prepareOrSay(Pod pod, List<String> podIps, Volume volume) {
    try {
      prepare(pod, podIps, volume);
    } catch (IOException | PodConfigException | ClusterException e) {
      throw new PodConfigException(
          "MountVolume.SetUp failed for volume \""
              + volume.getName()
              + "\" : "
              + DiskAccess.words(e),
          e);
    }
  }

  private void prepare(Pod pod, List<String> podIps, Volume volume) throws IOException {
    if (volume.getHostPath() != null) {
      HostPathVolume.prepare(volume.getHostPath());
      return;
    }
    Path path = entries.path(pod, volume);
    if (volume.getEmptyDir() != null) {
      prepareEmpty(path, pod, volume.getEmptyDir());
      return;
    }
    Optional<String> claim = VolumeEntries.claim(pod, volume);
    if (claim.isPresent()) {
      link(path, pod, volume, claim.get());
      return;
    }
    if (volume.getCsi() != null) {
      mount(path, pod, CsiVolume.inline(pod, volume));
      return;
    }
    Map<String, AtomicWriter.Content> contents =
        contents(pod, podIps)
            .of(volume)
            .orElseThrow(() -> new PodConfigException("this node has no such kind of volume"));
    Files.createDirectories(path);
    if (volume.getSecret() != null || volume.getProjected() != null) {
      keepOffDisk(path);
    }
    new AtomicWriter(path).write(contents, directory -> giveToGroup(directory, pod, false));
  }

  /**
   * Secrets and tokens are kept in memory, as the kubelet keeps them. A directory that is in use
   * stays what it is: what is mounted over it later, its containers would not see.
   */
  private static void keepOffDisk(Path directory) throws IOException {
    if (Mounts.arePossible() && !AtomicWriter.hasWritten(directory)) {
      Mounts.tmpfs(directory, OptionalLong.empty());
    }
  }

  private static boolean isReadOnly(Volume volume) {
    return volume.getPersistentVolumeClaim() != null
        && Boolean.TRUE.equals(volume.getPersistentVolumeClaim().getReadOnly());
  }

  /** The pod's own entry is a link, which goes with the pod; what it leads to stays. */
  private void link(Path entry, Pod pod, Volume volume, String claim) throws IOException {
    if (Files.isSymbolicLink(entry) && !VolumeEntries.isOfDriver(entry)) {
      return;
    }
    ClaimVolumes.Bound bound = claims.find(pod.getMetadata().getNamespace(), claim);
    VolumeModes.require(pod, volume.getName(), bound.isBlockDevice());
    if (bound.isOfDriver()) {
      mount(entry, pod, CsiVolume.claimed(bound.volume(), bound.claim(), isReadOnly(volume)));
      return;
    }
    ClaimVolumes.Found found = claims.prepare(bound);
    if (found.ofGroup()) {
      giveToGroup(found.path(), pod, true);
    }
    if (bound.isHostPath()) {
      entries.noteHostPath(pod, volume);
    }
    VolumeEntries.link(entry, found.path());
  }

  private void mount(Path entry, Pod pod, CsiVolume volume) throws IOException {
    Path mounted = drivers.mount(pod, volume, directory -> giveToGroup(directory, pod, true));
    if (!Files.isSymbolicLink(entry)) {
      VolumeEntries.link(entry, mounted);
    }
  }

  @Override
  public boolean mayChange(Pod pod) {
    return VolumeEntries.of(pod).stream()
        .anyMatch(volume ->
            volume.getHostPath() == null
                && volume.getEmptyDir() == null
                && (VolumeEntries.claim(pod, volume).isEmpty()
                    || VolumeEntries.isOfDriver(entries.path(pod, volume))));
  }

  @Override
  public Map<String, Path> volumes(Pod pod) {
    return VolumeEntries.of(pod).stream()
        .collect(Collectors.toMap(Volume::getName, volume -> entries.target(pod, volume)));
  }

  @Override
  public Map<String, List<VolumeUse>> volumeUse(Collection<Pod> pods) {
    return measured.use(pods);
  }

  private VolumeContents contents(Pod pod, List<String> podIps) {
    return new VolumeContents(
        config,
        tokens::token,
        new PodFields(pod, node.hostIps(), podIps),
        new ResourceFields(pod, node.allocatable()));
  }

  private static void prepareEmpty(Path path, Pod pod, EmptyDirVolumeSource source)
      throws IOException {
    boolean isNew = Files.notExists(path);
    Files.createDirectories(path);
    if ("Memory".equals(source.getMedium())) {
      Mounts.tmpfs(path, sizeLimit(source));
    }
    if (isNew) {
      Permissions.set(path, ANYONE_WRITES);
      giveToGroup(path, pod, true);
    }
  }

  private static OptionalLong sizeLimit(EmptyDirVolumeSource source) {
    return source.getSizeLimit() == null
        ? OptionalLong.empty()
        : OptionalLong.of(source.getSizeLimit().getNumericalAmount().longValue());
  }

  private static void giveToGroup(Path directory, Pod pod, boolean writable) throws IOException {
    var security = pod.getSpec().getSecurityContext();
    if (security != null && security.getFsGroup() != null) {
      boolean onlyIfNot = "OnRootMismatch".equals(security.getFsGroupChangePolicy());
      if (onlyIfNot && Permissions.isOfGroup(directory, security.getFsGroup(), writable)) {
        return;
      }
      Permissions.giveToGroup(directory, security.getFsGroup(), writable);
    }
  }

  @Override
  public Path subPath(Path volume, String subPath) {
    return SubPath.below(volume, subPath);
  }

  @Override
  public Path hostsFile(Pod pod, List<String> podIps) {
    return DiskAccess.io(() -> {
      Path file = directories.hosts(pod.getMetadata().getUid());
      Files.createDirectories(file.getParent());
      Files.writeString(file, hosts(pod, podIps));
      Permissions.set(file, PUBLIC_FILE);
      return file;
    });
  }

  private String hosts(Pod pod, List<String> podIps) throws IOException {
    if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return HostsFile.host(pod, Files.readString(Path.of("/etc/hosts")));
    }
    return HostsFile.own(
        pod, podIps, PodNames.shortName(pod), PodNames.domain(pod, node.dns().domain()));
  }

  @Override
  public Path newTerminationLog(String podUid, String container, int attempt) {
    return DiskAccess.io(() -> {
      Path file = directories.terminationLog(podUid, container, attempt);
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      Permissions.set(Files.createFile(file), ANYONE_WRITES_FILE);
      return file;
    });
  }

  @Override
  public String terminationMessage(String podUid, String container, int attempt) {
    return DiskAccess.io(() -> {
      Path file = directories.terminationLog(podUid, container, attempt);
      try (InputStream in = Files.newInputStream(file)) {
        return new String(in.readNBytes(MAX_TERMINATION_MESSAGE), StandardCharsets.UTF_8);
      } catch (NoSuchFileException e) {
        return "";
      }
    });
  }

  @Override
  public Path logDirectory(Pod pod) {
    var meta = pod.getMetadata();
    return DiskAccess.io(() -> {
      Path logs = directories.logs(meta.getNamespace(), meta.getName(), meta.getUid());
      for (String container : containers(pod)) {
        Files.createDirectories(logs.resolve(container));
      }
      return logs;
    });
  }

  @Override
  public Set<String> podUids() {
    return DiskAccess.io(directories::uids);
  }

  @Override
  public void releaseVolumes(String podUid) {
    locks.locked(
        podUid,
        () -> {
          drivers.unmountAll(podUid);
          return DiskAccess.io(() -> {
            Path volumes = directories.volumes(podUid);
            Mounts.unmountBelow(volumes);
            FileTrees.delete(volumes);
            return null;
          });
        });
  }

  @Override
  public void remove(String podUid) {
    tokens.forget(podUid);
    releaseVolumes(podUid);
    locks.locked(podUid, () -> DiskAccess.io(() -> delete(podUid)));
  }

  @Override
  public void removeAbandonedVolumes() {
    drivers.unstageAbandoned();
    DiskAccess.io(() -> {
      claims.removeAbandoned();
      return null;
    });
  }

  /**
   * Frees the memory that files of a node's pods take, when all its pods have been ended. They are
   * made anew for pods that are started again. What drivers mounted for the node stays.
   *
   * @param dataDirectory the node's
   */
  public static void freeMemory(Path dataDirectory) {
    DiskAccess.io(() -> {
      Mounts.unmountMemoryBelow(PodDirectories.pods(dataDirectory));
      return null;
    });
  }

  private Void delete(String podUid) throws IOException {
    Mounts.unmountBelow(directories.pod(podUid));
    FileTrees.delete(directories.pod(podUid));
    for (Path logs : directories.logsOf(podUid)) {
      FileTrees.delete(logs);
    }
    return null;
  }

  private static List<String> containers(Pod pod) {
    var spec = pod.getSpec();
    return Stream.of(
            spec.getInitContainers().stream().map(Container::getName),
            spec.getContainers().stream().map(Container::getName),
            spec.getEphemeralContainers().stream().map(EphemeralContainer::getName))
        .flatMap(names -> names)
        .toList();
  }
}
