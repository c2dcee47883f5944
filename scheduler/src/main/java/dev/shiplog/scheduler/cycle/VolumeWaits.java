package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Volumes.Choice;
import dev.shiplog.scheduler.model.Volumes.Claim;
import dev.shiplog.scheduler.plugins.DelayedClaims;
import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pods that have a node, and wait for their claims to be bound before they are. Each claim is given
 * a volume, or a node for which a provisioner is to make one; then it is left to the controllers,
 * and read what becomes of it. Every wait has an end: all are bound, or one cannot be, or the time
 * is up. One thread.
 */
final class VolumeWaits {

  /** Pods that are bound together once the claims of all of them are. */
  private static final class Wait {
    private final Bunch bunch;
    private final long untilMs;
    private final Map<String, Choice> choices = new LinkedHashMap<>();
    private final Set<String> selected = new HashSet<>();
    private final Set<String> commands = new HashSet<>();
    private String failure = "";

    Wait(Bunch bunch, long untilMs) {
      this.bunch = bunch;
      this.untilMs = untilMs;
    }
  }

  /**
   * A wait that has ended.
   *
   * @param failure empty if all claims are bound
   */
  record Ended(Bunch bunch, String failure) {}

  private final Cluster cluster;
  private final Volumes volumes;
  private final Outbox outbox;
  private final List<Wait> waits = new ArrayList<>();
  private final Set<String> podKeys = new HashSet<>();

  VolumeWaits(Cluster cluster, Outbox outbox) {
    this.cluster = cluster;
    this.volumes = cluster.volumes();
    this.outbox = outbox;
  }

  int size() {
    return podKeys.size();
  }

  boolean contains(String podKey) {
    return podKeys.contains(podKey);
  }

  /**
   * Sees to the claims of pods that were given nodes.
   *
   * @return false if there is nothing to wait for
   */
  boolean begin(Bunch bunch, long timeoutMs, long nowMs) {
    if (bunch.pods().stream().allMatch(each -> delayed(each).isEmpty())) {
      return false;
    }
    Wait wait = new Wait(bunch, nowMs + timeoutMs);
    bunch.pods().forEach(each -> choose(each, wait));
    waits.add(wait);
    bunch.pods().forEach(each -> podKeys.add(each.key()));
    return true;
  }

  private DelayedClaims delayed(Placed placed) {
    return DelayedClaims.of(placed.pod(), volumes);
  }

  private void choose(Placed placed, Wait wait) {
    Optional<Map<String, Choice>> choices =
        cluster.node(placed.placing().node()).flatMap(node -> choices(placed, node.node()));
    if (choices.isEmpty()) {
      wait.failure = "the volumes its pods were to use are taken";
      return;
    }
    choices
        .get()
        .forEach((key, choice) -> {
          volumes.assume(key, choice);
          wait.choices.put(key, choice);
          volumes.claim(key).ifPresent(claim -> ask(key, claim, choice, wait));
        });
  }

  private Optional<Map<String, Choice>> choices(Placed placed, Node node) {
    return delayed(placed).choices(node);
  }

  private void ask(String key, Claim claim, Choice choice, Wait wait) {
    if (choice.volume().isEmpty()) {
      if (claim.selectedNode().isEmpty()) {
        wait.commands.add(outbox.selectNode(key, claim, choice.node()));
      }
      return;
    }
    volumes
        .volume(choice.volume())
        .filter(volume -> volume.claimUid().isEmpty())
        .ifPresent(
            volume -> wait.commands.add(outbox.keepVolume(choice.volume(), volume, key, claim)));
  }

  /** Takes in an outcome; those of other commands are none of its business. */
  void decided(String commandId, CommandResult result) {
    for (Wait wait : waits) {
      if (wait.commands.remove(commandId) && result.code() >= 300) {
        wait.failure = result.message();
      }
    }
  }

  /** A pod is not to be bound any more; nor are those that were to be bound with it. */
  void drop(String podKey) {
    if (podKeys.contains(podKey)) {
      waits.stream()
          .filter(wait -> wait.bunch.has(podKey))
          .forEach(wait -> wait.failure = "pod " + podKey + " has changed meanwhile");
    }
  }

  /** Takes out the waits that have ended. */
  List<Ended> ended(long nowMs) {
    if (waits.isEmpty()) {
      return List.of();
    }
    List<Ended> ended = new ArrayList<>();
    for (Iterator<Wait> all = waits.iterator(); all.hasNext(); ) {
      Wait wait = all.next();
      String failure = failure(wait, nowMs);
      if (!failure.isEmpty() || wait.choices.keySet().stream().allMatch(this::isBound)) {
        all.remove();
        wait.choices.keySet().forEach(volumes::forget);
        wait.bunch.pods().forEach(each -> podKeys.remove(each.key()));
        ended.add(new Ended(wait.bunch, failure));
      }
    }
    return ended;
  }

  private boolean isBound(String claimKey) {
    return volumes.claim(claimKey).map(Claim::isBound).orElse(false);
  }

  private String failure(Wait wait, long nowMs) {
    if (!wait.failure.isEmpty()) {
      return wait.failure;
    }
    for (Map.Entry<String, Choice> each : wait.choices.entrySet()) {
      String key = each.getKey();
      Claim claim = volumes.claim(key).orElse(null);
      if (claim == null || claim.terminating()) {
        return "persistentvolumeclaim " + key + " is gone";
      }
      if (!claim.selectedNode().isEmpty()) {
        wait.selected.add(key);
      } else if (wait.selected.contains(key) && !claim.isBound()) {
        return "provisioning failed for persistentvolumeclaim " + key;
      }
    }
    return nowMs < wait.untilMs ? "" : "the claims were not bound in time";
  }
}
