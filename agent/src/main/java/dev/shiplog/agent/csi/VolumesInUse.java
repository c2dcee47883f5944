package dev.shiplog.agent.csi;

import dev.shiplog.agent.node.NodeVolumes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The attached volumes that pods of the node use or are about to use. Nobody may detach one that
 * the node's status names, so a volume is used only once the status has named it. Safe for use by
 * many threads; everything is guarded by this.
 */
final class VolumesInUse implements NodeVolumes {

  private final Map<String, Set<String>> podsByVolume = new HashMap<>();
  private Set<String> reported = Set.of();
  private Runnable onChange = () -> {};

  @Override
  public synchronized void onChange(Runnable listener) {
    onChange = listener;
  }

  /** Whether the node's status names the volume; it will soon if it does not. */
  boolean use(String volume, String podUid) {
    change(() -> podsByVolume.computeIfAbsent(volume, _ -> new HashSet<>()).add(podUid));
    return isReported(volume);
  }

  private synchronized boolean isReported(String volume) {
    return reported.contains(volume);
  }

  /** The pod has given back all its volumes. */
  void release(String podUid) {
    change(() -> {
      podsByVolume.values().forEach(pods -> pods.remove(podUid));
      podsByVolume.values().removeIf(Set::isEmpty);
    });
  }

  private void change(Runnable change) {
    Runnable listener;
    synchronized (this) {
      Set<String> before = Set.copyOf(podsByVolume.keySet());
      change.run();
      listener = podsByVolume.keySet().equals(before) ? () -> {} : onChange;
    }
    listener.run();
  }

  @Override
  public synchronized List<String> inUse() {
    return podsByVolume.keySet().stream().sorted().toList();
  }

  @Override
  public synchronized void reported(Collection<String> volumes) {
    reported = Set.copyOf(volumes);
  }
}
