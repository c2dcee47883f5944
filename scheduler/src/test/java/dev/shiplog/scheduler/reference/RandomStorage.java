package dev.shiplog.scheduler.reference;

import static dev.shiplog.scheduler.testing.Objects.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.scheduler.model.VolumeReader;
import dev.shiplog.scheduler.model.Volumes;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes what there is of volumes at random, in the model that is tested and for the reference. Of
 * its classes one is bound at once, and of one volumes can be made.
 */
record RandomStorage(Random random, Volumes tested, Storage storage) {

  private static final String DRIVER = "disks.example.com";

  /** Classes, a driver's room and nodes' limits: everything claims need. */
  void begin() {
    storageClass("now", "Immediate", DRIVER, "");
    storageClass("kept", "WaitForFirstConsumer", "kubernetes.io/no-provisioner", "");
    storageClass("made", "WaitForFirstConsumer", DRIVER, "");
    storageClass(
        "zonal",
        "WaitForFirstConsumer",
        DRIVER,
        "{matchLabelExpressions: [{key: 'topology.kubernetes.io/zone', values: ['a', 'b']}]}");
    for (int i = 0; i < 20; i++) {
      change();
    }
  }

  private void storageClass(String name, String mode, String provisioner, String topologies) {
    var read =
        VolumeReader.storageClass(
            json(
                "{provisioner: '%s', volumeBindingMode: '%s', allowedTopologies: [%s]}"
                    .formatted(provisioner, mode, topologies)));
    storage.classes().put(name, read);
    tested.putClass(name, read);
  }

  void change() {
    switch (random.nextInt(8)) {
      case 0 -> capacity();
      case 1 -> limits();
      case 2, 3, 4 -> volume();
      default -> claim();
    }
  }

  private void claim() {
    String key = pick("default", "other") + "/c" + random.nextInt(5);
    if (random.nextInt(8) == 0) {
      storage.claims().remove(key);
      tested.putClaim(key, null);
      return;
    }
    var read = VolumeReader.claim(randomClaim(key));
    storage.claims().put(key, read);
    tested.putClaim(key, read);
  }

  private JsonNode randomClaim(String key) {
    boolean bound = random.nextInt(3) == 0;
    return json(
        """
        {metadata: {uid: 'uid-%s', annotations: {%s} %s},
         spec: {storageClassName: '%s', volumeName: '%s', accessModes: ['%s'], %s
           resources: {requests: {storage: '%dGi'}}}, status: {phase: '%s'}}
        """
            .formatted(
                key,
                random.nextInt(8) == 0
                    ? "'volume.kubernetes.io/selected-node': 'n%d'".formatted(random.nextInt(10))
                    : "",
                random.nextInt(10) == 0 ? ", deletionTimestamp: 't'" : "",
                pick("now", "kept", "kept", "made", "zonal"),
                bound ? "v" + random.nextInt(8) : "",
                pick("ReadWriteOnce", "ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"),
                pick("", "", "selector: {matchLabels: {kind: 'fast'}},"),
                1 + random.nextInt(4),
                bound ? "Bound" : "Pending"));
  }

  private void volume() {
    String name = "v" + random.nextInt(8);
    if (random.nextInt(8) == 0) {
      storage.volumes().remove(name);
      tested.putVolume(name, null);
      return;
    }
    var read = VolumeReader.volume(randomVolume(name));
    storage.volumes().put(name, read);
    tested.putVolume(name, read);
  }

  private JsonNode randomVolume(String name) {
    return json(
        """
        {metadata: {uid: 'uid-%1$s', labels: {kind: '%2$s' %3$s}},
         spec: {storageClassName: '%4$s', capacity: {storage: '%5$dGi'}, %6$s
           accessModes: ['ReadWriteOnce', '%7$s'] %8$s %9$s}}
        """
            .formatted(
                name,
                pick("fast", "slow"),
                pick(
                    "",
                    "",
                    ", 'topology.kubernetes.io/zone': 'a__b'",
                    ", 'failure-domain.beta.kubernetes.io/zone': 'a'",
                    ", 'topology.kubernetes.io/region': 'r'"),
                pick("kept", "kept", "made"),
                1 + random.nextInt(4),
                pick("", "", "claimRef: {namespace: 'default', name: 'c1'},"),
                pick("ReadWriteMany", "ReadWriteOncePod"),
                pick("", ", csi: {driver: '%s', volumeHandle: '%s'}".formatted(DRIVER, name)),
                pick("", nearDisk())));
  }

  private static String nearDisk() {
    return """
    , nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [
      {key: 'disk', operator: 'In', values: ['ssd']}]}]}}
    """;
  }

  private void capacity() {
    boolean tells = random.nextBoolean();
    tested.putDriver(DRIVER, tells);
    storage.tellingDrivers().clear();
    storage.tellingDrivers().addAll(tells ? List.of(DRIVER) : List.of());
    String name = pick("made", "zonal");
    var read =
        VolumeReader.capacity(
            json(
                "{storageClassName: '%s', capacity: '%dGi', nodeTopology: {matchLabels: {disk: '%s'}}}"
                    .formatted(name, 1 + random.nextInt(4), pick("ssd", "hdd"))));
    storage.capacities().put(name, read);
    tested.putCapacity(name, read);
  }

  private void limits() {
    String node = "n" + random.nextInt(10);
    Map<String, Integer> limits = Map.of(DRIVER, 1 + random.nextInt(3));
    storage.limits().put(node, limits);
    tested.putLimits(node, limits);
  }

  private String pick(String... options) {
    return options[random.nextInt(options.length)];
  }
}
