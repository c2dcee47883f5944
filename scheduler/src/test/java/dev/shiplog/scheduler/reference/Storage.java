package dev.shiplog.scheduler.reference;

import dev.shiplog.scheduler.model.Volumes.Capacity;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.model.Volumes.StorageClass;
import dev.shiplog.scheduler.model.Volumes.Volume;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What there is of volumes.
 *
 * @param claims by {@code namespace/name}
 * @param tellingDrivers the drivers that tell their capacity
 * @param limits by node, then by driver
 */
record Storage(
    Map<String, Claim> claims,
    Map<String, Volume> volumes,
    Map<String, StorageClass> classes,
    Map<String, Capacity> capacities,
    Set<String> tellingDrivers,
    Map<String, Map<String, Integer>> limits) {

  Storage() {
    this(
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>(),
        new TreeMap<>());
  }
}
