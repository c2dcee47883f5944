package dev.shiplog.scheduler.reference;

import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.StorageClass;
import dev.shiplog.scheduler.model.Volumes.Volume;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a pod's volumes let it run on a node. */
record ReferenceVolumes(World world, Storage storage) {

  boolean allow(Pod pod, Node node) {
    List<String> keys = keys(pod);
    return keys.stream().allMatch(key -> usable(key, node) && notInUse(key))
        && delayedFindVolumes(keys, node)
        && withinLimits(pod, node);
  }

  private static List<String> keys(Pod pod) {
    return pod.claims().stream().map(name -> pod.namespace() + "/" + name).toList();
  }

  private boolean usable(String key, Node node) {
    Claim claim = storage.claims().get(key);
    if (claim == null || claim.terminating()) {
      return false;
    }
    if (!claim.isBound()) {
      return waits(claim);
    }
    Volume volume = storage.volumes().get(claim.volume());
    return volume != null && volume.access().allows(node) && inZone(volume, node);
  }

  private boolean waits(Claim claim) {
    StorageClass ofClaim = storage.classes().get(claim.storageClass());
    return ofClaim != null && ofClaim.waits();
  }

  /** A node without any label of that kind may lie anywhere; an old label stands for the new. */
  private static boolean inZone(Volume volume, Node node) {
    boolean somewhere =
        node.labels().keySet().stream()
            .anyMatch(key -> key.matches(".*kubernetes.io/(zone|region)"));
    return volume.topology().entrySet().stream()
        .allMatch(label -> {
          String stable =
              label.getKey().replace("failure-domain.beta.kubernetes", "topology.kubernetes");
          String value =
              node.labels().getOrDefault(label.getKey(), node.labels().getOrDefault(stable, ""));
          return !somewhere || label.getValue().contains(value);
        });
  }

  private boolean notInUse(String key) {
    return !storage.claims().get(key).forOnePod()
        || world.pods().stream()
            .noneMatch(pod -> pod.isBound() && !pod.finished() && keys(pod).contains(key));
  }

  /** Small claims choose first, and each takes the smallest volume that is left, by size, name. */
  private boolean delayedFindVolumes(List<String> keys, Node node) {
    Set<String> taken = new HashSet<>();
    return keys.stream()
        .filter(key -> !storage.claims().get(key).isBound())
        .sorted(Comparator.comparingLong(key -> storage.claims().get(key).wanted().bytes()))
        .allMatch(key -> findsVolume(key, storage.claims().get(key), node, taken));
  }

  private boolean findsVolume(String key, Claim claim, Node node, Set<String> taken) {
    if (!claim.selectedNode().isEmpty()) {
      return claim.selectedNode().equals(node.name());
    }
    Optional<String> found =
        storage.volumes().keySet().stream()
            .filter(name -> !taken.contains(name))
            .filter(name -> suits(storage.volumes().get(name), key, claim, node))
            .min(
                Comparator.<String>comparingLong(
                        name -> storage.volumes().get(name).offer().bytes())
                    .thenComparing(name -> name));
    found.ifPresent(taken::add);
    return found.isPresent() || canBeMade(claim, node);
  }

  private static boolean suits(Volume volume, String key, Claim claim, Node node) {
    boolean free =
        volume.claim().isEmpty()
            || (volume.claim().equals(key)
                && (volume.claimUid().isEmpty() || volume.claimUid().equals(claim.uid())));
    return free
        && !volume.terminating()
        && volume.storageClass().equals(claim.storageClass())
        && volume.offer().bytes() >= claim.wanted().bytes()
        && volume.offer().block() == claim.wanted().block()
        && volume.offer().accessModes().containsAll(claim.wanted().accessModes())
        && claim.wanted().selector().matches(volume.offer().labels())
        && volume.access().allows(node);
  }

  private boolean canBeMade(Claim claim, Node node) {
    StorageClass ofClaim = storage.classes().get(claim.storageClass());
    if (ofClaim.provisioner().equals("kubernetes.io/no-provisioner")) {
      return false;
    }
    boolean reached =
        ofClaim.topologies().isEmpty()
            || ofClaim.topologies().stream().anyMatch(term -> isWithin(term, node));
    boolean room =
        !storage.tellingDrivers().contains(ofClaim.provisioner())
            || storage.capacities().values().stream()
                .filter(capacity -> capacity.storageClass().equals(claim.storageClass()))
                .filter(capacity -> capacity.nodes() != null)
                .filter(capacity -> capacity.nodes().matches(node.labels()))
                .anyMatch(capacity -> capacity.bytes() >= claim.wanted().bytes());
    return reached && room;
  }

  private static boolean isWithin(Map<String, Set<String>> term, Node node) {
    return term.entrySet().stream()
        .allMatch(each ->
            node.labels().containsKey(each.getKey())
                && each.getValue().contains(node.labels().get(each.getKey())));
  }

  /** Only drivers of which the pod brings a volume that is not on the node count. */
  private boolean withinLimits(Pod pod, Node node) {
    Map<String, Set<String>> attached = new HashMap<>();
    world.podsOn(node).forEach(other -> attach(other, attached));
    Map<String, Set<String>> wanted = new HashMap<>();
    attach(pod, wanted);
    Map<String, Integer> limits = storage.limits().getOrDefault(node.name(), Map.of());
    return wanted.keySet().stream()
        .filter(limits::containsKey)
        .allMatch(driver -> {
          Set<String> there = attached.getOrDefault(driver, Set.of());
          Set<String> all = new HashSet<>(there);
          all.addAll(wanted.get(driver));
          return all.equals(there) || all.size() <= limits.get(driver);
        });
  }

  /** What a claim without a volume will get, nobody knows: it counts as a volume of its own. */
  private void attach(Pod pod, Map<String, Set<String>> byDriver) {
    for (String key : keys(pod)) {
      Claim claim = storage.claims().get(key);
      Volume volume = claim == null ? null : storage.volumes().get(claim.volume());
      StorageClass ofClaim = claim == null ? null : storage.classes().get(claim.storageClass());
      if (volume != null && !volume.driver().isEmpty()) {
        byDriver.computeIfAbsent(volume.driver(), driver -> new HashSet<>()).add(volume.handle());
      } else if (volume == null && ofClaim != null) {
        byDriver
            .computeIfAbsent(ofClaim.provisioner(), driver -> new HashSet<>())
            .add("of claim " + key);
      }
    }
  }
}
