package dev.shiplog.agent.files;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.container.PodFields;
import dev.shiplog.agent.container.ResourceFields;
import dev.shiplog.agent.node.NodeSettings;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files for containers that do not exist: what pods refer to must be there, as for real ones, but
 * nothing of it is written. Only logs may be, by whoever runs the containers.
 */
public final class UnwrittenPodFiles implements PodFiles {

  private final NodeSettings node;
  private final PodDirectories directories;
  private final ConfigSource config;

  public UnwrittenPodFiles(NodeSettings node, ConfigSource config) {
    this.node = node;
    this.directories = new PodDirectories(node.dataDirectory(), node.podLogsDirectory());
    this.config = config;
  }

  @Override
  public void prepareVolumes(Pod pod, List<String> podIps) {
    for (Volume volume : pod.getSpec().getVolumes()) {
      try {
        contents(pod, podIps).of(volume);
      } catch (PodConfigException | ClusterException e) {
        throw new PodConfigException(
            "MountVolume.SetUp failed for volume \"" + volume.getName() + "\" : " + e.getMessage(),
            e);
      }
    }
  }

  private VolumeContents contents(Pod pod, List<String> podIps) {
    return new VolumeContents(
        config,
        (of, projection) -> "",
        new PodFields(pod, node.hostIps(), podIps),
        new ResourceFields(pod, node.allocatable()));
  }

  @Override
  public boolean mayChange(Pod pod) {
    return false;
  }

  @Override
  public Map<String, Path> volumes(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return pod.getSpec().getVolumes().stream()
        .collect(
            Collectors.toMap(Volume::getName, volume -> directories.volume(uid, volume.getName())));
  }

  @Override
  public Map<String, List<VolumeUse>> volumeUse(Collection<Pod> pods) {
    return Map.of();
  }

  @Override
  public Path subPath(Path volume, String subPath) {
    return volume.resolve(subPath);
  }

  @Override
  public Path hostsFile(Pod pod, List<String> podIps) {
    return directories.hosts(pod.getMetadata().getUid());
  }

  @Override
  public Path newTerminationLog(String podUid, String container, int attempt) {
    return directories.terminationLog(podUid, container, attempt);
  }

  @Override
  public String terminationMessage(String podUid, String container, int attempt) {
    return "";
  }

  @Override
  public Path logDirectory(Pod pod) {
    var meta = pod.getMetadata();
    return directories.logs(meta.getNamespace(), meta.getName(), meta.getUid());
  }

  @Override
  public Set<String> podUids() {
    return DiskAccess.io(directories::uids);
  }

  @Override
  public void removeAbandonedVolumes() {
    // None was made.
  }

  @Override
  public void releaseVolumes(String podUid) {
    // None was mounted.
  }

  @Override
  public void remove(String podUid) {
    DiskAccess.io(() -> {
      for (Path logs : directories.logsOf(podUid)) {
        FileTrees.delete(logs);
      }
      return null;
    });
  }
}
