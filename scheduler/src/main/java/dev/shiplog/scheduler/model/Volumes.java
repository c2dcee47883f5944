package dev.shiplog.scheduler.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The volumes pods ask for and those there are, as far as they decide on which nodes pods can run.
 * Belongs to the scheduling thread.
 */
public final class Volumes {

  /**
   * A PersistentVolumeClaim.
   *
   * @param volume name of the volume it is bound to; empty while it is not
   * @param storageClass empty where it names none
   * @param forOnePod true if only one pod at a time may use it (ReadWriteOncePod)
   * @param terminating true once it is being deleted
   */
  public record Claim(String volume, String storageClass, boolean forOnePod, boolean terminating) {}

  /**
   * A PersistentVolume.
   *
   * @param access the nodes from which it can be used
   * @param topology its labels that say in which zones and regions it lies, by key
   */
  public record Volume(NodeAffinity access, Map<String, Set<String>> topology) {

    public Volume {
      topology = Map.copyOf(topology);
    }
  }

  private final Map<String, Claim> claims = new HashMap<>();
  private final Map<String, Volume> volumes = new HashMap<>();
  private final Set<String> waitingClasses = new HashSet<>();

  Volumes() {}

  /** The claim of that key ({@code namespace/name}), if it exists. */
  public Optional<Claim> claim(String key) {
    return Optional.ofNullable(claims.get(key));
  }

  /** The volume of that name, if it exists. */
  public Optional<Volume> volume(String name) {
    return Optional.ofNullable(volumes.get(name));
  }

  /** True if claims of that class are bound only once a pod that uses them is scheduled. */
  public boolean waitsForConsumer(String storageClass) {
    return waitingClasses.contains(storageClass);
  }

  /** Takes in a claim as it is now; null once it is gone. */
  public void putClaim(String key, Claim claim) {
    put(claims, key, claim);
  }

  /** Takes in a volume as it is now; null once it is gone. */
  public void putVolume(String name, Volume volume) {
    put(volumes, name, volume);
  }

  /** Takes in a storage class. */
  public void putClass(String name, boolean waitsForConsumer) {
    if (waitsForConsumer) {
      waitingClasses.add(name);
    } else {
      waitingClasses.remove(name);
    }
  }

  private static <T> void put(Map<String, T> map, String key, T value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }
}
