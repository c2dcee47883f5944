package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The volumes pods ask for and those there are, as far as they decide on which nodes pods can run.
 * A claim that waits for its first consumer may be assumed to get a volume, or to have one made for
 * a node, between the decision on its pod and the moment that was read. Belongs to the scheduling
 * thread.
 */
public final class Volumes {

  /**
   * A PersistentVolumeClaim.
   *
   * @param volume name of the volume it is bound to; empty while it is not
   * @param storageClass empty where it names none
   * @param forOnePod true if only one pod at a time may use it (ReadWriteOncePod)
   * @param terminating true once it is being deleted
   * @param wanted what it asks of a volume
   * @param selectedNode the node for which a volume is being made; empty while for none
   */
  public record Claim(
      String uid,
      String volume,
      String storageClass,
      boolean forOnePod,
      boolean terminating,
      Wanted wanted,
      String selectedNode) {

    public boolean isBound() {
      return !volume.isEmpty();
    }
  }

  /**
   * What a claim asks of a volume.
   *
   * @param block true for a block device, false for a file system
   * @param selector of the volume's labels
   */
  public record Wanted(long bytes, Set<String> accessModes, boolean block, LabelSelector selector) {

    public Wanted {
      accessModes = Set.copyOf(accessModes);
    }

    boolean isSatisfiedBy(Offer offer) {
      return offer.bytes() >= bytes
          && offer.block() == block
          && offer.accessModes().containsAll(accessModes)
          && selector.matches(offer.labels());
    }
  }

  /**
   * A PersistentVolume.
   *
   * @param revision the revision the object was stored at
   * @param access the nodes from which it can be used
   * @param topology its labels that say in which zones and regions it lies, by key
   * @param storageClass empty where it is of none
   * @param claim the claim it is kept for ({@code namespace/name}); empty while for none
   * @param claimUid that claim's uid; empty for any of that name
   * @param terminating true once it is being deleted
   * @param driver of a CSI volume; empty for others
   * @param handle by which its driver knows it
   */
  public record Volume(
      String uid,
      long revision,
      NodeAffinity access,
      Map<String, Set<String>> topology,
      String storageClass,
      Offer offer,
      String claim,
      String claimUid,
      boolean terminating,
      String driver,
      String handle) {

    public Volume {
      topology = Map.copyOf(topology);
    }
  }

  /** What a volume has to offer; see {@link Wanted}. */
  public record Offer(
      long bytes, Set<String> accessModes, boolean block, Map<String, String> labels) {

    public Offer {
      accessModes = Set.copyOf(accessModes);
      labels = Map.copyOf(labels);
    }
  }

  /**
   * A StorageClass.
   *
   * @param waits true if its claims are bound only once a pod that uses them is scheduled
   * @param provisioner who makes volumes of the class
   * @param topologies where volumes can be made, as alternatives: labels of nodes and their values;
   *     empty for everywhere
   */
  public record StorageClass(
      boolean waits, String provisioner, List<Map<String, Set<String>>> topologies) {

    public StorageClass {
      topologies = List.copyOf(topologies);
    }

    /** Whether anybody makes volumes of it. */
    public boolean provisions() {
      return !provisioner.isEmpty() && !provisioner.equals("kubernetes.io/no-provisioner");
    }

    /** Whether a volume can be made for the node. */
    public boolean reaches(Node node) {
      return topologies.isEmpty()
          || topologies.stream()
              .anyMatch(term ->
                  term.entrySet().stream()
                      .allMatch(each ->
                          each.getValue().contains(node.labels().getOrDefault(each.getKey(), ""))));
    }
  }

  /**
   * A CSIStorageCapacity: how large a volume can be that is made for some nodes.
   *
   * @param nodes null for none
   */
  public record Capacity(String storageClass, LabelSelector nodes, long bytes) {}

  /**
   * What is assumed of a claim: it gets that volume, or one is made for the node.
   *
   * @param volume empty if one is made
   */
  public record Choice(String node, String volume) {}

  private final Map<String, Claim> claims = new HashMap<>();
  private final TreeMap<String, Volume> volumes = new TreeMap<>();
  private final Map<String, StorageClass> classes = new HashMap<>();
  private final Map<String, Capacity> capacities = new HashMap<>();
  private final Set<String> driversThatTellCapacity = new HashSet<>();
  private final Map<String, Map<String, Integer>> limits = new HashMap<>();
  private final Map<String, Choice> assumed = new HashMap<>();
  private final Set<String> assumedVolumes = new HashSet<>();

  Volumes() {}

  /** The claim of that key ({@code namespace/name}), if it exists. */
  public Optional<Claim> claim(String key) {
    return Optional.ofNullable(claims.get(key));
  }

  /** The volume of that name, if it exists. */
  public Optional<Volume> volume(String name) {
    return Optional.ofNullable(volumes.get(name));
  }

  /** The class of that name, if it exists. */
  public Optional<StorageClass> storageClass(String name) {
    return Optional.ofNullable(classes.get(name));
  }

  /** True if claims of that class are bound only once a pod that uses them is scheduled. */
  public boolean waitsForConsumer(String storageClass) {
    return storageClass(storageClass).map(StorageClass::waits).orElse(false);
  }

  /** What is assumed of a claim, if anything is. */
  public Optional<Choice> choice(String claimKey) {
    return Optional.ofNullable(assumed.get(claimKey));
  }

  /** Assumes that of a claim. */
  public void assume(String claimKey, Choice choice) {
    forget(claimKey);
    assumed.put(claimKey, choice);
    if (!choice.volume().isEmpty()) {
      assumedVolumes.add(choice.volume());
    }
  }

  /** Takes an assumption back. */
  public void forget(String claimKey) {
    Choice choice = assumed.remove(claimKey);
    if (choice != null) {
      assumedVolumes.remove(choice.volume());
    }
  }

  /**
   * Names of the volumes that would do for a claim on a node and that nobody has, smallest first,
   * then by name.
   */
  public List<String> candidates(String claimKey, Claim claim, Node node) {
    List<Map.Entry<String, Volume>> found = new ArrayList<>();
    for (Map.Entry<String, Volume> each : volumes.entrySet()) {
      Volume volume = each.getValue();
      if (volume.storageClass().equals(claim.storageClass())
          && !volume.terminating()
          && isFree(each.getKey(), volume, claimKey, claim)
          && claim.wanted().isSatisfiedBy(volume.offer())
          && volume.access().allows(node)) {
        found.add(each);
      }
    }
    found.sort(
        Map.Entry.comparingByValue((a, b) -> Long.compare(a.offer().bytes(), b.offer().bytes())));
    return found.stream().map(Map.Entry::getKey).toList();
  }

  private boolean isFree(String name, Volume volume, String claimKey, Claim claim) {
    if (volume.claim().isEmpty()) {
      return !assumedVolumes.contains(name);
    }
    return volume.claim().equals(claimKey)
        && (volume.claimUid().isEmpty() || volume.claimUid().equals(claim.uid()));
  }

  /** Whether the driver's room for new volumes is known, and must suffice. */
  public boolean tellsCapacity(String driver) {
    return driversThatTellCapacity.contains(driver);
  }

  /** Whether a volume of that size can be made for the node, by what is told of capacities. */
  public boolean hasCapacity(String storageClass, Node node, long bytes) {
    return capacities.values().stream()
        .anyMatch(each ->
            each.storageClass().equals(storageClass)
                && each.bytes() >= bytes
                && each.nodes() != null
                && each.nodes().matches(node.labels()));
  }

  /**
   * How many volumes of each driver can be attached to a node; a driver without limit is left out.
   */
  public Map<String, Integer> limitsOf(String node) {
    return limits.getOrDefault(node, Map.of());
  }

  /** Keys of the claims for which something is assumed. */
  public Collection<String> assumedClaims() {
    return Collections.unmodifiableSet(assumed.keySet());
  }

  /** Takes in a claim as it is now; null once it is gone. */
  public void putClaim(String key, Claim claim) {
    put(claims, key, claim);
  }

  /** Takes in a volume as it is now; null once it is gone. */
  public void putVolume(String name, Volume volume) {
    put(volumes, name, volume);
  }

  /** Takes in a storage class as it is now; null once it is gone. */
  public void putClass(String name, StorageClass storageClass) {
    put(classes, name, storageClass);
  }

  /** Takes in what is told of a capacity; null once it is gone. */
  public void putCapacity(String key, Capacity capacity) {
    put(capacities, key, capacity);
  }

  /** Takes in whether a driver tells its capacity. */
  public void putDriver(String name, boolean tellsCapacity) {
    if (tellsCapacity) {
      driversThatTellCapacity.add(name);
    } else {
      driversThatTellCapacity.remove(name);
    }
  }

  /** Takes in a node's limits; null once they are gone. */
  public void putLimits(String node, Map<String, Integer> byDriver) {
    put(limits, node, byDriver);
  }

  private static <T> void put(Map<String, T> map, String key, T value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }
}
