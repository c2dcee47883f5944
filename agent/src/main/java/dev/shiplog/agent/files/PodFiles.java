package dev.shiplog.agent.files;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node's files for its pods. Blocks; safe for use by many threads. What cannot be made is a
 * {@link dev.shiplog.agent.container.PodConfigException} and may be tried again; every call may be
 * repeated, and then brings up to date what is there.
 */
public interface PodFiles {

  /**
   * Makes the pod's volumes, or updates what ConfigMaps, Secrets, tokens and the pod's own fields
   * brought into them.
   *
   * @param podIps empty until the pod's sandbox is there
   */
  void prepareVolumes(Pod pod, List<String> podIps);

  /**
   * Whether something in the pod's volumes may change while it runs, so that it is looked after.
   */
  boolean mayChange(Pod pod);

  /** Where each of the pod's volumes lies, by its name. */
  Map<String, Path> volumes(Pod pod);

  /**
   * How full the pods' volumes are, by the pods' uids, of those for which it can be told. Takes as
   * long as a walk through their files.
   */
  Map<String, List<VolumeUse>> volumeUse(Collection<Pod> pods);

  /**
   * A path in a volume, made as a directory if nothing is there. One that leads out of the volume,
   * through links too, is refused.
   */
  Path subPath(Path volume, String subPath);

  /** The pod's own /etc/hosts. */
  Path hostsFile(Pod pod, List<String> podIps);

  /** An empty file into which one run of a container may write why it ended. */
  Path newTerminationLog(String podUid, String container, int attempt);

  /** What that run wrote, at most 4096 bytes of it; empty if nothing. */
  String terminationMessage(String podUid, String container, int attempt);

  /** Where the pod's logs lie, with a directory for each of its containers. */
  Path logDirectory(Pod pod);

  /** The uids of pods that have files here. */
  Set<String> podUids();

  /**
   * Has storage drivers take away what they mounted for the pod, none of whose containers runs, and
   * removes its volumes, with what it left in those that were its own. Its logs and last words
   * stay. Nothing happens if there is nothing.
   */
  void releaseVolumes(String podUid);

  /**
   * Removes all that belongs to the pod, its logs too. Its containers are gone; what is mounted
   * from elsewhere is unmounted, never deleted. Nothing happens if there is nothing.
   */
  void remove(String podUid);

  /**
   * Removes the directories of volumes that were made for claims and are deleted in the cluster.
   *
   * @throws dev.shiplog.agent.cluster.ClusterException if the cluster cannot be asked
   */
  void removeAbandonedVolumes();
}
